import * as vscode from "vscode";
import { complain } from "../complaint";
import type { Context } from "../context";
import { Disposables } from "../disposable";
import { said } from "../said";
import type { RunView } from "../protocol/generated";
import type { GoalFolder } from "./folders";
import type { History } from "./history";
import { last, standing } from "./versions";

/**
 * Code that was run on another machine: it is taken over where nothing has changed here since, and offered where both
 * have. What it takes the place of is put away.
 */
export class Newer extends Disposables {
  private readonly met = new Set<string>();
  private readonly offered = new Set<string>();
  private readonly asking = new Set<string>();
  /** Of each goal the last comparison: one begins when the one before has taken over what it does. */
  private readonly turns = new Map<string, Promise<unknown>>();

  constructor(
    private readonly context: Context,
    private readonly history: History,
  ) {
    super();
    this.add(
      context.onLearner.on(() => {
        this.met.clear();
        this.offered.clear();
      }),
    );
  }

  /** Code is run from here. */
  ran(goal: string, code: string): void {
    this.context.learner?.state.agree(goal, code, this.context.now());
  }

  /** The first time that the goal's code is looked at. */
  async once(where: GoalFolder): Promise<void> {
    if (this.context.learner && !this.met.has(where.goal)) await this.meet(where);
  }

  /** Whether the file holds, in the end, what was run last; also where that cannot be known. */
  async meet(where: GoalFolder): Promise<boolean> {
    this.met.add(where.goal);
    const turn = (this.turns.get(where.goal) ?? Promise.resolve()).then(() => this.compared(where));
    this.turns.set(
      where.goal,
      turn.catch(() => undefined),
    );
    try {
      return await turn;
    } catch (error) {
      this.context.log.info(`newest code of ${where.goal}: ${said(error)}`);
      return true;
    }
  }

  private async compared(where: GoalFolder): Promise<boolean> {
    const { api, state } = this.context.require();
    const detail = state.goal(where.goal) ?? (await state.goalDetail(where.goal));
    const [{ runs }, agreed] = await Promise.all([api.runs(where.goal), state.agreed(where.goal)]);
    const [here, newest] = [await textOf(where), last(runs)];
    if (here === null || !newest) return true;
    const stands = standing({ here, starter: detail.starter, agreed, runs });
    if (stands === "same") state.agree(where.goal, newest.code, new Date(newest.at));
    if (stands === "behind") return this.take(where, here, newest);
    if (stands === "apart")
      void this.offer(where, detail.title, newest).catch((error: unknown) => complain(this.context, error));
    return stands === "same";
  }

  /** Unless something was typed meanwhile. As another program writes: nothing was typed here, and nothing is run. */
  private async take(where: GoalFolder, here: string, { code, at }: RunView): Promise<boolean> {
    await this.history.putAway(where, here);
    const document = open(where);
    if ((await textOf(where)) !== here) return false;
    if (document?.isDirty) {
      const edit = new vscode.WorkspaceEdit();
      edit.replace(where.file, new vscode.Range(0, 0, document.lineCount, 0), code);
      await vscode.workspace.applyEdit(edit);
    } else await vscode.workspace.fs.writeFile(where.file, Buffer.from(code, "utf8"));
    this.context.learner?.state.agree(where.goal, code, new Date(at));
    return true;
  }

  /** Once for each such code, one question at a time, and only where the file is open. */
  private async offer(where: GoalFolder, title: string, newest: RunView): Promise<void> {
    if (!open(where) || this.asking.has(where.goal) || this.offered.has(newest.run)) return;
    this.asking.add(where.goal);
    this.offered.add(newest.run);
    const [take, compare] = [vscode.l10n.t("Take Over"), vscode.l10n.t("Compare")];
    const words = vscode.l10n.t("“{0}” was changed here, and run with other code elsewhere since.", title);
    const chosen = await vscode.window.showInformationMessage(words, take, compare);
    this.asking.delete(where.goal);
    if (chosen === undefined) return;
    const { runs } = await this.context.require().api.runs(where.goal); // it may have been run again since
    const [here, latest] = [await textOf(where), last(runs) ?? newest];
    if (chosen === take && here !== null) await this.take(where, here, latest);
    if (chosen === compare) await this.history.compare(where, latest.code, new Date(latest.at), title);
  }
}

function open(where: GoalFolder): vscode.TextDocument | undefined {
  return vscode.workspace.textDocuments.find((one) => one.uri.toString() === where.file.toString());
}

/** The learner's code; null where there is none. Another window may have saved what a clean editor has yet to read. */
async function textOf(where: GoalFolder): Promise<string | null> {
  const document = open(where);
  if (document?.isDirty) return document.getText();
  const bytes = await Promise.resolve(vscode.workspace.fs.readFile(where.file)).catch(() => null);
  return bytes === null || bytes.includes(0) ? null : Buffer.from(bytes).toString("utf8");
}
