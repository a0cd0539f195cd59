import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import path from "node:path";

/** What the server said last, as files of one learner: what an editor without a network shows. */
export class Cache {
  private closed = false;
  private turn = Promise.resolve();

  constructor(private readonly folder: string) {}

  /** Nothing is written any more, once this resolves: whoever it was for has left. */
  close(): Promise<void> {
    this.closed = true;
    return this.turn;
  }

  async read(name: string): Promise<string | null> {
    return readFile(this.file(name), "utf8").catch(() => null);
  }

  async readJson<T>(name: string): Promise<T | null> {
    const text = await this.read(name);
    try {
      return text === null ? null : (JSON.parse(text) as T);
    } catch {
      return null; // torn: the server is asked again
    }
  }

  /**
   * Whole or not at all: written beside and renamed; one after another, so that what is there is what was said last. A
   * full disk costs only the offline copy.
   */
  write(name: string, text: string): Promise<void> {
    return (this.turn = this.turn.then(() => this.put(this.file(name), text)));
  }

  private async put(file: string, text: string): Promise<void> {
    if (this.closed) return;
    const draft = `${file}.${process.pid}.new`;
    try {
      await mkdir(this.folder, { recursive: true, mode: 0o700 });
      await writeFile(draft, text, { mode: 0o600 });
      await rename(draft, file);
    } catch {
      return;
    }
  }

  /** Keeps the `most` files that were written last. */
  async prune(most: number): Promise<void> {
    const names = await readdir(this.folder).catch(() => []);
    if (names.length <= most) return;
    const files = await Promise.all(
      names.map(async (name) => {
        const file = path.join(this.folder, name);
        return { file, at: (await stat(file).catch(() => null))?.mtimeMs ?? 0 };
      }),
    );
    files.sort((a, b) => b.at - a.at);
    await Promise.all(files.slice(most).map(({ file }) => rm(file, { force: true })));
  }

  private file(name: string): string {
    return path.join(this.folder, name.replace(/[^\w.-]/g, "_"));
  }
}
