import * as vscode from "vscode";

/**
 * A command for a tree's rows that opens the chosen one. It takes no arguments: VS Code forgets those of a row as soon as
 * it is drawn anew, and a click in that moment would end in "Actual command not found". What is chosen it tells before.
 */
export function opensChosen<T>(
  view: vscode.TreeView<T>,
  command: string,
  open: (node: T) => unknown,
): vscode.Disposable {
  let chosen: T | undefined;
  return vscode.Disposable.from(
    view.onDidChangeSelection(({ selection }) => (chosen = selection[0] ?? chosen)),
    vscode.commands.registerCommand(command, () => (chosen === undefined ? undefined : open(chosen))),
  );
}
