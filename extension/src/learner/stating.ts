import * as vscode from "vscode";
import type { Context } from "../context";
import type { Me, ProfileStated } from "../protocol/generated";

export type Change = Partial<ProfileStated>;

/** Who the learner is, as they said it last. Raises SignedOut, and Error where nobody can say it now. */
export async function stands(context: Context): Promise<Me> {
  const me = await context.require().state.need("me");
  if (me) return me;
  throw new Error(vscode.l10n.t("What you said before is not on this machine: try again when the server answers."));
}

/** Says it to the server: what nobody was asked stays as it stands. Zone and language are this machine's. */
export async function state(context: Context, me: Me, change: Change): Promise<void> {
  await context.require().outbox.say("goals.profile.stated", {
    target: me.target,
    job: me.job,
    level: (me.level ?? "beginner") as NonNullable<ProfileStated["level"]>,
    minutes: me.minutes,
    minutes_on: me.minutes_on,
    days_off: me.days_off,
    consent_mood: me.consents.mood,
    consent_workspace: me.consents.workspace,
    timezone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    language: vscode.env.language.startsWith("es") ? "es" : "en",
    ...change,
  });
}
