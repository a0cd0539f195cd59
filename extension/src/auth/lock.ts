import { mkdir, open, rm, stat, utimes } from "node:fs/promises";
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";

/** Milliseconds after which a lock file is of a window that was killed. */
const STALE = 20_000;

/** One at a time over all windows of this machine, by a file that only one can create; in this window by a chain. */
export function exclusive(file: string, stale = STALE): <T>(work: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const turn = last.then(() => locked(file, stale, work));
    last = turn.catch(() => undefined);
    return turn;
  };
}

async function locked<T>(file: string, stale: number, work: () => Promise<T>): Promise<T> {
  await mkdir(path.dirname(file), { recursive: true });
  for (;;) {
    try {
      await (await open(file, "wx", 0o600)).close();
      break;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") break; // a disk that refuses locks must not lock out
      const found = await stat(file).catch(() => null);
      if (found && Date.now() - found.mtimeMs > stale) await rm(file, { force: true });
      else await pause(50);
    }
  }
  // Work that takes long is not of a window that was killed.
  const alive = setInterval(() => void utimes(file, new Date(), new Date()).catch(() => undefined), stale / 4);
  try {
    return await work();
  } finally {
    clearInterval(alive);
    await rm(file, { force: true });
  }
}
