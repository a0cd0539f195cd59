import * as vscode from "vscode";
import type { Context } from "../context";
import { courseWays, type Way } from "../views/courses";
import { comesAfter, dayIn, later } from "./rest";
import { stands, stillStands } from "./stating";

/** Milliseconds for which it is said that something was done. */
const SAID = 5_000;
/** Characters that the server takes of a doubt. */
const DOUBT = 500;

/** The course to join, lay aside, take up or leave, where none was chosen in the view: of those where it is possible. */
export async function pickCourse(context: Context, way: Way): Promise<string | undefined> {
  const courses = (await context.require().state.need("courses"))?.courses ?? [];
  const items = courses
    .filter((one) => courseWays(one).includes(way))
    .map((one) => ({ label: one.title, course: one.course }));
  if (items.length === 0) throw new Error(vscode.l10n.t("There is no course with which that can be done now."));
  return (await vscode.window.showQuickPick(items, { placeHolder: vscode.l10n.t("Which course?") }))?.course;
}

/** By request, and not later: whether the contract covers it is known at once. Raises Answered, Unreachable. */
export async function joinCourse(context: Context, course: string): Promise<void> {
  await context.require().api.join(course, context.newId());
  done(vscode.l10n.t("You are in the course; its goals are planned in a moment."));
}

export async function pauseCourse(context: Context, course: string): Promise<void> {
  await context.require().outbox.say("goals.enrolment.paused", { course });
  done(vscode.l10n.t("Laid aside: its goals leave the plan, and its reviews wait."));
}

export async function resumeCourse(context: Context, course: string): Promise<void> {
  await context.require().outbox.say("goals.enrolment.resumed", { course });
  done(vscode.l10n.t("Taken up: it is planned again in a moment."));
}

export async function leaveCourse(context: Context, course: string): Promise<void> {
  const title = context.learner?.state.get("courses")?.courses.find((one) => one.course === course)?.title ?? course;
  const sure = await confirmed(
    vscode.l10n.t("Leave {0}?", title),
    vscode.l10n.t("What you did in it stays, and you may join it again."),
    vscode.l10n.t("Leave"),
  );
  if (sure) await context.require().outbox.say("goals.enrolment.left", { course });
}

/** Nothing is planned until the day they name; said again, the last word counts. */
export async function takeDaysOff(context: Context): Promise<void> {
  const me = await stands(context);
  const today = dayIn(me.timezone, context.now());
  const back = await pickDay(today);
  if (back === undefined) return;
  const now = await stillStands(context, me);
  const learner = context.require();
  const { id } = await learner.outbox.say("goals.learning.paused", { until: back });
  learner.state.suppose("me", { ...now, back }, id);
}

/** Back before that day: today is planned at once. */
export async function endDaysOff(context: Context): Promise<void> {
  const me = await stands(context);
  const learner = context.require();
  const { id } = await learner.outbox.say("goals.learning.resumed", {});
  learner.state.suppose("me", { ...me, back: null }, id);
  done(vscode.l10n.t("Welcome back: today is planned in a moment."));
}

async function pickDay(today: string): Promise<string | undefined> {
  const item = (label: string, days: number) => {
    const day = later(today, days);
    return { label, description: dayWord(day), day };
  };
  const other = { label: vscode.l10n.t("Another day…"), description: "", day: "" };
  const items = [
    item(vscode.l10n.t("Tomorrow"), 1),
    item(vscode.l10n.t("In three days"), 3),
    item(vscode.l10n.t("In a week"), 7),
    item(vscode.l10n.t("In two weeks"), 14),
    other,
  ];
  const picked = await vscode.window.showQuickPick(items, {
    title: vscode.l10n.t("When do you learn again?"),
    placeHolder: vscode.l10n.t("Until then nothing is planned, reviews wait, and nothing is lost."),
    ignoreFocusOut: true,
  });
  return picked === other ? askDay(today) : picked?.day;
}

async function askDay(today: string): Promise<string | undefined> {
  const wrong = vscode.l10n.t("A day after today, at most a year ahead, such as {0}.", later(today, 30));
  const said = await vscode.window.showInputBox({
    title: vscode.l10n.t("When do you learn again?"),
    value: later(today, 30),
    ignoreFocusOut: true,
    validateInput: (text) => (comesAfter(text.trim(), today) ? undefined : wrong),
  });
  return said?.trim();
}

/** A day as people write it here. */
export function dayWord(day: string): string {
  const format = { weekday: "long", day: "numeric", month: "long", timeZone: "UTC" } as const;
  return new Intl.DateTimeFormat(vscode.env.language, format).format(Date.parse(day));
}

/** "This is wrong": the answer comes as an event (`views/answers.ts`). */
export async function doubtMastery(context: Context, concept: string): Promise<void> {
  const text = await vscode.window.showInputBox({
    title: vscode.l10n.t("What is wrong with this figure?"),
    placeHolder: vscode.l10n.t("It was a slip; I knew this before… (may stay empty)"),
    prompt: vscode.l10n.t("The latest evidence is looked at again, and you are told what comes of it."),
    validateInput: (said) => (said.length > DOUBT ? vscode.l10n.t("At most {0} characters.", DOUBT) : undefined),
    ignoreFocusOut: true,
  });
  if (text !== undefined) await context.require().outbox.say("goals.mastery.questioned", { concept, text });
}

/** Deletes whatever was kept of the learner's answers how it goes; whether they are asked stays as they said. */
export async function forgetMood(context: Context): Promise<void> {
  const sure = await confirmed(
    vscode.l10n.t("Delete everything you said of your mood?"),
    vscode.l10n.t("It cannot be brought back. Whether you are asked again is another setting."),
    vscode.l10n.t("Delete"),
  );
  if (!sure) return;
  await context.require().outbox.say("goals.mood.forgotten", {});
  done(vscode.l10n.t("What was kept of your mood is being deleted."));
}

async function confirmed(question: string, detail: string, yes: string): Promise<boolean> {
  return (await vscode.window.showWarningMessage(question, { modal: true, detail }, yes)) === yes;
}

function done(words: string): void {
  vscode.window.setStatusBarMessage(words, SAID);
}
