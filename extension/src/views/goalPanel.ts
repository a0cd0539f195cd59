import * as vscode from "vscode";
import type { Context } from "../context";
import { said } from "../said";
import { Disposables } from "../disposable";
import type { Feedback } from "../feedback/feedback";
import type { Folders, GoalFolder } from "../goals/folders";
import type { GoalDetail } from "../protocol/generated";
import { HIDDEN } from "../testing/cases";
import type { GoalTests } from "../testing/goalTests";
import type { GoalRun } from "../testing/run";
import type { FromPage, GoalPage, ToPage } from "../webview/messages";
import { Blocks } from "./blocks";
import { load } from "./loading";
import { frame, icons } from "./page";
import { Posting } from "./posting";

interface Page {
  goal: string;
  tab: "task" | "lesson";
  lesson: string | null;
  anchor: string | null;
  asked: number;
}

/** What says that the place in the lesson may be another: the server has seen why the last run failed, or that none did. */
const PLACED = new Set<string>(["goals.lesson.written", "goals.feedback.given", "goals.message.withheld"]);

/** The page beside the code: the task with its cases, what was said of it, the rungs opened, and the lesson. */
export class GoalPanel extends Disposables {
  private panel: vscode.WebviewPanel | null = null;
  private page: Page | null = null;
  private ready = false;
  private loads = 0;
  /** What makes pages of Markdown; loaded with the first of them, and not when the editor starts. */
  private markdown: typeof import("./markdown") | null = null;
  private readonly code: Blocks;
  private readonly posting = this.add(
    new Posting<GoalPage>(
      () => this.shows(),
      (changed) => void this.panel?.webview.postMessage({ kind: "goal", changed } satisfies ToPage),
    ),
  );

  constructor(
    private readonly context: Context,
    private readonly folders: Folders,
    private readonly tests: GoalTests,
    private readonly feedback: Feedback,
  ) {
    super();
    this.code = new Blocks(context, () => {
      const { page } = this;
      return (output) => page === this.page && void this.panel?.webview.postMessage(output);
    });
    this.add(tests.onBegin.on((run) => this.again(run.detail.goal)));
    this.add(tests.onProgress.on((run: GoalRun) => this.again(run.detail.goal)));
    this.add(tests.onEnd.on(({ goal }) => this.again(goal)));
    this.add(feedback.onChange.on((goal) => this.again(goal)));
    this.add(
      context.onStored.on(({ type, data }) => {
        if (PLACED.has(type) && "goal" in data && data.goal === this.page?.goal) void this.reload();
      }),
    );
    this.add(
      context.onLearner.on((learner) => {
        if (learner) void this.reload();
        else this.panel?.dispose();
      }),
    );
    this.add({ dispose: () => void this.panel?.dispose() });
  }

  get shown(): GoalFolder | undefined {
    return this.panel?.active && this.page ? this.folders.where(this.page.goal) : undefined;
  }

  async show(goal: string, tab: "task" | "lesson" = "task"): Promise<void> {
    this.markdown ??= await import("./markdown");
    const panel = this.panel ?? this.create();
    if (this.page?.goal !== goal) this.page = { goal, tab, lesson: null, anchor: null, asked: 0 };
    this.page.tab = tab;
    if (tab === "lesson") this.page.asked += 1;
    panel.reveal(panel.viewColumn ?? vscode.ViewColumn.Beside, true);
    await this.reload();
  }

  /** Another goal's editor came to the front: an open page goes with it. */
  follow(goal: string): void {
    if (!this.panel?.visible || this.page?.goal === goal) return;
    this.page = { goal, tab: "task", lesson: null, anchor: null, asked: 0 };
    void this.reload();
  }

  private create(): vscode.WebviewPanel {
    const root = this.context.extension.extensionUri;
    const options = { enableScripts: true, localResourceRoots: [vscode.Uri.joinPath(root, "dist", "webview")] };
    const where = { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true };
    const panel = vscode.window.createWebviewPanel("goals.goal", vscode.l10n.t("Goal"), where, options);
    panel.iconPath = icons(root);
    panel.webview.onDidReceiveMessage((message: FromPage) => void this.heard(message));
    panel.onDidDispose(() => (this.panel = null));
    panel.onDidChangeViewState(() => this.posting.ask());
    this.ready = false;
    load(panel, () => frame(panel.webview, root, "goal.js", vscode.l10n.t("Goal")));
    this.panel = panel;
    return panel;
  }

  private async heard(message: FromPage): Promise<void> {
    const page = this.page;
    if (!page) return;
    if (message.type === "ready") this.ready = true;
    else if (message.type === "command") await vscode.commands.executeCommand(`goals.${message.command}`, page.goal);
    else if (message.type === "tab") this.turned(page, message.tab);
    else if ("block" in message) await this.tried(page, message);
    if (message.type === "ready") this.posting.afresh();
  }

  /** The page has turned to a tab by itself. */
  private turned(page: Page, tab: Page["tab"]): void {
    page.tab = tab;
    this.posting.ask();
  }

  /** The task's own examples call what the learner is writing; a lesson stands for itself. */
  private async tried(page: Page, message: Extract<FromPage, { block: number }>): Promise<void> {
    const detail = this.context.learner?.state.goal(page.goal);
    const { blocks } = await import("./markdown");
    const task = blocks(detail?.statement ?? "");
    const from = task.length;
    if (message.block >= from) await this.code.heard(message, blocks(page.lesson ?? ""), { from });
    else await this.code.heard(message, task, { program: detail?.entry ? await this.written(page.goal) : "" });
  }

  /** The learner's code as it stands in the editor. */
  private async written(goal: string): Promise<string> {
    const where = this.folders.where(goal);
    return where ? (await vscode.workspace.openTextDocument(where.file)).getText() : "";
  }

  private async reload(): Promise<void> {
    const page = this.page;
    const learner = this.context.learner;
    if (!page || !learner) return;
    const load = ++this.loads;
    this.posting.ask();
    try {
      const detail = await learner.state.goalDetail(page.goal);
      this.posting.ask();
      const lesson = await learner.state.lesson(detail.page.concept, page.goal);
      if (load !== this.loads) return; // asked for again since
      Object.assign(page, { lesson, anchor: detail.page.anchor });
      this.posting.ask();
    } catch (error) {
      this.context.log.info(`page of ${page.goal}: ${said(error)}`);
    }
  }

  private again(goal: string): void {
    if (goal === this.page?.goal) this.posting.ask();
  }

  /** What the page should show now; null while nobody looks. */
  private shows(): GoalPage | null {
    const { page, panel, markdown } = this;
    const detail = page && this.context.learner?.state.goal(page.goal);
    if (!panel || !markdown || !detail || !this.ready || !panel.visible) return null;
    panel.title = detail.title;
    return this.model(page, detail, markdown);
  }

  private model(page: Page, detail: GoalDetail, { html, inline }: typeof import("./markdown")): GoalPage {
    const last = this.tests.last.get(page.goal);
    const provisional = last?.provisional ? ` · ${vscode.l10n.t("provisional, judged on this machine")}` : "";
    return {
      goal: page.goal,
      title: detail.title,
      because: detail.because,
      facts: [vscode.l10n.t("{0} min", detail.minutes), kindWord(detail.kind)],
      tab: page.tab,
      anchor: page.anchor,
      asked: page.asked,
      statement: html(detail.statement),
      lesson: page.lesson === null ? null : html(page.lesson),
      cases: this.cases(detail),
      running: this.tests.running(page.goal),
      standing: last ? vscode.l10n.t("{0} of {1} cases", last.passed, last.total) + provisional : null,
      feedback: inline(this.looked(detail)),
      hints: this.feedback.hints(page.goal).map(({ rung, text }) => ({ rung, html: html(text) })),
      words: this.words(page.goal),
    };
  }

  /** What was said of the last run; of one before this window's only where none has been since. */
  private looked(detail: GoalDetail): string | undefined {
    const latest = this.feedback.latest.get(detail.goal)?.text;
    if (latest !== undefined || this.tests.last.has(detail.goal) || detail.state === "solved") return latest;
    return detail.feedback[0]?.text;
  }

  private cases(detail: GoalDetail): GoalPage["cases"] {
    const verdicts = this.tests.verdicts.get(detail.goal);
    return detail.subtasks.map((subtask) => {
      const rows = detail.cases
        .filter((one) => one.subtask === subtask.id)
        .map((one) => ({ text: one.text, expects: one.expects, verdict: verdicts?.get(one.id) ?? null }));
      const hidden = verdicts?.get(`${subtask.id}/${HIDDEN}`) ?? null;
      const solved =
        rows.every((row) => row.verdict === "passed") && (hidden === "passed" || detail.hidden_cases === 0);
      return { title: subtask.title, rows, hidden, solved };
    });
  }

  private words(goal: string): GoalPage["words"] {
    const given = this.feedback.rung(goal);
    return {
      task: vscode.l10n.t("Task"),
      lesson: vscode.l10n.t("Lesson"),
      run: vscode.l10n.t("Run"),
      submit: vscode.l10n.t("Submit"),
      hint: given < 5 ? vscode.l10n.t("Hint {0} of {1}", given + 1, 5) : "",
      hints: vscode.l10n.t("Hints"),
      feedback: vscode.l10n.t("Feedback"),
      cases: vscode.l10n.t("Cases"),
      copy: vscode.l10n.t("Copy"),
      tryIt: vscode.l10n.t("Try it"),
      edit: vscode.l10n.t("Edit"),
      loading: vscode.l10n.t("Loading…"),
      running: vscode.l10n.t("Running"),
      where: vscode.l10n.t("hidden cases"),
      passed: vscode.l10n.t("passed"),
      failed: vscode.l10n.t("failed"),
      waiting: vscode.l10n.t("not run yet"),
    };
  }
}

export function kindWord(kind: string): string {
  const words: Record<string, string> = {
    placement: vscode.l10n.t("Placement"),
    daily: vscode.l10n.t("Daily"),
    course: vscode.l10n.t("Course"),
    skill: vscode.l10n.t("Skill"),
    project: vscode.l10n.t("Project"),
    review: vscode.l10n.t("Review"),
  };
  return words[kind] ?? kind;
}
