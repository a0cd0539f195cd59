import * as vscode from "vscode";
import { type Context, setContext } from "../context";
import { Disposables } from "../disposable";
import type { GoalDetail } from "../protocol/generated";
import { Turns } from "../turns";
import type { GoalPanel } from "../views/goalPanel";
import { readCode } from "./code";
import type { Folders, GoalFolder } from "./folders";
import type { Newer } from "./newer";

/** Opening a goal: its code here, its page beside it. */
export class Opening extends Disposables {
  private readonly turns = new Turns();

  constructor(
    private readonly context: Context,
    private readonly folders: Folders,
    private readonly panel: GoalPanel,
    private readonly newer: Newer,
  ) {
    super();
    this.add(vscode.window.onDidChangeActiveTextEditor((editor) => this.active(editor)));
    this.add(folders.onChange.on(() => this.active(vscode.window.activeTextEditor)));
    this.add(context.onLearner.on((learner) => learner && void this.resume()));
  }

  /** The goal of the active editor. */
  current(): GoalFolder | undefined {
    const editor = vscode.window.activeTextEditor;
    return (editor && this.folders.of(editor.document.uri)) ?? this.panel.shown;
  }

  /** Of several that are opened at once the last is shown, however long the others take. */
  async open(goal: string): Promise<GoalFolder> {
    const newest = this.turns.begin();
    const learner = this.context.require();
    const detail = await learner.state.goalDetail(goal);
    await this.folders.find(goal);
    const folder = await this.folders.write(detail, learner.session.email, await this.lastCode(detail));
    if (detail.opened === null) await learner.outbox.say("goals.goal.opened", { goal });
    const document = await opened(folder);
    if (!newest()) return folder;
    await vscode.window.showTextDocument(document, { viewColumn: vscode.ViewColumn.One, preview: false });
    if (detail.runs > 0) void this.newer.meet(folder);
    if (newest()) await this.panel.show(goal);
    return folder;
  }

  /** What an editor still shows, or was run last, on whatever machine, where there is no code here. */
  private async lastCode(detail: GoalDetail): Promise<string | null> {
    if (await this.folders.has(detail.goal)) return null;
    const file = this.folders.where(detail.goal)?.file.toString();
    const left = vscode.workspace.textDocuments.find((one) => one.uri.toString() === file);
    // Its file is gone, and it still stands in an editor; what is no text was put away.
    if (left && !left.getText().includes("\0")) return left.getText();
    if (detail.runs === 0) return null;
    return this.context.require().state.lastCode(detail.goal);
  }

  private async resume(): Promise<void> {
    await this.folders.scan();
  }

  private active(editor: vscode.TextEditor | undefined): void {
    const folder = editor && this.folders.of(editor.document.uri);
    void setContext("editing", folder !== undefined);
    if (!folder) return;
    this.panel.follow(folder.goal);
    void this.newer.once(folder);
  }
}

/** Raises Obstacle where what stands there is no code. */
async function opened(folder: GoalFolder): Promise<vscode.TextDocument> {
  try {
    return await vscode.workspace.openTextDocument(folder.file);
  } catch (error) {
    await readCode(folder);
    throw error;
  }
}
