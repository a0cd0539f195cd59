import { createHash } from "node:crypto";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { digest, read, type Source, sync } from "../../src/lake/copy";
import { copyFolder } from "../../src/lake/place";
import type { CopyFile, CopyManifest } from "../../src/protocol/generated";

let folder: string;
beforeEach(async () => (folder = await mkdtemp(path.join(tmpdir(), "copy-"))));
afterEach(() => rm(folder, { recursive: true }));
const now = () => new Date("2026-11-23T12:00:00Z");

function file(path: string, text: string): CopyFile & { text: string } {
  const sha256 = createHash("sha256").update(text).digest("hex");
  const [dataset = "", name = ""] = path.split("/");
  return { dataset, part: name.slice(0, 7), path, rows: 1, bytes: text.length, sha256, url: `http://x/${path}`, text };
}

/** A server with these files; `over` changes what it says of them. */
function server(files: (CopyFile & { text: string })[], over: Partial<CopyManifest> = {}): Source {
  const bare = files.map((one) => ({ ...one, text: undefined }));
  const manifest = {
    schema: 1,
    learner: "l-1",
    timezone: "UTC",
    change: files.length,
    position: 9,
    whole: true,
    files: bare,
    gone: [],
    digest: digest(bare),
    expires: "2026-11-23T12:15:00Z",
    ...over,
  };
  return {
    manifest: (_after, etag) => Promise.resolve(etag === manifest.digest ? null : { manifest, etag: manifest.digest }),
    fetch: (url) => Promise.resolve(Buffer.from(files.find((one) => one.url === url)?.text ?? "")),
  };
}

it("brings every file, checked, and then the record that names them", async () => {
  await sync(
    folder,
    "http://s",
    server([file("attempts/2026-10-1.parquet", "a"), file("mood/2026-1.parquet", "b")]),
    now,
  );
  const record = await read(folder);
  expect(record?.files.map((one) => one.path)).toEqual(["attempts/2026-10-1.parquet", "mood/2026-1.parquet"]);
  expect(await readFile(path.join(folder, "mood/2026-1.parquet"), "utf8")).toBe("b");
});

it("fetches nothing where nothing has changed, and again what was damaged on the disk", async () => {
  const source = server([file("attempts/2026-10-1.parquet", "a")]);
  await sync(folder, "http://s", source, now);
  let fetched = 0;
  const counting = { ...source, fetch: (url: string) => (fetched++, source.fetch(url)) };
  await sync(folder, "http://s", counting, now);
  expect(fetched).toBe(0);
  await writeFile(path.join(folder, "attempts/2026-10-1.parquet"), "damaged");
  await sync(folder, "http://s", { ...counting, manifest: () => source.manifest(0, "") }, now);
  expect(fetched).toBe(1);
});

it("leaves the copy as it was where a file comes damaged", async () => {
  await sync(folder, "http://s", server([file("attempts/2026-10-1.parquet", "a")]), now);
  const source = server([file("attempts/2026-10-2.parquet", "b")]);
  await expect(
    sync(folder, "http://s", { ...source, fetch: () => Promise.resolve(Buffer.from("evil")) }, now),
  ).rejects.toThrow("damaged");
  expect((await read(folder))?.files[0]?.path).toBe("attempts/2026-10-1.parquet");
});

it("takes no path that leads out of the copy", async () => {
  await expect(sync(folder, "http://s", server([file("../evil/2026-10.parquet", "a")]), now)).rejects.toThrow(
    "no file of a copy",
  );
});

it("keeps what was replaced for those who read it, and drops at once what has ended", async () => {
  await sync(
    folder,
    "http://s",
    server([file("attempts/2026-10-1.parquet", "a"), file("mood/2026-111.parquet", "b")]),
    now,
  );
  const gone = [{ dataset: "mood", part: "2026-11" }];
  await sync(folder, "http://s", server([file("attempts/2026-10-2.parquet", "c")], { gone }), now);
  expect((await readdir(path.join(folder, "attempts"))).sort()).toEqual(["2026-10-1.parquet", "2026-10-2.parquet"]);
  expect(await readdir(path.join(folder, "mood"))).toEqual([]);
});

it("lies where the command line keeps it", () => {
  expect(copyFolder("http://127.0.0.1:8080", "l-1", "/base")).toBe("/base/127.0.0.1-8080/l-1");
  expect(() => copyFolder("http://x", "../y", "/base")).toThrow("no learner's id");
});
