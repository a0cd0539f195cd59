import * as vscode from "vscode";
import type { Context } from "../context";
import { Disposables, Signal } from "../disposable";
import type { Folders } from "../goals/folders";
import type { StoredOf } from "../protocol/cloudevent";
import type { FeedbackGiven, RungView } from "../protocol/generated";
import type { GoalTests } from "../testing/goalTests";

/** What was said about a goal's code: the latest feedback and the rungs opened, also where the server is away. */
export class Feedback extends Disposables {
  readonly onChange = new Signal<string>();
  readonly latest = new Map<string, FeedbackGiven>();
  private readonly marks: vscode.DiagnosticCollection;

  constructor(
    private readonly context: Context,
    private readonly folders: Folders,
    private readonly tests: GoalTests,
  ) {
    super();
    this.marks = this.add(vscode.languages.createDiagnosticCollection("goals"));
    this.add(
      context.onStored.on((event) => {
        if (event.type === "goals.feedback.given") void this.given(event);
        if (event.type === "goals.hint.given") this.onChange.fire(event.data.goal);
      }),
    );
    this.add(tests.onBegin.on((run) => this.clear(run.detail.goal)));
    this.add(tests.onElsewhere.on((goal) => this.clear(goal)));
    this.add(
      context.onLearner.on((learner) => {
        if (!learner) this.forget();
        learner?.add(learner.state.onGoal.on((goal) => this.onChange.fire(goal)));
      }),
    );
    const quick = { providedCodeActionKinds: [vscode.CodeActionKind.QuickFix] };
    this.add(
      vscode.languages.registerCodeActionsProvider(
        { pattern: "**/*" },
        { provideCodeActions: (document, _range, around) => this.fixes(document, around) },
        quick,
      ),
    );
  }

  hints(goal: string): RungView[] {
    return this.context.learner?.state.rungs(goal) ?? [];
  }

  /** The highest rung opened, here or on another machine. */
  rung(goal: string): number {
    return Math.max(this.hints(goal).at(-1)?.rung ?? 0, this.context.learner?.state.goal(goal)?.hints ?? 0);
  }

  clear(goal: string): void {
    this.latest.delete(goal);
    const where = this.folders.where(goal);
    if (where) this.marks.delete(where.file);
    this.onChange.fire(goal);
  }

  /** Of a run that another has followed it comes too late. */
  private async given({ data }: StoredOf<"goals.feedback.given">): Promise<void> {
    if (!this.tests.judged.latest(data.goal, data.run)) return;
    this.latest.set(data.goal, data);
    this.onChange.fire(data.goal);
    if (!data.line || !(await this.tests.judged.ofFile(data.goal, data.run))) return;
    const where = this.folders.where(data.goal);
    if (!where || this.latest.get(data.goal) !== data || !this.context.config.inlineFeedback(where.file)) return;
    const at = new vscode.Position(data.line - 1, 0);
    const range = new vscode.Range(at, at.translate(0, 400));
    const mark = new vscode.Diagnostic(range, data.text, vscode.DiagnosticSeverity.Information);
    mark.source = "Goals";
    if (data.cause) mark.code = data.cause;
    this.marks.set(where.file, [mark]);
  }

  private fixes(document: vscode.TextDocument, around: vscode.CodeActionContext): vscode.CodeAction[] {
    const where = this.folders.of(document.uri);
    const ours = around.diagnostics.filter((one) => one.source === "Goals");
    if (!where || ours.length === 0) return [];
    const action = (title: string, command: string) => {
      const made = new vscode.CodeAction(title, vscode.CodeActionKind.QuickFix);
      made.command = { title, command, arguments: [where.goal] };
      made.diagnostics = ours;
      return made;
    };
    const lesson = action(vscode.l10n.t("Open the lesson where this is explained"), "goals.openLesson");
    lesson.isPreferred = true;
    return [lesson, action(vscode.l10n.t("Ask for a hint"), "goals.hint")];
  }

  private forget(): void {
    this.latest.clear();
    this.marks.clear();
  }
}
