import * as vscode from "vscode";
import type { Context } from "../context";
import { said } from "../said";
import { Disposables } from "../disposable";
import type { Feedback } from "../feedback/feedback";
import type { Folders } from "../goals/folders";
import type { GoalTests } from "../testing/goalTests";
import { inTime, nextHint } from "./asking";
import type { Knowledge } from "./knowledge";

interface Named {
  goal?: string;
}

interface Asked {
  title: string;
  message: string;
}

/** What any assistant in the editor may do for the learner: what the learner may do themself, by the same ladder. */
export class Tools extends Disposables {
  constructor(context: Context, knowledge: Knowledge, feedback: Feedback, folders: Folders, tests: GoalTests) {
    super();
    type Work = (input: Named, token: vscode.CancellationToken) => Promise<string>;
    const tool = (name: string, work: Work, confirm?: () => Asked) => {
      const invoke = async (
        { input }: vscode.LanguageModelToolInvocationOptions<Named>,
        token: vscode.CancellationToken,
      ) => new vscode.LanguageModelToolResult([new vscode.LanguageModelTextPart(await work(input, token).catch(said))]);
      const prepareInvocation = () => (confirm ? { confirmationMessages: confirm() } : {});
      this.add(vscode.lm.registerTool(name, { invoke, prepareInvocation }));
    };
    tool("goals_list", () => knowledge.today());
    tool("goals_explain", async ({ goal }) => knowledge.failure(await knowledge.goal(goal)));
    tool(
      "goals_hint",
      async ({ goal }) =>
        (await nextHint(context, feedback, (await knowledge.goal(goal)).goal)) ?? "no hint came in time",
      () => ({
        title: vscode.l10n.t("Open the next hint?"),
        message: vscode.l10n.t("A goal solved with hints is tested again later."),
      }),
    );
    tool("goals_run", async ({ goal }, token) => {
      const detail = await knowledge.goal(goal);
      if (!folders.where(detail.goal))
        return vscode.l10n.t("Open the goal first: its files are not in this workspace.");
      const run = await tests.run(detail.goal, "run");
      if ((await inTime(run.ended, token)) !== null) return knowledge.failure(detail);
      return vscode.l10n.t("The run goes on; its result will stand in the Test Explorer.");
    });
  }
}
