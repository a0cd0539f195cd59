import * as vscode from "vscode";
import { Answered, Distrusted, Incompatible, SignedOut, Unreachable } from "./server/errors";

/** An error as a learner reads it: what happened, and what helps. */
export function said(error: unknown): string {
  if (error instanceof Answered)
    return error.problem.remedy ? `${error.problem.detail} ${error.problem.remedy}` : error.message;
  if (error instanceof Incompatible) return incompatible(error);
  if (error instanceof SignedOut) return vscode.l10n.t("Sign in to go on; what you did is kept.");
  if (error instanceof Distrusted) return distrusted(error);
  if (error instanceof Unreachable) return vscode.l10n.t("{0} does not answer ({1}).", error.server, error.why);
  return error instanceof Error ? error.message : String(error);
}

function incompatible({ older, server, said: spoken }: Incompatible): string {
  return older === "extension"
    ? vscode.l10n.t("{0} has been updated and needs a newer extension: update AI Goals Tracker. ({1})", server, spoken)
    : vscode.l10n.t(
        "{0} is older than this extension: tell its administrator to update it, or install an older extension. ({1})",
        server,
        spoken,
      );
}

function distrusted({ distrust, server, why }: Distrusted): string {
  switch (distrust) {
    case "expired":
      return vscode.l10n.t(
        "The certificate of {0} has expired: tell its administrator. If this machine's date is wrong, set it right. ({1})",
        server,
        why,
      );
    case "early":
      return vscode.l10n.t(
        "The certificate of {0} is not valid yet: is this machine's date right? Otherwise tell its administrator. ({1})",
        server,
        why,
      );
    case "name":
      return vscode.l10n.t(
        "The certificate of {0} is for another address: check the setting goals.server, or tell its administrator. ({1})",
        server,
        why,
      );
    case "issuer":
      return vscode.l10n.t(
        "The certificate of {0} is from an authority this machine does not know: install your organisation's root certificate in the system, or tell the administrator. ({1})",
        server,
        why,
      );
    case "other":
      return vscode.l10n.t("The certificate of {0} cannot be trusted: tell its administrator. ({1})", server, why);
  }
}
