import * as vscode from "vscode";
import { type Context, said } from "./context";
import type { Parts } from "./extension";
import { stateProfile } from "./learner/profile";

/** What a command may be called with: a goal's id, a node of a view, a concept, or nothing (the active editor's goal). */
type Argument = string | { goal?: string; concept?: string | { concept: string } } | undefined;
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
  const withFolder = (work: (where: NonNullable<ReturnType<Parts["folders"]["where"]>>) => unknown): Command =>
    withGoal(async (goal) => work(parts.folders.where(goal) ?? (await opening.open(goal))));

  return {
    signIn: async () => {
      const shown = await context.provider.createSession();
      await context.enter(await context.sessions.get(shown.id));
    },
    signOut: async () => {
      const session = context.require().session;
      await context.leave();
      await context.sessions.remove(session.id);
    },
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
    run: withFolder(({ goal }) => tests.run(goal, "run")),
    submit: withFolder(({ goal }) => tests.run(goal, "submit")),
    cancelRun: withGoal((goal) => tests.cancelCurrent(goal)),
    hint: withGoal(async (goal) => {
      if (parts.feedback.hints(goal).length < 5) await outbox().say("goals.hint.asked", { goal });
      await panel.show(goal, "task");
    }),
    history: withFolder((where) => history.show(where)),
    reset: withFolder((where) => history.reset(where)),
    pauseGoal: withGoal((goal) => outbox().say("goals.goal.paused", { goal })),
    swapGoal: withGoal((goal) => outbox().say("goals.goal.swapped", { goal })),
    showProgress: () => progress.show(),
    statePlan: () => stateProfile(context),
    wish: () => wish(context),
    answerMood: () => mood.answer(),
    why: withGoal((goal) => why(context, goal)),
    acceptContract: () => contract.accept(),
    syncNow: () => context.require().live.retry(),
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
        context.log.warn(`${name}: ${said(error)}`);
        await complain(said(error));
      }
    };
    context.add(vscode.commands.registerCommand(`goals.${name}`, told));
  }
}

async function complain(words: string): Promise<void> {
  const log = vscode.l10n.t("Show the Log");
  const choice = await vscode.window.showErrorMessage(words, log);
  if (choice === log) await vscode.commands.executeCommand("goals.showLog");
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
  const picked = await vscode.window.showQuickPick(items);
  if (!picked) return;
  if (picked.id === "") await vscode.commands.executeCommand("goals.signIn");
  else await context.enter(await context.sessions.get(picked.id));
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
