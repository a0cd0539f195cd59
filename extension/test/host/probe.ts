import { readdir, readFile, rm } from "node:fs/promises";
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import type * as VSCode from "vscode";

/** What the other extension (`probe/`) of one extension host does for a test. */
export class Probe {
  private constructor(private readonly port: number) {}

  /** Of the extension host that has most lately begun to listen in `folder`. */
  static async find(folder: string): Promise<Probe> {
    for (let tries = 600; tries > 0; tries--) {
      const [name] = await readdir(folder).catch(() => []);
      const told = name === undefined ? "" : await readFile(path.join(folder, name), "utf8");
      if (name !== undefined && told !== "") {
        await rm(path.join(folder, name)); // the next one is another's
        if (!/^\d+$/.test(told)) throw new Error(`the probe does not begin: ${told}`);
        return new Probe(Number(told));
      }
      await pause(100);
    }
    throw new Error("the probe does not listen");
  }

  /** Runs `work` in the extension host; it sees nothing but its arguments. */
  async run<A extends unknown[], T>(work: (vscode: typeof VSCode, ...args: A) => T, ...args: A): Promise<Awaited<T>> {
    const body = JSON.stringify({ source: work.toString(), args });
    const reply = await fetch(`http://127.0.0.1:${this.port}`, { method: "POST", body });
    const { value, error } = (await reply.json()) as { value: Awaited<T>; error?: string };
    if (error !== undefined) throw new Error(error);
    return value;
  }
}
