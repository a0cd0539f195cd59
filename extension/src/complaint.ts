import * as vscode from "vscode";
import type { Context } from "./context";
import { Obstacle } from "./obstacle";
import { said } from "./said";

/** Says what went wrong, with what helps; at most one of a kind is on the screen. */
export async function complain(context: Context, error: unknown): Promise<void> {
  const words = said(error);
  context.log.warn(words);
  const log = { title: vscode.l10n.t("Show the Log"), command: "goals.showLog", argument: undefined };
  const actions = error instanceof Obstacle ? [error.action, log] : [log];
  const choice = await vscode.window.showErrorMessage(words, ...actions);
  if (choice) await vscode.commands.executeCommand(choice.command, choice.argument);
}
