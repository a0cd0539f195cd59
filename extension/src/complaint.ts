import * as vscode from "vscode";
import type { Context } from "./context";
import { Obstacle } from "./obstacle";
import { said } from "./said";

/** Milliseconds in which the same is said once: VS Code puts one in the other's place, and after three in 0.8 s shows none. */
const ONCE = 1_000;
let last = { words: "", at: -Infinity };

/** Says what went wrong, with what helps; at most one of a kind is on the screen. */
export async function complain(context: Context, error: unknown): Promise<void> {
  const words = said(error);
  context.log.warn(words);
  const now = performance.now();
  if (words === last.words && now - last.at < ONCE) return;
  last = { words, at: now };
  const log = { title: vscode.l10n.t("Show the Log"), command: "goals.showLog", argument: undefined };
  const actions = error instanceof Obstacle ? [error.action, log] : [log];
  const choice = await vscode.window.showErrorMessage(words, ...actions);
  if (choice) await vscode.commands.executeCommand(choice.command, choice.argument);
}
