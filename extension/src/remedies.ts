import * as vscode from "vscode";
import type { Action } from "./obstacle";
import type { AccessDenied } from "./protocol/generated";

type Reason = AccessDenied["reason"];

/** Where the learner can do something about it, or see when it comes anew; undefined where the words are all there is. */
export function remedy(reason: string | null | undefined): Action | undefined {
  switch (reason as Reason) {
    case "terms_not_accepted":
    case "consent_missing":
      return { title: vscode.l10n.t("Accept the terms"), command: "goals.acceptContract" };
    case "no_contract":
    case "no_seat":
    case "contract_not_started":
    case "contract_ended":
    case "course_not_covered":
    case "quota_used_up":
    case "hints_used_up":
      return { title: vscode.l10n.t("Show the Contract"), command: "goals.contract.focus" };
    case "not_enrolled":
      return { title: vscode.l10n.t("Show the Courses"), command: "goals.course.focus" };
    default:
      return undefined;
  }
}
