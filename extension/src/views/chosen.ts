import { setTimeout as pause } from "node:timers/promises";
import * as vscode from "vscode";

/** Milliseconds after which a view that is drawn anew is asked again for what is chosen in it, and for how long. */
const EVERY = 20;
const LONGEST = 5_000;

/**
 * A command for a tree's rows that opens the chosen one. It takes no arguments: VS Code forgets those of a row as soon as
 * it is drawn anew, and a click in that moment would end in "Actual command not found". What is chosen it tells before.
 */
export function opensChosen<T>(
  view: Pick<vscode.TreeView<T>, "selection">,
  command: string,
  open: (node: T) => unknown,
): vscode.Disposable {
  return vscode.commands.registerCommand(command, async () => {
    const node = await chosen(view);
    if (node !== undefined) await open(node);
  });
}

/** While a view is drawn anew VS Code knows none of its rows: nothing seems chosen until it has asked for them. */
async function chosen<T>(view: Pick<vscode.TreeView<T>, "selection">): Promise<T | undefined> {
  for (let waited = 0; view.selection.length === 0 && waited < LONGEST; waited += EVERY) await pause(EVERY);
  return view.selection[0];
}
