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

/** The same as it stands by now: they were asked something, and had all the time they wanted. Raises CancellationError where they have left. */
export async function stillStands(context: Context, me: Me): Promise<Me> {
  const now = context.learner && (await stands(context));
  if (now?.learner !== me.learner) throw new vscode.CancellationError();
  return now;
}

/**
 * Says it to the server: what nobody was asked stays as it stands. Zone and language are this machine's. It holds here
 * at once, so that what is said next, with the server away too, does not take it back.
 */
export async function state(context: Context, me: Me, change: Change): Promise<Me> {
  const { consents, ...rest } = await stillStands(context, me);
  const learner = context.require();
  const said = {
    target: rest.target,
    job: rest.job,
    level: (rest.level ?? "beginner") as NonNullable<ProfileStated["level"]>,
    minutes: rest.minutes,
    minutes_on: rest.minutes_on,
    days_off: rest.days_off,
    timezone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    language: vscode.env.language.startsWith("es") ? ("es" as const) : ("en" as const),
    consent_mood: consents.mood,
    consent_workspace: consents.workspace,
    ...change,
  };
  const { id } = await learner.outbox.say("goals.profile.stated", said);
  const { consent_mood: mood, consent_workspace: workspace, ...stated } = said;
  const names = workspace ? {} : { languages: [], dependencies: [] };
  return learner.state.suppose("me", { ...rest, ...stated, ...names, consents: { mood, workspace } }, id);
}
