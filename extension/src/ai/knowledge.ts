import * as vscode from "vscode";
import type { Context } from "../context";
import type { Feedback } from "../feedback/feedback";
import type { Opening } from "../goals/open";
import type { GoalDetail, RunView } from "../protocol/generated";
import { text } from "../testing/cases";

/**
 * What an assistant may know of a goal: what the learner sees, and no more. There is no reference solution on this
 * machine, hidden cases are only counted, and of the hints those that were opened.
 */
export class Knowledge {
  constructor(
    private readonly context: Context,
    private readonly opening: Opening,
    private readonly feedback: Feedback,
  ) {}

  /** The goal that is meant: named (id or title), or the one in front of the learner. Raises where there is none. */
  async goal(named?: string): Promise<GoalDetail> {
    const state = this.context.require().state;
    const goals = (await state.need("daily"))?.goals ?? [];
    const wanted = named?.trim().toLowerCase();
    const found = wanted
      ? goals.find((one) => one.goal === wanted || one.title.toLowerCase().includes(wanted))
      : undefined;
    const goal = found?.goal ?? (wanted ? undefined : (this.opening.current()?.goal ?? goals[0]?.goal));
    if (goal === undefined) throw new Error(vscode.l10n.t("No goal of today is called like that."));
    return state.goalDetail(goal);
  }

  async today(): Promise<string> {
    const daily = await this.context.require().state.need("daily");
    const rows = daily?.goals.map(
      (goal) => `- ${goal.title} (${goal.kind}, ${goal.minutes} min, ${goal.state}): ${goal.because}`,
    );
    return rows && rows.length > 0 ? rows.join("\n") : vscode.l10n.t("No goals for today yet.");
  }

  async lastRun(goal: string): Promise<RunView | undefined> {
    const { runs } = await this.context.require().api.runs(goal);
    return runs[0];
  }

  /** What failed last and what was said to it, in words. */
  async failure(goal: GoalDetail): Promise<string> {
    const run = await this.lastRun(goal.goal);
    if (!run) return vscode.l10n.t("It has not been run yet.");
    const standing = vscode.l10n.t("{0} of {1} cases", run.passed, run.total);
    const failing = run.cases.map((one) =>
      one.visible
        ? `- \`${text(one.input)}\` → \`${text(one.expected)}\`, ${vscode.l10n.t("got")} \`${text(one.got) || text(one.error)}\``
        : `- ${vscode.l10n.t("a hidden case")}`,
    );
    const latest = this.feedback.latest.get(goal.goal);
    const said = [...(latest ? [latest] : []), ...goal.feedback].find((one) => one.run === run.run)?.text;
    return [standing, ...failing, ...(said ? ["", said] : [])].join("\n");
  }

  hints(goal: string): string {
    const hints = this.feedback.hints(goal).map(({ rung, text: words }) => `${rung}. ${words}`);
    return hints.join("\n\n");
  }
}
