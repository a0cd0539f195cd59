import * as vscode from "vscode";
import type { Context } from "../context";
import type { Folders, GoalFolder } from "../goals/folders";
import type { GoalDetail } from "../protocol/generated";
import { Turns } from "../turns";
import { build } from "./tree";

/** The goals that are on this machine, as the Test Explorer lists them. */
export class GoalItems {
  private readonly listings = new Turns();

  constructor(
    private readonly context: Context,
    private readonly folders: Folders,
    private readonly controller: vscode.TestController,
  ) {}

  /** The item of a goal, made where there is none yet. */
  async of(goal: GoalDetail, where: GoalFolder): Promise<vscode.TestItem> {
    return this.controller.items.get(goal.goal) ?? (await this.make(goal, where));
  }

  /** Lists the goals whose folders there are now, and no others. */
  async refresh(): Promise<void> {
    const newest = this.listings.begin();
    const learner = this.context.learner;
    if (!learner) return;
    const items = await Promise.all(
      this.folders.all().map(async (where) => {
        const kept = this.kept(where);
        if (kept) return kept;
        const detail = await learner.state.goalDetail(where.goal).catch(() => null); // another account's, perhaps
        return detail && (this.kept(where) ?? (await this.make(detail, where)));
      }),
    );
    if (newest()) this.controller.items.replace(items.filter((item) => item !== null));
  }

  clear(): void {
    this.listings.begin();
    this.controller.items.replace([]);
  }

  private kept(where: GoalFolder): vscode.TestItem | undefined {
    const kept = this.controller.items.get(where.goal);
    return kept?.uri?.toString() === where.file.toString() ? kept : undefined;
  }

  private async make(goal: GoalDetail, where: GoalFolder): Promise<vscode.TestItem> {
    const code = await Promise.resolve(vscode.workspace.fs.readFile(where.file)).then(
      (bytes) => Buffer.from(bytes).toString("utf8"),
      () => "",
    );
    const item = build(this.controller, goal, where, code);
    if (this.context.learner) this.controller.items.add(item); // else they have left meanwhile
    return item;
  }
}
