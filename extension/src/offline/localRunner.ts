import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { setTimeout as pause } from "node:timers/promises";
import type { Context } from "../context";
import type { GoalRun } from "../testing/run";
import javascript from "./cases.cjs";
import python from "./cases.py";
import { judge, judgeable, type Observed } from "./judge";

/** Milliseconds the server has for its first word before this machine judges too. */
const HEAD_START = 250;
/** Milliseconds until a program on this machine is ended. */
const LIMIT = 6_000;

/**
 * Visible cases on the learner's own machine, with their own interpreter, in a workspace they trust: at once where the
 * server is away. It is no sandbox and claims nothing: verdicts are provisional, and the server's replaces them.
 */
export class LocalRunner {
  constructor(private readonly context: Context) {}

  /** Judges beside the server where the settings want it. Returns whether anything was judged. */
  async beside(run: GoalRun, code: string, progress: () => void): Promise<boolean> {
    const wish = this.context.config.localRuns;
    if (wish === "never") return false;
    const online = this.context.learner?.live.line.state === "open";
    if (wish === "auto" && online) {
      await Promise.race([pause(HEAD_START), run.ended]);
      if (run.tally.seen > 0) return false;
    }
    const cases = run.detail.cases.filter((one) => judgeable(one, run.detail.language));
    if (cases.length === 0 || run.token.isCancellationRequested) return false;
    const byId = new Map(cases.map((one) => [one.id, one]));
    const file = run.where.file.fsPath;
    let judged = false;
    await this.each(run.detail.language, JSON.stringify({ code, file, cases }), run, (seen) => {
      const one = byId.get(seen.id);
      if (!one) return;
      judged = true;
      run.guess(judge(one, seen));
      progress();
    });
    return judged;
  }

  private each(language: string, order: string, run: GoalRun, take: (seen: Observed) => void): Promise<void> {
    const command: [string, string[]] =
      language === "python"
        ? [this.context.config.python, ["-I", "-c", python]]
        : [process.execPath, ["-e", javascript]];
    return new Promise((resolve) => {
      const env = { PATH: process.env["PATH"] ?? "", ELECTRON_RUN_AS_NODE: "1" };
      const child = spawn(...command, {
        stdio: ["pipe", "pipe", "ignore"],
        env,
        timeout: LIMIT,
        killSignal: "SIGKILL",
      });
      const cancelled = run.token.onCancellationRequested(() => child.kill("SIGKILL"));
      child.on("error", (error) => this.context.log.info(`no run on this machine: ${error.message}`));
      child.on("close", () => {
        cancelled.dispose();
        resolve();
      });
      createInterface({ input: child.stdout }).on("line", (line) => {
        try {
          take(JSON.parse(line) as Observed);
        } catch {
          return; // the learner's program wrote past our capture
        }
      });
      child.stdin.on("error", () => undefined);
      child.stdin.end(order);
    });
  }
}
