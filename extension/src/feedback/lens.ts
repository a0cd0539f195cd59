import * as vscode from "vscode";
import type { Context } from "../context";
import { Disposables } from "../disposable";
import { entryLine } from "../goals/files";
import type { Folders } from "../goals/folders";
import type { GoalTests } from "../testing/goalTests";
import type { Feedback } from "./feedback";

const RUNGS = 5;
const SHORT = 60;

/** Above the function to write: how far it is, and what one can do next. */
export class Lens extends Disposables implements vscode.CodeLensProvider {
  private readonly changed = this.add(new vscode.EventEmitter<void>());
  readonly onDidChangeCodeLenses = this.changed.event;

  constructor(
    private readonly context: Context,
    private readonly folders: Folders,
    private readonly tests: GoalTests,
    private readonly feedback: Feedback,
  ) {
    super();
    const again = () => this.changed.fire();
    this.add(folders.onChange.on(again));
    this.add(tests.onBegin.on(again));
    this.add(tests.onEnd.on(again));
    this.add(feedback.onChange.on(again));
    this.add(context.onLearner.on(again));
    this.add(vscode.languages.registerCodeLensProvider({ pattern: "**/*" }, this));
  }

  provideCodeLenses(document: vscode.TextDocument): vscode.CodeLens[] {
    const where = this.folders.of(document.uri);
    const learner = this.context.learner;
    if (!where || !learner || !this.context.config.codeLens(document.uri)) return [];
    const goal = learner.state.goal(where.goal);
    const at = goal ? entryLine(document.getText(), goal.entry) : 0;
    const range = new vscode.Range(at, 0, at, 0);
    const lens = (title: string, command: string) =>
      new vscode.CodeLens(range, { title, command, arguments: [where.goal] });
    const given = this.feedback.rung(where.goal);
    const next = Math.min(given + 1, RUNGS);
    const said = this.feedback.latest.get(where.goal)?.text;
    return [
      lens(this.standing(where.goal), "goals.run"),
      lens(`$(check) ${vscode.l10n.t("Submit")}`, "goals.submit"),
      lens(
        `$(lightbulb) ${given < RUNGS ? vscode.l10n.t("Hint {0} of {1}", next, RUNGS) : vscode.l10n.t("Hints")}`,
        "goals.hint",
      ),
      lens(`$(mortar-board) ${vscode.l10n.t("Lesson")}`, "goals.openLesson"),
      ...(said === undefined ? [] : [lens(`$(comment) ${short(said)}`, "goals.showStatement")]),
    ];
  }

  private standing(goal: string): string {
    if (this.tests.running(goal)) return `$(sync~spin) ${vscode.l10n.t("Running")}`;
    const last = this.tests.last.get(goal);
    if (!last) return `$(play) ${vscode.l10n.t("Run")}`;
    const sign = last.passed === last.total ? "$(pass-filled)" : "$(play)";
    const cases = vscode.l10n.t("{0} of {1} cases", last.passed, last.total);
    return last.provisional ? `$(debug-disconnect) ${cases} · ${vscode.l10n.t("provisional")}` : `${sign} ${cases}`;
  }
}

function short(text: string): string {
  const line = text.replace(/\s+/g, " ").trim();
  return line.length > SHORT ? `${line.slice(0, SHORT)}…` : line;
}
