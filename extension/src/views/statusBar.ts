import * as vscode from "vscode";
import type { Context } from "../context";
import { said } from "../said";
import { Disposables } from "../disposable";
import { SignedOut, stubborn } from "../server/errors";
import { minutesDone } from "./today";
import { trouble } from "./trouble";

/** The one status-bar item: the day, or what keeps it from being in step with the server. Never a toast. */
export class StatusBar extends Disposables {
  private readonly item = this.add(vscode.window.createStatusBarItem("goals", vscode.StatusBarAlignment.Left, 10));
  private toldOfDisk = false;

  constructor(private readonly context: Context) {
    super();
    this.item.name = vscode.l10n.t("Goals");
    this.add(
      context.onLearner.on((learner) => {
        learner?.add(learner.outbox.onCount.on(() => this.show()));
        learner?.add(learner.journal.onHealth.on(() => this.disk()));
        this.disk();
        this.show();
      }),
    );
    this.add(context.onLine.on(() => this.show()));
    this.add(context.onState.on((part) => part === "daily" && this.show()));
    this.add(
      vscode.workspace.onDidChangeConfiguration(
        (event) => event.affectsConfiguration("goals.statusBar") && this.show(),
      ),
    );
  }

  private show(): void {
    const learner = this.context.learner;
    if (!learner || !this.context.config.statusBar) {
      this.item.hide();
      return;
    }
    this.item.backgroundColor = undefined;
    this.item.command = "goals.today.focus";
    const error = learner.live.trouble ?? learner.outbox.outdated;
    if (learner.journal.problem) this.warn(vscode.l10n.t("Not saved"));
    else if (error) this.away(error, learner.outbox.count);
    else this.day();
    this.item.accessibilityInformation = {
      label: `${vscode.l10n.t("Goals")}: ${this.item.text.replace(/\$\([^)]*\)/g, "").trim()}`,
    };
    this.item.show();
  }

  private day(): void {
    const daily = this.context.learner?.state.get("daily");
    if (!daily) {
      this.item.text = "$(target)";
      this.item.tooltip = vscode.l10n.t("Goals");
      return;
    }
    const done = minutesDone(daily);
    const streak = daily.streak.current > 0 ? `  $(flame) ${daily.streak.current}` : "";
    this.item.text = `$(target) ${vscode.l10n.t("{0} of {1} min", done, daily.stats.minutes_planned)}${streak}`;
    const goals = daily.goals.map(
      (goal) => `${goal.state === "solved" ? "$(pass-filled)" : "$(circle-outline)"} ${goal.title}`,
    );
    this.item.tooltip = new vscode.MarkdownString(goals.join("  \n"), true);
  }

  private away(error: Error, waiting: number): void {
    if (error instanceof SignedOut) this.warn(vscode.l10n.t("Sign In Again"), "goals.signIn");
    else if (stubborn(error)) this.warn(vscode.l10n.t("Goals: not connected"));
    else this.offline(error, waiting);
  }

  private offline(error: Error, waiting: number): void {
    const text = waiting > 0 ? vscode.l10n.t("{0} waiting", waiting) : vscode.l10n.t("offline");
    this.item.text = `$(debug-disconnect) ${text}`;
    this.item.tooltip = `${said(error)}\n${vscode.l10n.t("What you do is kept on this machine and sent when the server is back.")}`;
    this.item.command = "goals.syncNow";
  }

  private warn(text: string, command = "goals.showTrouble"): void {
    this.item.text = `$(warning) ${text}`;
    this.item.tooltip = trouble(this.context) ?? "";
    this.item.command = command;
    this.item.backgroundColor = new vscode.ThemeColor("statusBarItem.warningBackground");
  }

  /** The one thing a learner is told unasked, once: closing the editor now would lose something. */
  private disk(): void {
    this.show();
    const failing = !!this.context.learner?.journal.problem;
    if (failing && !this.toldOfDisk) void vscode.commands.executeCommand("goals.showTrouble");
    this.toldOfDisk = failing;
  }
}
