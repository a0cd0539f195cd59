import { spawn } from "node:child_process";

/** Milliseconds until a program on this machine is ended. */
const LIMIT = 6_000;

export interface Work {
  command: string;
  args: string[];
  input: string;
  cwd?: string;
  /** Given what the program writes as it comes; `end` ends it early. */
  out: (text: string, end: () => void) => void;
  /** Calls `end` where nobody waits for it any more; what it returns is called when the program is over. */
  cancelled?: (end: () => void) => () => void;
}

/** How a program on this machine came out. `missing`: there is no such interpreter. */
export type Came = "ended" | "late" | "missing";

/** Runs a learner's own interpreter with an environment that holds nothing of the editor's but where programs are. */
export function interpret({ command, args, input, cwd, out, cancelled }: Work): Promise<Came> {
  return new Promise((resolve) => {
    const env = { PATH: process.env["PATH"] ?? "", ELECTRON_RUN_AS_NODE: "1" };
    const child = spawn(command, args, {
      stdio: ["pipe", "pipe", "ignore"],
      env,
      ...(cwd === undefined ? {} : { cwd }),
    });
    let late = false;
    const end = () => child.kill("SIGKILL");
    const limit = setTimeout(() => {
      late = true;
      end();
    }, LIMIT);
    const over = cancelled?.(end);
    const came = (how: Came) => {
      clearTimeout(limit);
      over?.();
      resolve(how);
    };
    child.on("error", () => came("missing"));
    child.on("close", () => came(late ? "late" : "ended"));
    child.stdout.setEncoding("utf8").on("data", (text: string) => out(text, end));
    child.stdin.on("error", () => undefined);
    child.stdin.end(input);
  });
}
