import * as vscode from "vscode";
import type { Context } from "./context";
import { type Action, Obstacle } from "./obstacle";
import { remedy } from "./remedies";
import { said } from "./said";
import { Answered } from "./server/errors";

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
  const choice = await (error instanceof Answered ? refuse(words, error) : fail(words, error));
  if (choice) await vscode.commands.executeCommand(choice.command, choice.argument);
}

/** The server's no is no fault: the log would not help. */
function refuse(words: string, { problem }: Answered): Thenable<Action | undefined> {
  const action = remedy(problem.reason);
  return vscode.window.showWarningMessage(words, ...(action ? [action] : []));
}

function fail(words: string, error: unknown): Thenable<Action | undefined> {
  const log = { title: vscode.l10n.t("Show the Log"), command: "goals.showLog" };
  const actions: Action[] = error instanceof Obstacle ? [error.action, log] : [log];
  return vscode.window.showErrorMessage(words, ...actions);
}
