import * as vscode from "vscode";
import { Obstacle } from "../obstacle";
import type { GoalFolder } from "./folders";

/** Bytes of code the server takes. */
const LONGEST = 65_536;

/** The learner's code as it stands in the editor, unsaved changes included. Raises Obstacle where there is none to run. */
export async function readCode(where: GoalFolder): Promise<{ document: vscode.TextDocument; code: string }> {
  const open = vscode.workspace.textDocuments.find((one) => one.uri.toString() === where.file.toString());
  if (!open?.isDirty) await check(where);
  const document = open ?? (await vscode.workspace.openTextDocument(where.file));
  return { document, code: textOf(document, where) };
}

/** What stands in a document now. Raises Obstacle where that cannot be run. */
export function textOf(document: vscode.TextDocument, where: GoalFolder): string {
  const code = document.getText();
  if (Buffer.byteLength(code) > LONGEST) throw tooLong(where, Buffer.byteLength(code));
  if (code.includes("\0")) throw notText(where);
  return code;
}

/** Before a document is made of it: VS Code would load anything, or fail in words of its own. */
async function check(where: GoalFolder): Promise<void> {
  const found = await Promise.resolve(vscode.workspace.fs.stat(where.file)).catch(() => null);
  if (found === null) throw missing(where);
  if (found.type & vscode.FileType.Directory) throw notText(where);
  if (found.size > LONGEST) throw tooLong(where, found.size);
  const bytes = await vscode.workspace.fs.readFile(where.file);
  if (bytes.includes(0)) throw notText(where);
}

const name = (where: GoalFolder): string => vscode.workspace.asRelativePath(where.file);

function missing(where: GoalFolder): Obstacle {
  return new Obstacle(vscode.l10n.t("{0} is not there any more.", name(where)), {
    title: vscode.l10n.t("Write It Anew"),
    command: "goals.openGoal",
    argument: where.goal,
  });
}

function notText(where: GoalFolder): Obstacle {
  return new Obstacle(vscode.l10n.t("{0} is not text: it cannot be run.", name(where)), {
    title: vscode.l10n.t("Put It Away and Write It Anew"),
    command: "goals.putAway",
    argument: where.goal,
  });
}

function tooLong(where: GoalFolder, size: number): Obstacle {
  const kib = Math.ceil(size / 1024);
  return new Obstacle(vscode.l10n.t("{0} has {1} KiB; a solution may have 64 KiB.", name(where), kib), {
    title: vscode.l10n.t("Show Attempts"),
    command: "goals.history",
    argument: where.goal,
  });
}
