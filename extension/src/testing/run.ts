import * as vscode from "vscode";
import type { GoalFolder } from "../goals/folders";
import type { GoalDetail } from "../protocol/generated";
import { sentence, type Shown, Tally, text } from "./cases";
import { leaves } from "./tree";

export type Purpose = "run" | "submit";

/** One run in the Test Explorer, from the moment it is asked for to its end; results come case by case. */
export class GoalRun {
  readonly tally: Tally;
  readonly ended: Promise<"finished" | "cancelled" | "failed">;
  /** Verdicts are this machine's own so far: the server has not spoken. */
  provisional = false;
  readonly rehearsal = { passed: 0, failed: 0 };
  private readonly items: Map<string, vscode.TestItem>;
  private readonly outputs = new Set<string>();
  private finish: (how: "finished" | "cancelled" | "failed") => void = () => undefined;
  private over = false;

  constructor(
    readonly id: string,
    readonly purpose: Purpose,
    readonly detail: GoalDetail,
    readonly where: GoalFolder,
    private readonly test: vscode.TestRun,
    private readonly root: vscode.TestItem,
    /** Whether it was of the text in the goal's file: only then can a line be pointed at. */
    private readonly ofFile = true,
  ) {
    this.tally = new Tally(detail);
    this.items = leaves(root);
    this.ended = new Promise((resolve) => (this.finish = resolve));
    for (const item of this.items.values()) test.enqueued(item);
  }

  get token(): vscode.CancellationToken {
    return this.test.token;
  }

  started(): void {
    for (const [id, item] of this.items) if (!this.tally.verdicts.has(id)) this.test.started(item);
  }

  queued(position: number): void {
    this.output(vscode.l10n.t("{0} runs before this one", position));
  }

  printed(from: string, written: string): void {
    this.outputs.add(from);
    this.test.appendOutput(written.replace(/\r?\n/g, "\r\n"), undefined, this.items.get(from));
  }

  /** The server's verdict of one case. */
  take(seen: Shown): void {
    if (this.over) return;
    if (this.provisional) this.tally.verdicts.clear();
    this.provisional = false;
    const now = this.tally.add(seen);
    if (now) this.mark(now.item, seen, now.verdict);
  }

  /** This machine's own verdict, until the server's comes. */
  guess(seen: Shown): void {
    if (this.over || this.tally.seen > 0) return;
    this.provisional = true;
    this.rehearsal[seen.verdict === "passed" ? "passed" : "failed"] += 1;
    if (seen.id) this.tally.verdicts.set(seen.id, seen.verdict ?? "failed");
    if (seen.id) this.mark(seen.id, seen, seen.verdict ?? "failed");
  }

  output(line: string): void {
    this.test.appendOutput(`${line}\r\n`);
  }

  end(how: "finished" | "cancelled" | "failed", why?: string): void {
    if (this.over) return;
    this.over = true;
    const message = why === undefined ? undefined : new vscode.TestMessage(why);
    for (const [id, item] of this.items) {
      if (this.tally.verdicts.has(id)) continue;
      if (how === "failed" && message) this.test.errored(item, message);
      else this.test.skipped(item);
    }
    if (why !== undefined) this.output(why);
    this.test.end();
    this.finish(how);
  }

  private mark(id: string, seen: Shown, verdict: string): void {
    const item = this.items.get(id);
    if (!item) return;
    const ms = typeof seen.ms === "number" ? seen.ms : undefined;
    if (seen.stdout && seen.visible && !this.outputs.has(id)) this.printed(id, seen.stdout);
    if (verdict === "passed") this.test.passed(item, ms);
    else this.test.failed(item, this.message(seen), ms);
  }

  private message(seen: Shown): vscode.TestMessage {
    const words = sentence(seen, {
      gives: vscode.l10n.t("{0} should give {1}, it gave {2}", "{0}", "{1}", "{2}"),
      raised: vscode.l10n.t("{0} ended with {1}", "{0}", "{1}"),
      slow: vscode.l10n.t("{0} took too long", "{0}"),
      hidden: vscode.l10n.t("A hidden case of this sub-task fails."),
    });
    const provisional = this.provisional ? ` · ${vscode.l10n.t("provisional, judged on this machine")}` : "";
    const told = new vscode.TestMessage(words + provisional);
    if (seen.visible && !seen.error && seen.verdict !== "time") {
      told.expectedOutput = text(seen.expected);
      told.actualOutput = text(seen.got);
    }
    if (!seen.visible || !this.ofFile) return told;
    const at = typeof seen.line === "number" ? seen.line - 1 : (this.root.range?.start.line ?? 0);
    told.location = new vscode.Location(this.where.file, new vscode.Position(Math.max(0, at), 0));
    return told;
  }
}
