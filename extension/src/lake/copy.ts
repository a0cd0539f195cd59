import { createHash, randomBytes } from "node:crypto";
import { mkdir, open, readdir, readFile, rename, rm } from "node:fs/promises";
import path from "node:path";
import type { CopyFile, CopyManifest } from "../protocol/generated";

export const RECORD = "copy.json";
/** Seconds for which a reader may still be busy with a file that was replaced. */
const GRACE = 600;
const TRIES = 3;
const PATH = /^[a-z_]{1,40}\/[A-Za-z0-9][A-Za-z0-9.-]{0,120}\.parquet$/;

type File = Omit<CopyFile, "url">;

/** `copy.json`, as docs/lake.md says and the command line writes it. */
export interface Snapshot {
  format: "goals.copy";
  schema: 1;
  server: string;
  learner: string;
  timezone: string;
  change: number;
  position: number;
  synced: string;
  files: File[];
  etag: string;
  leaving: Record<string, number>;
}

export interface Source {
  /** The manifest after a change; null where the ETag still holds. */
  manifest(after: number, etag: string): Promise<{ manifest: CopyManifest; etag: string } | null>;
  /** Raises where the address has run out: then the manifest is asked for again. */
  fetch(url: string): Promise<Uint8Array>;
}

/** Brings the learner's copy up to date. Readers have one state of all datasets: `copy.json` is replaced at the end. */
export async function sync(folder: string, server: string, source: Source, now: () => Date): Promise<Snapshot> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  let have = await whole(folder);
  for (let left = TRIES; left > 0; left--) {
    const told = await source.manifest(have?.change ?? 0, have?.etag ?? "");
    if (told === null && have) return have;
    if (told === null) continue;
    const next = applied(have, told.manifest, told.etag, server, now());
    if (next === null) {
      have = null; // ours and the server's have come apart: from the beginning
      continue;
    }
    if (!(await fetched(folder, told.manifest.files, source))) continue;
    await write(folder, next);
    await sweep(folder, new Set([...next.files.map((file) => file.path), ...Object.keys(next.leaving)]));
    return next;
  }
  throw new Error("the copy does not come to what the server says it should");
}

export async function read(folder: string): Promise<Snapshot | null> {
  try {
    const told = JSON.parse(await readFile(path.join(folder, RECORD), "utf8")) as Snapshot;
    const { format, schema }: { format: string; schema: number } = told;
    return format === "goals.copy" && schema === 1 && told.files.every(sound) ? told : null;
  } catch {
    return null; // none yet, or another version's: made anew
  }
}

/** SHA-256 over `path sha256\n` of each file, in the order of paths. */
export function digest(files: readonly File[]): string {
  const hash = createHash("sha256");
  const sorted = [...files].sort((a, b) => (a.path < b.path ? -1 : 1));
  for (const file of sorted) hash.update(`${file.path} ${file.sha256}\n`);
  return hash.digest("hex");
}

/** What the copy becomes; null where that is not what the server says a copy holds. */
function applied(have: Snapshot | null, told: CopyManifest, etag: string, server: string, at: Date): Snapshot | null {
  const key = ({ dataset, part }: { dataset: string; part: string }) => `${dataset}/${part}`;
  const parts = new Map(told.whole ? [] : have?.files.map((file) => [key(file), file]));
  for (const gone of told.gone) parts.delete(key(gone));
  for (const file of told.files) {
    if (!sound(file))
      throw new Error(`${file.path.slice(0, 120)} is no file of a copy: the extension is too old for its server`);
    parts.set(key(file), kept(file));
  }
  const files = [...parts.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
  if (digest(files) !== told.digest) return null;
  const { learner, timezone, change, position } = told;
  const leaving = left(have, files, new Set(told.gone.map(key)), at.getTime() / 1_000);
  return {
    format: "goals.copy",
    schema: 1,
    server,
    learner,
    timezone,
    change,
    position,
    synced: at.toISOString(),
    files,
    etag,
    leaving,
  };
}

function kept({ dataset, part, path: where, rows, bytes, sha256 }: CopyFile): File {
  return { dataset, part, path: where, rows, bytes, sha256 };
}

/** What was replaced stays for those who read it; what has ended (a consent withdrawn) goes at once. */
function left(have: Snapshot | null, files: File[], gone: Set<string>, now: number): Record<string, number> {
  const present = new Set(files.map((file) => file.path));
  const earlier = Object.entries(have?.leaving ?? {}).filter(([, since]) => now - since >= 0 && now - since < GRACE);
  const replaced = (have?.files ?? []).filter(({ dataset, part }) => !gone.has(`${dataset}/${part}`));
  const all = [...earlier, ...replaced.map((file): [string, number] => [file.path, now])];
  const ended = [...gone].map((key) => `${key}-`);
  return Object.fromEntries(
    all.filter(([name]) => !present.has(name) && !ended.some((start) => name.startsWith(start))),
  );
}

/** Fetches what is missing, each file checked before it is in its place. False where an address has run out. */
async function fetched(folder: string, files: readonly CopyFile[], source: Source): Promise<boolean> {
  for (const file of files) {
    const place = path.join(folder, file.path);
    if (await arrived(place, file.sha256)) continue;
    const bytes = await source.fetch(file.url).catch(() => null);
    if (bytes === null) return false;
    if (createHash("sha256").update(bytes).digest("hex") !== file.sha256) throw new Error(`${file.path} came damaged`);
    await mkdir(path.dirname(place), { recursive: true, mode: 0o700 });
    await replace(place, bytes);
  }
  return true;
}

async function whole(folder: string): Promise<Snapshot | null> {
  const have = await read(folder);
  if (!have) return null;
  for (const file of have.files) if (!(await arrived(path.join(folder, file.path), file.sha256))) return null;
  return have;
}

const write = (folder: string, snapshot: Snapshot): Promise<void> =>
  replace(path.join(folder, RECORD), Buffer.from(JSON.stringify(snapshot, null, 1)));

async function replace(place: string, bytes: Uint8Array): Promise<void> {
  const fresh = path.join(path.dirname(place), `.${path.basename(place)}.${randomBytes(6).toString("hex")}`);
  try {
    const handle = await open(fresh, "wx", 0o600);
    await handle.writeFile(bytes);
    await handle.sync();
    await handle.close();
    await rename(fresh, place);
  } finally {
    await rm(fresh, { force: true });
  }
}

async function sweep(folder: string, keep: ReadonlySet<string>): Promise<void> {
  const names = await readdir(folder, { recursive: true });
  for (const name of names) {
    const own = name.split(path.sep).join("/");
    if (own.endsWith(".parquet") && own.split("/").length === 2 && !keep.has(own))
      await rm(path.join(folder, name), { force: true });
  }
}

async function arrived(place: string, sha256: string): Promise<boolean> {
  const bytes = await readFile(place).catch(() => null);
  return bytes !== null && createHash("sha256").update(bytes).digest("hex") === sha256;
}

function sound(file: File): boolean {
  return PATH.test(file.path) && /^[0-9a-f]{64}$/.test(file.sha256);
}
