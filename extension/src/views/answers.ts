import * as vscode from "vscode";
import type { Context } from "../context";
import { Disposables } from "../disposable";
import type { Action } from "../obstacle";
import type { Stored } from "../protocol/cloudevent";
import type { WishAnswered } from "../protocol/generated";

/** What the server says to a wish or a doubt: in the window in which the learner said it. */
export class Answers extends Disposables {
  constructor(private readonly context: Context) {
    super();
    this.add(context.onStored.on((event) => void this.heard(event)));
  }

  private async heard(event: Stored): Promise<void> {
    const answer = said(event);
    if (!answer || !this.context.learner?.asked.here(answer.to)) return;
    const choice = await vscode.window.showInformationMessage(answer.words, ...(answer.action ? [answer.action] : []));
    if (choice) await vscode.commands.executeCommand(choice.command, choice.argument);
  }
}

/** `to`: the event that is answered. */
interface Answer {
  to: string;
  words: string;
  action?: Action | undefined;
}

function said(event: Stored): Answer | undefined {
  switch (event.type) {
    case "goals.wish.answered":
      return { to: event.data.wish, words: event.data.because, action: next(event.data) };
    case "goals.mastery.answered":
      return { to: event.data.question, words: event.data.text };
    case "goals.support.pointed":
      return { to: event.correlationid, words: event.data.text };
    default:
      return undefined;
  }
}

/** Where a wish leads. */
function next({ outcome, goal }: WishAnswered): Action | undefined {
  if (outcome === "planned" && goal)
    return { title: vscode.l10n.t("Open Goal"), command: "goals.openGoal", argument: goal };
  if (outcome === "other_course") return { title: vscode.l10n.t("Show the Courses"), command: "goals.course.focus" };
  if (outcome === "not_covered") return { title: vscode.l10n.t("Show the Contract"), command: "goals.contract.focus" };
  return undefined;
}
