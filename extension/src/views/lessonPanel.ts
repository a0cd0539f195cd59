import * as vscode from "vscode";
import type { Context } from "../context";
import { Disposables } from "../disposable";
import type { FromPage, GoalPage, ToPage } from "../webview/messages";
import { Turns } from "../turns";
import { Blocks } from "./blocks";
import { load } from "./loading";
import { frame, icons } from "./page";

/** The page of a concept by itself, from the course. */
export class LessonPanel extends Disposables {
  private panel: vscode.WebviewPanel | null = null;
  private text = "";
  private lesson = "";
  private readonly turns = new Turns();
  private readonly code: Blocks;

  constructor(private readonly context: Context) {
    super();
    this.code = new Blocks(context, () => {
      const { text } = this;
      return (output) => text === this.text && this.post(output);
    });
    this.add(
      context.onLearner.on((learner) => {
        if (!learner) this.panel?.dispose();
      }),
    );
    this.add({ dispose: () => void this.panel?.dispose() });
  }

  async show(concept: string): Promise<void> {
    const newest = this.turns.begin();
    const { html } = await import("./markdown");
    const text = await this.context.require().state.lesson(concept);
    if (!newest() || !this.context.learner) return; // another was asked for since, or they have left
    this.text = text;
    this.lesson = html(this.text);
    const panel = this.panel ?? this.create();
    panel.title = /^# (.+)$/m.exec(this.text)?.[1] ?? vscode.l10n.t("Lesson");
    panel.reveal();
    this.post({ kind: "goal", changed: this.model(panel.title) });
  }

  private post(message: ToPage): void {
    void this.panel?.webview.postMessage(message);
  }

  private create(): vscode.WebviewPanel {
    const root = this.context.extension.extensionUri;
    const options = { enableScripts: true, localResourceRoots: [vscode.Uri.joinPath(root, "dist", "webview")] };
    const panel = vscode.window.createWebviewPanel(
      "goals.lesson",
      vscode.l10n.t("Lesson"),
      vscode.ViewColumn.Active,
      options,
    );
    panel.iconPath = icons(root);
    panel.onDidDispose(() => (this.panel = null));
    panel.webview.onDidReceiveMessage((message: FromPage) => void this.heard(panel, message));
    load(panel, () => frame(panel.webview, root, "goal.js", vscode.l10n.t("Lesson")));
    this.panel = panel;
    return panel;
  }

  private async heard(panel: vscode.WebviewPanel, message: FromPage): Promise<void> {
    if (message.type === "ready") this.post({ kind: "goal", changed: this.model(panel.title) });
    if ("block" in message) {
      const { blocks } = await import("./markdown");
      await this.code.heard(message, blocks(this.text));
    }
  }

  private model(title: string): GoalPage {
    const none = "";
    return {
      goal: title,
      title,
      because: none,
      facts: [],
      tab: "lesson",
      anchor: null,
      asked: 0,
      statement: null,
      lesson: this.lesson,
      cases: [],
      running: false,
      standing: null,
      feedback: null,
      hints: [],
      words: {
        task: none,
        lesson: vscode.l10n.t("Lesson"),
        run: none,
        submit: none,
        hint: none,
        hints: none,
        feedback: none,
        cases: none,
        copy: vscode.l10n.t("Copy"),
        tryIt: vscode.l10n.t("Try it"),
        edit: vscode.l10n.t("Edit"),
        loading: none,
        running: none,
        where: none,
        passed: none,
        failed: none,
        waiting: none,
      },
    };
  }
}
