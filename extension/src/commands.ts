import * as vscode from "vscode";
import { complain } from "./complaint";
import type { Context } from "./context";
import type { Way } from "./views/courses";
import { explain } from "./views/trouble";
import type { Parts } from "./extension";
import type { GoalFolder } from "./goals/folders";
import {
  doubtMastery,
  endDaysOff,
  forgetMood,
  joinCourse,
  leaveCourse,
  pauseCourse,
  pickCourse,
  resumeCourse,
  takeDaysOff,
} from "./learner/choices";
import { stateProfile } from "./learner/profile";
import { forgetWorkspace, shareWorkspace } from "./learner/surroundings";

/** What a command may be called with: a goal's id, a node of a view, a concept, or nothing (the active editor's goal). */
type Argument =
  string | { goal?: string; concept?: string | { concept: string }; course?: { course: string } } | undefined;
type Command = (argument: Argument) => unknown;

/** Every command of package.json, by its name without `goals.`. */
export function commands(context: Context, parts: Parts): Record<string, Command> {
  const { opening, tests, panel, lesson, progress, contract, history, mood } = parts;
  const outbox = () => context.require().outbox;

  const goalOf = async (argument: Argument): Promise<string | undefined> => {
    if (typeof argument === "string") return argument;
    return argument?.goal ?? opening.current()?.goal ?? pickGoal(context);
  };
  const withGoal =
    (work: (goal: string) => unknown): Command =>
    async (argument) => {
      const goal = await goalOf(argument);
      if (goal !== undefined) await work(goal);
    };
  const withFolder = (work: (where: GoalFolder) => unknown): Command =>
    withGoal(async (goal) => work((await parts.folders.find(goal)) ?? (await opening.open(goal))));

  /** A goal that is not on this machine is opened and no more: what has just been written is no answer of theirs. */
  const withCode = (work: (where: GoalFolder) => unknown): Command =>
    withGoal(async (goal) => {
      const where = await parts.folders.find(goal);
      return where ? work(where) : opening.open(goal);
    });

  const withCourse =
    (way: Way, work: (context: Context, course: string) => Promise<void>): Command =>
    async (argument) => {
      const chosen = typeof argument === "object" ? argument.course?.course : undefined;
      const course = chosen ?? (await pickCourse(context, way));
      if (course !== undefined) await work(context, course);
    };

  return {
    signIn: async () => {
      const shown = await context.provider.createSession();
      await context.enter(await context.sessions.get(shown.id));
    },
    signOut: () => signOut(context),
    switchAccount: () => switchAccount(context),
    refresh: () => context.require().state.renew(),
    openGoal: withGoal((goal) => opening.open(goal)),
    showStatement: withGoal((goal) => panel.show(goal, "task")),
    openLesson: async (argument) => {
      const concept = conceptOf(argument);
      if (concept !== undefined) return lesson.show(concept);
      const goal = await goalOf(argument);
      if (goal !== undefined) await panel.show(goal, "lesson");
    },
    run: withCode(({ goal }) => tests.run(goal, "run")),
    submit: withCode(({ goal }) => tests.run(goal, "submit")),
    cancelRun: withGoal((goal) => tests.cancelCurrent(goal)),
    hint: withGoal(async (goal) => {
      if (parts.feedback.rung(goal) < 5) await outbox().say("goals.hint.asked", { goal });
      await panel.show(goal, "task");
    }),
    history: withFolder((where) => history.show(where)),
    reset: withFolder((where) => history.reset(where)),
    putAway: withFolder(async (where) => {
      await history.putFileAway(where);
      await opening.open(where.goal);
    }),
    pauseGoal: withGoal((goal) => outbox().say("goals.goal.paused", { goal })),
    resumeGoal: withGoal((goal) => outbox().say("goals.goal.resumed", { goal })),
    swapGoal: withGoal((goal) => outbox().say("goals.goal.swapped", { goal })),
    showProgress: () => progress.show(),
    statePlan: () => stateProfile(context),
    shareWorkspace: () => shareWorkspace(context),
    forgetWorkspace: () => forgetWorkspace(context),
    joinCourse: withCourse("join", joinCourse),
    pauseCourse: withCourse("pause", pauseCourse),
    resumeCourse: withCourse("resume", resumeCourse),
    leaveCourse: withCourse("leave", leaveCourse),
    takeDaysOff: () => takeDaysOff(context),
    endDaysOff: () => endDaysOff(context),
    doubtMastery: async (argument) => {
      const concept = conceptOf(argument);
      if (concept !== undefined) await doubtMastery(context, concept);
    },
    wish: () => wish(context),
    answerMood: () => mood.answer(),
    forgetMood: () => forgetMood(context),
    why: withGoal((goal) => why(context, goal)),
    acceptContract: () => contract.accept(),
    syncNow: async () => {
      const { journal, live } = context.require();
      live.retry();
      await journal.again();
    },
    showTrouble: () => explain(context),
    openCopy: () => parts.lake.open(),
    showLog: () => context.log.show(),
    openSettings: () =>
      vscode.commands.executeCommand("workbench.action.openSettings", "@ext:ai-goals-tracker.ai-goals-tracker"),
  };
}

/** Registers them; what goes wrong is said once, with what helps. */
export function register(context: Context, table: Record<string, Command>): void {
  for (const [name, work] of Object.entries(table)) {
    const told = async (argument: Argument) => {
      try {
        await work(argument);
      } catch (error) {
        if (error instanceof vscode.CancellationError) return;
        await complain(context, error);
      }
    };
    context.add(vscode.commands.registerCommand(`goals.${name}`, told));
  }
}

function conceptOf(argument: Argument): string | undefined {
  if (typeof argument !== "object") return undefined;
  return typeof argument.concept === "string" ? argument.concept : argument.concept?.concept;
}

async function pickGoal(context: Context): Promise<string | undefined> {
  const daily = await context.require().state.need("daily");
  const items = (daily?.goals ?? []).map((goal) => ({
    label: goal.title,
    description: vscode.l10n.t("{0} min", goal.minutes),
    detail: goal.because,
    goal: goal.goal,
  }));
  return (await vscode.window.showQuickPick(items, { placeHolder: vscode.l10n.t("Which goal?") }))?.goal;
}

async function switchAccount(context: Context): Promise<void> {
  const sessions = await context.sessions.all();
  const another = { label: `$(add) ${vscode.l10n.t("Another account…")}`, id: "" };
  const items = [...sessions.map((one) => ({ label: one.email, description: one.server, id: one.id })), another];
  // A sign-in that ends just now takes the focus; the list stays until somebody chooses.
  const picked = await vscode.window.showQuickPick(items, { ignoreFocusOut: true });
  if (!picked) return;
  if (picked.id === "") await vscode.commands.executeCommand("goals.signIn");
  else await context.enter(await context.sessions.get(picked.id));
}

/** What was seen goes from this machine; what is not sent yet stays until its learner is back. */
async function signOut(context: Context): Promise<void> {
  const { session, outbox } = context.require();
  const waiting = outbox.count;
  await context.leave();
  await context.sessions.remove(session.id);
  if (waiting > 0) {
    const words = vscode.l10n.t(
      "{0} things are not sent yet: they stay on this machine until you sign in again.",
      waiting,
    );
    void vscode.window.showInformationMessage(words);
  }
}

async function wish(context: Context): Promise<void> {
  const title = vscode.l10n.t("What would you like to work on?");
  const text = await vscode.window.showInputBox({
    title,
    placeHolder: vscode.l10n.t("Something with dates, a parser, more loops…"),
  });
  if (text) await context.require().outbox.say("goals.wish.stated", { text });
}

async function why(context: Context, goal: string): Promise<void> {
  const detail = await context.require().state.goalDetail(goal);
  await vscode.window.showInformationMessage(detail.title, { modal: true, detail: detail.because });
}
