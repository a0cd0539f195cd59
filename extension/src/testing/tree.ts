import * as vscode from "vscode";
import { CASES, casesPage, entryLine } from "../goals/files";
import type { GoalFolder } from "../goals/folders";
import type { GoalDetail } from "../protocol/generated";
import { HIDDEN } from "./cases";

/** A goal in the Test Explorer: goal → sub-tasks → cases; a case opens where it is written down. */
export function build(
  controller: vscode.TestController,
  goal: GoalDetail,
  where: GoalFolder,
  code: string,
): vscode.TestItem {
  const root = controller.createTestItem(goal.goal, goal.title, where.file);
  root.range = line(entryLine(code, goal.entry));
  root.description = vscode.l10n.t("{0} min", goal.minutes);
  const page = vscode.Uri.joinPath(where.folder, CASES);
  const { lines } = casesPage(goal, { hidden: "" });
  for (const [place, subtask] of goal.subtasks.entries()) {
    const part = controller.createTestItem(`${goal.goal}/${subtask.id}`, subtask.title, where.file);
    part.range = root.range;
    part.sortText = String(place).padStart(3, "0");
    for (const [at, one] of goal.cases.entries()) {
      if (one.subtask !== subtask.id) continue;
      const item = controller.createTestItem(`${goal.goal}/${one.id}`, one.text, page);
      item.description = `→ ${one.expects}`;
      item.sortText = String(at).padStart(3, "0");
      const found = lines.get(one.id);
      if (found !== undefined) item.range = line(found);
      part.children.add(item);
    }
    const hidden = controller.createTestItem(
      `${goal.goal}/${subtask.id}/${HIDDEN}`,
      vscode.l10n.t("hidden cases"),
      where.file,
    );
    hidden.sortText = "999";
    if (goal.hidden_cases > 0) part.children.add(hidden);
    root.children.add(part);
  }
  return root;
}

/** The function to write may have moved since. */
export function moved(root: vscode.TestItem, goal: GoalDetail, code: string): void {
  root.range = line(entryLine(code, goal.entry));
  root.children.forEach((part) => (part.range = root.range));
}

/** Every leaf below, by the id its results carry. */
export function leaves(root: vscode.TestItem): Map<string, vscode.TestItem> {
  const found = new Map<string, vscode.TestItem>();
  const walk = (item: vscode.TestItem) => {
    if (item.children.size === 0) found.set(item.id.slice(root.id.length + 1), item);
    item.children.forEach(walk);
  };
  walk(root);
  return found;
}

function line(at: number): vscode.Range {
  return new vscode.Range(at, 0, at, 0);
}
