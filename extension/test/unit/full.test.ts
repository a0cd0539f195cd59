import { execFileSync, spawn } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { build } from "esbuild";
import { afterEach, beforeEach, expect, it } from "vitest";
import { JournalFolder } from "../../src/outbox/folder";
import { Journal } from "../../src/outbox/journal";
import { edited } from "./builders";

interface Told {
  told: (string | null)[];
  durable: string[];
  pending: number;
}

let folder: string;
beforeEach(async () => (folder = await mkdtemp(path.join(tmpdir(), "full-"))));
afterEach(() => rm(folder, { recursive: true }));

/** A program whose files may have `kib` KiB (RLIMIT_FSIZE): the kernel refuses the rest in the middle of a line. */
async function limited(file: string, kib: number) {
  const outfile = path.join(folder, "filling.mjs");
  const entry = path.join(import.meta.dirname, "filling.ts");
  await build({ entryPoints: [entry], outfile, bundle: true, platform: "node", format: "esm", logLevel: "error" });
  const child = spawn("bash", ["-c", `ulimit -S -f ${kib}; exec "$0" "$@"`, process.execPath, outfile, file], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    ask: async (order: string): Promise<Told> => {
      child.stdin.write(`${order}\n`);
      return JSON.parse(String((await lines.next()).value)) as Told;
    },
    room: () => execFileSync("prlimit", ["--pid", String(child.pid), "--fsize=unlimited"]),
    kill: () => new Promise((resolve) => (child.on("exit", resolve), child.kill("SIGKILL"))),
  };
}

const ids = (journal: Journal) => journal.pending().map((event) => event.id);

it("loses nothing that was written when the disk is full, and writes the rest when there is room", async () => {
  const file = path.join(folder, "j.jsonl");
  const program = await limited(file, 4);
  const before = await program.ask("5");
  expect(before.told).toEqual([]);
  const full = await program.ask("30");
  expect(full.told).toHaveLength(1);
  expect(full.told[0]).toMatch(/EFBIG/);
  expect(full.pending).toBe(35);
  const other = await Journal.open(file); // as after a crash now: what was written before is there
  expect(ids(other).slice(0, 5)).toEqual(before.durable);
  await other.close();
  program.room();
  const after = await program.ask("again");
  expect(after.told).toEqual([expect.stringMatching(/EFBIG/), null]);
  expect(after.durable).toHaveLength(35);
  await program.ask("1");
  await program.kill();
  const left = await Journal.open(file);
  expect(ids(left).sort()).toEqual(Array.from({ length: 36 }, (_, n) => `e-${n + 1}`).sort());
  await left.close();
}, 60_000);

it("begins in memory where its folder cannot be made, says so, and goes to the disk once it can", async () => {
  const place = path.join(folder, "learner");
  await writeFile(place, "a file where the folder should be");
  const windows = new JournalFolder(path.join(place, "outbox"), "w", 5, () => false);
  const journal = await windows.own();
  expect(journal.problem).toBeInstanceOf(Error);
  await journal.put(edited("a"));
  expect(ids(journal)).toEqual(["a"]);
  expect(await windows.adopt(journal)).toBe(0);
  await rm(place);
  await journal.again();
  expect(journal.problem).toBeNull();
  expect(await readFile(path.join(place, "outbox", "5-w.jsonl"), "utf8")).toContain('"a"');
  await journal.close();
});

it("leaves what another window left where it is, as long as its own journal cannot be written", async () => {
  const place = path.join(folder, "outbox");
  await mkdir(place);
  await writeFile(path.join(place, "2-gone.jsonl"), `${JSON.stringify({ put: edited("left") })}\n`);
  await mkdir(path.join(place, "5-w.jsonl")); // a folder where the journal should be
  const windows = new JournalFolder(place, "w", 5, () => false);
  const own = await windows.own();
  expect(await windows.adopt(own)).toBe(1);
  expect(ids(own)).toEqual(["left"]);
  await own.close();
  await rm(path.join(place, "5-w.jsonl"), { recursive: true });
  const next = new JournalFolder(place, "x", 6, () => false);
  const taken = await next.own();
  await next.adopt(taken);
  expect(ids(taken)).toEqual(["left"]);
  await taken.close();
});
