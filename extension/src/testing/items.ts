import * as vscode from "vscode";
import type { Context } from "../context";
import type { Folders, GoalFolder } from "../goals/folders";
import type { GoalDetail } from "../protocol/generated";
import { build } from "./tree";

/** The goals that are on this machine, as the Test Explorer lists them. */
export class GoalItems {
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
    const learner = this.context.learner;
    if (!learner) return;
    const items = await Promise.all(
      this.folders.all().map(async (where) => {
        const kept = this.controller.items.get(where.goal);
        if (kept && kept.uri?.toString() === where.file.toString()) return kept;
        const detail = await learner.state.goalDetail(where.goal).catch(() => null); // another account's, perhaps
        return detail && (await this.make(detail, where));
      }),
    );
    this.controller.items.replace(items.filter((item) => item !== null));
  }

  clear(): void {
    this.controller.items.replace([]);
  }

  private async make(goal: GoalDetail, where: GoalFolder): Promise<vscode.TestItem> {
    const code = await Promise.resolve(vscode.workspace.fs.readFile(where.file)).then(
      (bytes) => Buffer.from(bytes).toString("utf8"),
      () => "",
    );
    const item = build(this.controller, goal, where, code);
    this.controller.items.add(item);
    return item;
  }
}
