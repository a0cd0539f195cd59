import { setTimeout as pause } from "node:timers/promises";
import type { Context } from "../context";
import type { GoalRun } from "../testing/run";
import javascript from "./cases.cjs";
import python from "./cases.py";
import { interpret } from "./interpreter";
import { judge, judgeable, type Observed } from "./judge";

/** Milliseconds the server has for its first word before this machine judges too. */
const HEAD_START = 250;

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

  private async each(language: string, order: string, run: GoalRun, take: (seen: Observed) => void): Promise<void> {
    const [command, args]: [string, string[]] =
      language === "python"
        ? [this.context.config.python, ["-I", "-c", python]]
        : [process.execPath, ["-e", javascript]];
    let rest = "";
    const came = await interpret({
      command,
      args,
      input: order,
      out: (text) => {
        const lines = (rest + text).split("\n");
        rest = lines.pop() ?? "";
        for (const line of lines) observed(line, take);
      },
      cancelled: (end) => {
        const listening = run.token.onCancellationRequested(end);
        return () => void listening.dispose();
      },
    });
    if (came === "missing") this.context.log.info(`no run on this machine: ${command} was not found`);
  }
}

function observed(line: string, take: (seen: Observed) => void): void {
  try {
    take(JSON.parse(line) as Observed);
  } catch {
    return; // the learner's program wrote past our capture
  }
}
