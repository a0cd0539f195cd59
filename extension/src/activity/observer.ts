import * as vscode from "vscode";
import type { Context } from "../context";
import { Disposables } from "../disposable";
import type { Folders } from "../goals/folders";
import { interaction } from "../protocol/cloudevent";
import type { GoalTests } from "../testing/goalTests";
import { Summary } from "./summary";

/** Milliseconds until what was typed is safe on disk, and until it is sent. */
const KEPT = 1_000;
const SENT = 15_000;

interface Work {
  summary: Summary;
  id: string;
  keep: NodeJS.Timeout | undefined;
  send: NodeJS.Timeout | undefined;
}

/** Notices work on goals. With each keystroke it adds a few numbers; all else happens later, off the hot path. */
export class Observer extends Disposables {
  private readonly works = new Map<string, Work>();
  private focus: { goal: string; since: number } | null = null;

  constructor(
    private readonly context: Context,
    private readonly folders: Folders,
    tests: GoalTests,
  ) {
    super();
    this.add(vscode.workspace.onDidChangeTextDocument((event) => this.edited(event)));
    this.add(vscode.workspace.onDidSaveTextDocument((document) => this.saved(document)));
    this.add(vscode.window.onDidChangeActiveTextEditor(() => this.focused()));
    this.add(vscode.window.onDidChangeWindowState(() => this.focused()));
    this.add(tests.onBegin.on((run) => this.finish(run.detail.goal)));
    this.add(context.onLeaving.on(() => this.flush()));
    this.add({ dispose: () => this.flush() });
  }

  private edited(event: vscode.TextDocumentChangeEvent): void {
    const where = this.folders.of(event.document.uri);
    if (where === undefined || event.contentChanges.length === 0) return;
    if (!event.document.isDirty) return; // read anew from disk: written by another window, or by another program
    let work = this.works.get(where.goal);
    if (work === undefined) {
      work = { summary: new Summary(), id: "", keep: undefined, send: undefined };
      this.works.set(where.goal, work);
    }
    work.summary.add(event.contentChanges, performance.now());
    work.keep ??= setTimeout(() => this.keep(where.goal), KEPT);
    work.send ??= setTimeout(() => this.finish(where.goal), SENT);
  }

  /** To disk, so that it survives the editor's end; still growing. */
  private keep(goal: string): void {
    const work = this.works.get(goal);
    if (!work) return;
    work.keep = undefined;
    if (work.summary.empty || !this.context.config.activity) return;
    work.id ||= this.context.newId();
    const event = interaction("goals.code.edited", work.summary.read(goal), work.id, this.context.now());
    this.context.learner?.outbox.draft(event);
  }

  /** The summary so far goes out, before a run so that the order tells what happened. */
  private finish(goal: string): void {
    const work = this.works.get(goal);
    if (!work) return;
    clearTimeout(work.keep);
    clearTimeout(work.send);
    work.keep = work.send = undefined;
    if (!work.summary.empty && this.context.config.activity) {
      void this.context.learner?.outbox.say(
        "goals.code.edited",
        work.summary.read(goal),
        work.id || this.context.newId(),
      );
    }
    work.id = "";
    work.summary.clear();
  }

  private saved(document: vscode.TextDocument): void {
    const where = this.folders.of(document.uri);
    if (!where || !this.context.config.activity) return;
    this.finish(where.goal);
    void this.context.learner?.outbox.say("goals.code.saved", { goal: where.goal, length: document.getText().length });
  }

  private focused(): void {
    const editor = vscode.window.state.focused ? vscode.window.activeTextEditor : undefined;
    const goal = (editor && this.folders.of(editor.document.uri))?.goal;
    const before = this.focus;
    if (goal === before?.goal) return;
    this.focus = goal === undefined ? null : { goal, since: performance.now() };
    if (!before) return;
    this.finish(before.goal);
    const seconds = Math.round((performance.now() - before.since) / 100) / 10;
    if (seconds < 1 || !this.context.config.activity) return;
    void this.context.learner?.outbox.say("goals.goal.focused", {
      goal: before.goal,
      seconds: Math.min(seconds, 86_400),
    });
  }

  private flush(): void {
    for (const goal of this.works.keys()) this.finish(goal);
  }
}
