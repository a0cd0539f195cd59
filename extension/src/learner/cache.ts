import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import path from "node:path";

/** What the server said last, as files of one learner: what an editor without a network shows. */
export class Cache {
  constructor(private readonly folder: string) {}

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

  /** Whole or not at all: written beside and renamed. A full disk costs only the offline copy. */
  async write(name: string, text: string): Promise<void> {
    const file = this.file(name);
    const draft = `${file}.${process.pid}.new`;
    try {
      await mkdir(this.folder, { recursive: true, mode: 0o700 });
      await writeFile(draft, text, { mode: 0o600 });
      await rename(draft, file);
    } catch {
      return;
    }
  }

  async clear(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }

  private file(name: string): string {
    return path.join(this.folder, name.replace(/[^\w.-]/g, "_"));
  }
}
