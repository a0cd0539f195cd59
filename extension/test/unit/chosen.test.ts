import { expect, it, vi } from "vitest";

const commands = vi.hoisted(() => new Map<string, () => Promise<void>>());
vi.mock("vscode", () => ({
  commands: { registerCommand: (name: string, work: () => Promise<void>) => commands.set(name, work) },
}));

import { opensChosen } from "../../src/views/chosen";

/** As VS Code's: which rows are chosen it knows by their ids, and what they are only after it has asked for them. */
class Tree {
  readonly rows = new Map<string, string>();
  chosen: string[] = [];

  get selection(): string[] {
    return this.chosen.flatMap((id) => this.rows.get(id) ?? []);
  }

  draw(rows: Record<string, string>): void {
    this.rows.clear();
    setTimeout(() => Object.entries(rows).forEach(([id, row]) => this.rows.set(id, row)), 200);
  }
}

it("opens what was clicked while the view was drawn anew, as it is then, and not what was chosen before", async () => {
  const tree = new Tree();
  const opened: string[] = [];
  opensChosen(tree, "open", (row: string) => opened.push(row));
  tree.draw({ oil: "oil, not begun", fares: "fares, not begun" });
  tree.chosen = ["oil"];
  await commands.get("open")!();
  tree.draw({ oil: "oil, in work", fares: "fares, paused" });
  tree.chosen = ["fares"];
  await commands.get("open")!();
  await commands.get("open")!();
  expect(opened).toEqual(["oil, not begun", "fares, paused", "fares, paused"]);
});
