import * as vscode from "vscode";
import type { Context } from "../context";
import { Disposables, Signal } from "../disposable";
import type { Folders } from "../goals/folders";
import type { StoredOf } from "../protocol/cloudevent";
import type { FeedbackGiven, HintGiven } from "../protocol/generated";
import type { GoalTests } from "../testing/goalTests";

type Hints = Pick<HintGiven, "rung" | "text" | "left">[];

/** What was said about a goal's code: the latest feedback and the rungs opened, also where the server is away. */
export class Feedback extends Disposables {
  readonly onChange = new Signal<string>();
  readonly latest = new Map<string, FeedbackGiven>();
  private readonly rungs = new Map<string, Hints>();
  private readonly marks: vscode.DiagnosticCollection;

  constructor(
    private readonly context: Context,
    private readonly folders: Folders,
    tests: GoalTests,
  ) {
    super();
    this.marks = this.add(vscode.languages.createDiagnosticCollection("goals"));
    this.add(
      context.onStored.on((event) => {
        if (event.type === "goals.feedback.given") this.given(event);
        if (event.type === "goals.hint.given") this.hinted(event.data);
      }),
    );
    this.add(tests.onBegin.on((run) => this.clear(run.detail.goal)));
    this.add(tests.onElsewhere.on((goal) => this.clear(goal)));
    this.add(context.onLearner.on((learner) => !learner && this.forget()));
    const quick = { providedCodeActionKinds: [vscode.CodeActionKind.QuickFix] };
    this.add(
      vscode.languages.registerCodeActionsProvider(
        { pattern: "**/*" },
        { provideCodeActions: (document, _range, around) => this.fixes(document, around) },
        quick,
      ),
    );
  }

  hints(goal: string): Hints {
    const kept = this.rungs.get(goal) ?? this.context.extension.globalState.get<Hints>(this.key(goal)) ?? [];
    this.rungs.set(goal, kept);
    return kept;
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

  private given({ data }: StoredOf<"goals.feedback.given">): void {
    this.latest.set(data.goal, data);
    const where = this.folders.where(data.goal);
    if (where && data.line && this.context.config.inlineFeedback(where.file)) {
      const at = new vscode.Position(data.line - 1, 0);
      const mark = new vscode.Diagnostic(
        new vscode.Range(at, at.translate(0, 400)),
        data.text,
        vscode.DiagnosticSeverity.Information,
      );
      mark.source = "Goals";
      if (data.cause) mark.code = data.cause;
      this.marks.set(where.file, [mark]);
    }
    this.onChange.fire(data.goal);
  }

  private hinted({ goal, rung, text, left }: HintGiven): void {
    const others = this.hints(goal).filter((one) => one.rung !== rung);
    const all = [...others, { rung, text, left }].sort((a, b) => a.rung - b.rung);
    this.rungs.set(goal, all);
    void this.context.extension.globalState.update(this.key(goal), all);
    this.onChange.fire(goal);
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
    this.rungs.clear();
    this.marks.clear();
  }

  private key(goal: string): string {
    return `goals.hints.${this.context.learner?.session.id}.${goal}`;
  }
}
