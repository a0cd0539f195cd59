import * as vscode from "vscode";
import type { Context } from "../context";
import { said } from "../said";
import { Distrusted, Incompatible, SignedOut } from "../server/errors";

/** What keeps the editor from being in step with the server, in words; null where nothing does. */
export function trouble(context: Context): string | null {
  const { learner } = context;
  if (!learner) return null;
  const disk = learner.journal.problem;
  if (disk) {
    return vscode.l10n.t(
      "What you do cannot be written to disk ({0}). It is kept in memory and tried again: make room before you close the editor.",
      disk.message,
    );
  }
  const error = learner.live.trouble ?? learner.outbox.outdated;
  return error && said(error);
}

/** Whether a person has to do something about it, other than wait. */
export function pressing(context: Context): boolean {
  const { learner } = context;
  const error = learner?.live.trouble ?? learner?.outbox.outdated;
  return (
    !!learner?.journal.problem ||
    error instanceof Distrusted ||
    error instanceof Incompatible ||
    error instanceof SignedOut
  );
}

/** At the learner's wish (the status bar): what is wrong, what becomes of their work, and what they can do now. */
export async function explain(context: Context): Promise<void> {
  const learner = context.require();
  const words = trouble(context);
  if (words === null) {
    await vscode.window.showInformationMessage(vscode.l10n.t("All is well: everything you did has been sent."));
    return;
  }
  const again = { title: vscode.l10n.t("Try Again"), run: () => vscode.commands.executeCommand("goals.syncNow") };
  const log = { title: vscode.l10n.t("Show the Log"), run: () => context.log.show() };
  const choice = await vscode.window.showWarningMessage(
    `${words} ${kept(learner.outbox.count)}`,
    again,
    ...own(context),
    log,
  );
  await Promise.resolve(choice?.run());
}

interface Action {
  title: string;
  run: () => unknown;
}

function own(context: Context): Action[] {
  const { live, outbox, journal } = context.require();
  const error = live.trouble ?? outbox.outdated;
  if (journal.problem) return [];
  if (error instanceof SignedOut)
    return [{ title: vscode.l10n.t("Sign In"), run: () => vscode.commands.executeCommand("goals.signIn") }];
  if (error instanceof Distrusted)
    return [{ title: vscode.l10n.t("Settings"), run: () => vscode.commands.executeCommand("goals.openSettings") }];
  if (!(error instanceof Incompatible)) return [];
  if (error.older === "server") {
    const copy = () => vscode.env.clipboard.writeText(said(error));
    return [{ title: vscode.l10n.t("Copy for the Administrator"), run: copy }];
  }
  const update = () => vscode.commands.executeCommand("workbench.extensions.action.checkForUpdates");
  return [{ title: vscode.l10n.t("Check for Updates"), run: update }];
}

function kept(waiting: number): string {
  return waiting > 0
    ? vscode.l10n.t("Nothing is lost: {0} things wait on this machine and are sent later.", waiting)
    : vscode.l10n.t("What you do is kept on this machine and sent later.");
}
