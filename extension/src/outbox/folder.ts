import { readdir, rename, rm, stat } from "node:fs/promises";
import path from "node:path";
import { Journal } from "./journal";

const NAME = /^(\d+)-[\w-]+\.jsonl$/;

/**
 * One learner's journals: each window writes its own, named after its process. What a window that is gone left behind
 * is taken over by the next that looks; taking over is a rename, so only one can.
 */
export class JournalFolder {
  constructor(
    private readonly folder: string,
    private readonly window: string,
    private readonly pid = process.pid,
    private readonly alive: (pid: number) => boolean = running,
  ) {}

  /** A folder that cannot be written makes no error here: the journal has it as its `problem`. */
  own(): Promise<Journal> {
    return Journal.open(path.join(this.folder, `${this.pid}-${this.window}.jsonl`));
  }

  /** Moves what ended windows left into `own`. Returns how many events that were. */
  async adopt(own: Journal): Promise<number> {
    let adopted = 0;
    for (const name of await this.names()) {
      const owner = Number(NAME.exec(name)?.[1]);
      if (!owner || (owner === this.pid ? name.includes(this.window) : this.alive(owner))) continue;
      const taken = path.join(this.folder, `${name}.${this.pid}-${this.window}.taken`);
      try {
        await rename(path.join(this.folder, name), taken);
      } catch {
        continue; // another window was first
      }
      adopted += await this.move(taken, own);
    }
    for (const name of await this.names()) {
      const taker = Number(/\.(\d+)-[\w-]+\.taken$/.exec(name)?.[1]);
      if (taker && taker !== this.pid && !this.alive(taker))
        adopted += await this.move(path.join(this.folder, name), own);
    }
    return adopted;
  }

  private names(): Promise<string[]> {
    return readdir(this.folder).catch(() => []);
  }

  /** What was left goes only when all of it is in `own`, on disk; else it is taken over again by the next window. */
  private async move(file: string, own: Journal): Promise<number> {
    if (!(await stat(file).catch(() => null))) return 0;
    const left = await Journal.open(file);
    const events = left.pending();
    await Promise.all(events.map((event) => own.put(event)));
    await left.close();
    // Where it cannot be removed it is sent again by the next window, which the server knows by the ids.
    if (own.problem === null) await rm(file, { force: true }).catch(() => undefined);
    return events.length;
  }
}

/** Whether a process lives (signal 0 asks without disturbing it). */
function running(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
