import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as pause } from "node:timers/promises";

const running = new Set<ChildProcess>();
// A test that failed on its way must leave nothing behind.
process.once("exit", () => {
  for (const { pid } of running) if (pid !== undefined) kill(pid, "SIGTERM");
});

/** A whole group; one that has ended meanwhile is no error. */
function kill(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch {
    return;
  }
}

/** A program of its own process group, so that what it starts ends with it. One that ends by itself is told of. */
export class Program {
  private asked = false;

  private constructor(
    private readonly child: ChildProcess,
    readonly output: string[],
  ) {}

  static start(command: string, args: string[], options: { cwd?: string; env?: NodeJS.ProcessEnv } = {}): Program {
    const child = spawn(command, args, { ...options, detached: true, stdio: ["ignore", "pipe", "pipe"] });
    running.add(child);
    child.once("exit", () => running.delete(child));
    const output: string[] = [];
    for (const stream of [child.stdout, child.stderr])
      stream.on("data", (data: Buffer) => output.push(data.toString()));
    const program = new Program(child, output);
    child.once("exit", (code, signal) => {
      if (!program.asked) console.error(`${command} has ended (${code ?? signal}):\n${program.last}`);
    });
    return program;
  }

  private get last(): string {
    return this.output.join("").slice(-2_000);
  }

  /** Until `url` answers. Raises with the program's last words where it does not. */
  async answers(url: string, seconds = 90): Promise<void> {
    const end = Date.now() + seconds * 1_000;
    while (Date.now() < end) {
      if (this.child.exitCode !== null) break;
      if (
        await fetch(url).then(
          (reply) => reply.ok,
          () => false,
        )
      )
        return;
      await pause(100);
    }
    throw new Error(`${url} does not answer:\n${this.last}`);
  }

  /** Ends the whole group; resolves when the program is gone. */
  async end(signal: NodeJS.Signals = "SIGTERM"): Promise<void> {
    this.asked = true;
    if (this.child.exitCode !== null || this.child.signalCode !== null || this.child.pid === undefined) return;
    const { pid } = this.child;
    const gone = once(this.child, "exit");
    const late = setTimeout(() => kill(pid, "SIGKILL"), 15_000);
    kill(pid, signal);
    await gone;
    clearTimeout(late);
  }
}
