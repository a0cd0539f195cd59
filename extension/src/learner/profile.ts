import * as vscode from "vscode";
import type { Context } from "../context";
import type { Me, ProfileStated } from "../protocol/generated";
import { type Change, stands, state } from "./stating";
import { shareWorkspace } from "./surroundings";

/** A part of what learners say of themselves. `now`: as it stands. `ask`: what is to change; undefined: nothing. */
interface Part {
  label: string;
  now(me: Me): string;
  ask(me: Me): Promise<Change | undefined>;
}

/** A newcomer says where they want to go, in four short questions; later each part is changed by itself. Esc leaves all as it was. */
export async function stateProfile(context: Context): Promise<void> {
  const me = await stands(context);
  const change = me.level === null ? await introduced(me) : await changed(context, me);
  if (change) await state(context, me, change);
}

async function introduced(me: Me): Promise<Change | undefined> {
  let all: Change = {};
  for (const part of [target(), level(), minutes(), mood()]) {
    const one = await part.ask(me);
    if (one === undefined) return undefined;
    all = { ...all, ...one };
  }
  return all;
}

async function changed(context: Context, me: Me): Promise<Change | undefined> {
  const items = [target(), job(), level(), minutes(), days(), mood()].map((part) => ({
    label: part.label,
    description: part.now(me),
    ask: () => part.ask(me),
  }));
  const held = [...me.languages, ...me.dependencies].join(", ");
  const workspace = {
    label: vscode.l10n.t("What your workspace holds"),
    description: held || vscode.l10n.t("not told"),
    ask: () => shareWorkspace(context).then(() => undefined),
  };
  const title = vscode.l10n.t("What is to change?");
  const picked = await vscode.window.showQuickPick([...items, workspace], { title, matchOnDescription: true });
  return picked?.ask();
}

const target = (): Part =>
  inWords("target", 200, vscode.l10n.t("What you want to be able to do"), {
    title: vscode.l10n.t("What do you want to be able to do?"),
    placeHolder: vscode.l10n.t("Automate my spreadsheets, understand my team's code…"),
  });

const job = (): Part =>
  inWords("job", 120, vscode.l10n.t("What you do"), {
    title: vscode.l10n.t("What do you do?"),
    placeHolder: vscode.l10n.t("Teacher, data analyst, student of biology…"),
  });

/** A part that is said in at most `most` characters of their own. */
function inWords(part: "target" | "job", most: number, label: string, shown: vscode.InputBoxOptions): Part {
  const tooLong = (text: string) => (text.length > most ? vscode.l10n.t("At most {0} characters.", most) : undefined);
  return {
    label,
    now: (me) => me[part],
    ask: async (me) => {
      const options = { ...shown, value: me[part], ignoreFocusOut: true, validateInput: tooLong };
      const said = await vscode.window.showInputBox(options);
      return said === undefined ? undefined : { [part]: said };
    },
  };
}

const levels = (): (vscode.QuickPickItem & { level: NonNullable<ProfileStated["level"]> })[] => [
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

const level = (): Part => ({
  label: vscode.l10n.t("Level"),
  now: (me) => levels().find((one) => one.level === me.level)?.label ?? "",
  ask: async (me) => {
    const picked = await pick(levels(), vscode.l10n.t("Where do you stand?"), ({ level }) => level === me.level);
    return picked && { level: picked.level };
  },
});

const minutes = (): Part => ({
  label: vscode.l10n.t("Time a day"),
  now: (me) => vscode.l10n.t("{0} minutes a day", me.minutes),
  ask: async (me) => {
    const items = [15, 30, 45, 60, 90].map((minutes) => ({
      minutes,
      label: vscode.l10n.t("{0} minutes a day", minutes),
    }));
    const picked = await pick(items, vscode.l10n.t("How much time a day?"), ({ minutes }) => minutes === me.minutes);
    return picked && { minutes: picked.minutes };
  },
});

/** Monday first, as the server counts them. */
const weekdays = (): string[] => {
  const format = new Intl.DateTimeFormat(vscode.env.language, { weekday: "long", timeZone: "UTC" });
  return Array.from({ length: 7 }, (_, day) => format.format(Date.UTC(2024, 0, 1 + day)));
};

const days = (): Part => ({
  label: vscode.l10n.t("Days you learn on"),
  now: (me) =>
    me.days_off.length === 0
      ? vscode.l10n.t("every day")
      : weekdays()
          .filter((_, day) => !me.days_off.includes(day))
          .join(", "),
  ask: async (me) => {
    const items = weekdays().map((label, day) => ({ label, day, picked: !me.days_off.includes(day) }));
    const title = vscode.l10n.t("On which days do you learn?");
    const picked = await vscode.window.showQuickPick(items, { title, canPickMany: true, ignoreFocusOut: true });
    if (picked === undefined) return undefined;
    if (picked.length === 0) throw new Error(vscode.l10n.t("Leave one day to learn on, or pause your goals."));
    const off = items.filter((item) => !picked.includes(item)).map(({ day }) => day);
    return { days_off: off };
  },
});

const mood = (): Part => ({
  label: vscode.l10n.t("Questions how it goes"),
  now: (me) => (me.consents.mood ? vscode.l10n.t("at most once a day") : vscode.l10n.t("none")),
  ask: async (me) => {
    const items = [
      {
        mood: true,
        label: vscode.l10n.t("Yes, ask me"),
        detail: vscode.l10n.t("At most once a day; your answer changes the plan. It can be deleted at any time."),
      },
      { mood: false, label: vscode.l10n.t("No questions, please") },
    ];
    const title = vscode.l10n.t("May the tutor ask how it goes?");
    const picked = await pick(items, title, ({ mood }) => mood === me.consents.mood);
    return picked && { consent_mood: picked.mood };
  },
});

/** What was chosen last stands first. */
async function pick<T extends vscode.QuickPickItem>(items: T[], title: string, chosen: (item: T) => boolean) {
  const ordered = [...items.filter(chosen), ...items.filter((item) => !chosen(item))];
  return vscode.window.showQuickPick(ordered, { title, ignoreFocusOut: true });
}
