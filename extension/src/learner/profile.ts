import * as vscode from "vscode";
import type { Context } from "../context";
import type { Me, ProfileStated } from "../protocol/generated";

type Level = NonNullable<ProfileStated["level"]>;

/** Target, level, minutes, consent: four short questions, each with what was said last. Esc leaves all as it was. */
export async function stateProfile(context: Context): Promise<void> {
  const learner = context.require();
  const me = await learner.state.need("me");
  const target = await vscode.window.showInputBox({
    title: vscode.l10n.t("What do you want to be able to do?"),
    placeHolder: vscode.l10n.t("Automate my spreadsheets, understand my team's code…"),
    value: me?.target ?? "",
    ignoreFocusOut: true,
    validateInput: (text) => (text.length > 200 ? vscode.l10n.t("At most 200 characters.") : undefined),
  });
  if (target === undefined) return;
  const level = await pickLevel(me);
  if (level === undefined) return;
  const minutes = await pickMinutes(me);
  if (minutes === undefined) return;
  const mood = await pickConsent(me);
  if (mood === undefined) return;
  await learner.outbox.say("goals.profile.stated", {
    target,
    level,
    minutes,
    timezone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    language: vscode.env.language.startsWith("es") ? "es" : "en",
    days_off: me?.days_off ?? [],
    consent_mood: mood,
    consent_workspace: me?.consents.workspace ?? false,
  });
}

async function pickLevel(me: Me | undefined): Promise<Level | undefined> {
  const items: (vscode.QuickPickItem & { level: Level })[] = [
    { level: "new", label: vscode.l10n.t("New to programming") },
    {
      level: "beginner",
      label: vscode.l10n.t("Beginner"),
      detail: vscode.l10n.t("I have written a few small programs."),
    },
    {
      level: "intermediate",
      label: vscode.l10n.t("Intermediate"),
      detail: vscode.l10n.t("I write programs, and look things up."),
    },
    { level: "advanced", label: vscode.l10n.t("Advanced"), detail: vscode.l10n.t("I program for a living.") },
  ];
  const title = vscode.l10n.t("Where do you stand?");
  return (
    await vscode.window.showQuickPick(
      first(items, (item) => item.level === me?.level),
      { title, ignoreFocusOut: true },
    )
  )?.level;
}

async function pickMinutes(me: Me | undefined): Promise<number | undefined> {
  const items = [15, 30, 45, 60, 90].map((minutes) => ({
    minutes,
    label: vscode.l10n.t("{0} minutes a day", minutes),
  }));
  const title = vscode.l10n.t("How much time a day?");
  return (
    await vscode.window.showQuickPick(
      first(items, (item) => item.minutes === me?.minutes),
      { title, ignoreFocusOut: true },
    )
  )?.minutes;
}

async function pickConsent(me: Me | undefined): Promise<boolean | undefined> {
  const items = [
    {
      mood: true,
      label: vscode.l10n.t("Yes, ask me"),
      detail: vscode.l10n.t("At most once a day; your answer changes the plan. It can be deleted at any time."),
    },
    { mood: false, label: vscode.l10n.t("No questions, please") },
  ];
  const title = vscode.l10n.t("May the tutor ask how it goes?");
  return (
    await vscode.window.showQuickPick(
      first(items, (item) => item.mood === me?.consents.mood),
      { title, ignoreFocusOut: true },
    )
  )?.mood;
}

/** What was chosen last stands first. */
function first<T>(items: T[], chosen: (item: T) => boolean): T[] {
  return [...items.filter(chosen), ...items.filter((item) => !chosen(item))];
}
