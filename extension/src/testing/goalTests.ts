import { setTimeout as pause } from "node:timers/promises";
import * as vscode from "vscode";
import { complain } from "../complaint";
import type { Context } from "../context";
import { Disposables, Signal } from "../disposable";
import { readCode, textOf } from "../goals/code";
import type { Folders, GoalFolder } from "../goals/folders";
import type { Newer } from "../goals/newer";
import type { LocalRunner } from "../offline/localRunner";
import type { Passing, Stored } from "../protocol/cloudevent";
import type { RunFinished, SeenCase } from "../protocol/generated";
import { said } from "../said";
import { Turns } from "../turns";
import type { Shown, Verdict } from "./cases";
import { GoalItems } from "./items";
import { Judged } from "./judged";
import { GoalRun, type Purpose } from "./run";
import { moved } from "./tree";

/** Milliseconds in which what was missed comes together; only a goal's latest run is shown. */
const TOGETHER = 150;
const RUN = "goals.run.requested";

export interface RunEnded {
  goal: string;
  passed: number;
  total: number;
  purpose: string;
  provisional: boolean;
}

/** The Testing API's side of goals: items for the goals on this machine, runs on save, on demand and continuously. */
export class GoalTests extends Disposables {
  readonly onBegin = new Signal<GoalRun>();
  readonly onProgress = new Signal<GoalRun>();
  readonly onEnd = new Signal<RunEnded>();
  /** A goal was run, and not by this window. */
  readonly onElsewhere = new Signal<string>();
  readonly last = new Map<string, RunEnded>();
  /** Of each goal's latest run, case by case. */
  readonly verdicts = new Map<string, ReadonlyMap<string, Verdict>>();
  private readonly controller: vscode.TestController;
  private readonly items: GoalItems;
  private readonly going = new Map<string, GoalRun>();
  private readonly latest = new Map<string, string>();
  /** How many saves of a document are under way with a run. */
  private readonly saving = new Map<string, number>();
  /** Runs that were not of this window, and what begins here since. */
  private readonly others = new Turns();
  /** Ends of runs; one may be told completely only after the next has come. */
  private readonly ends = new Turns();
  /** Runs that were cancelled here, until the server has told how they ended. */
  private readonly cancelled = new Set<string>();
  /** Which run's lines are those of a goal's file. */
  readonly judged = new Judged();
  private readonly unconfirmed = new Map<string, Purpose>();
  private readonly continuous = new Set<vscode.TestRunRequest>();

  constructor(
    private readonly context: Context,
    private readonly folders: Folders,
    private readonly newer: Newer,
    private readonly local: LocalRunner,
  ) {
    super();
    this.controller = this.add(vscode.tests.createTestController("goals", vscode.l10n.t("Goals")));
    this.items = new GoalItems(context, folders, this.controller);
    this.controller.refreshHandler = () => this.items.refresh();
    const kind = vscode.TestRunProfileKind.Run;
    const run = this.controller.createRunProfile(
      vscode.l10n.t("Run Cases"),
      kind,
      (asked, token) => this.asked("run", asked, token),
      true,
    );
    run.supportsContinuousRun = true;
    this.controller.createRunProfile(
      vscode.l10n.t("Submit"),
      kind,
      (asked, token) => this.asked("submit", asked, token),
      false,
    );
    this.add(folders.onChange.on(() => void this.items.refresh()));
    this.add(context.onLearner.on((learner) => this.entered(learner !== null)));
    this.add(context.onPassing.on((event) => this.passing(event)));
    this.add(context.onStored.on((event) => this.stored(event)));
    this.add(vscode.workspace.onDidSaveTextDocument((document) => this.saved(document)));
  }

  /** Whether the goal's latest run goes on; one before it may wait for the server. */
  running(goal: string): boolean {
    return this.going.has(this.latest.get(goal) ?? "");
  }

  /** Runs the code as it stands in the editor. Resolves when the run is over; raises what stops it from beginning. */
  async run(goal: string, purpose: Purpose, request?: vscode.TestRunRequest): Promise<GoalRun> {
    const where = await this.folders.find(goal);
    if (!where) throw new Error(vscode.l10n.t("Open the goal first: its files are not in this workspace."));
    const { document, code } = await readCode(where);
    if (document.isDirty) this.save(document);
    return this.begin(where, code, purpose, request);
  }

  private async begin(
    where: GoalFolder,
    code: string,
    purpose: Purpose,
    request?: vscode.TestRunRequest,
  ): Promise<GoalRun> {
    const { goal } = where;
    const { state } = this.context.require();
    const detail = state.goal(goal) ?? (await state.goalDetail(goal));
    const root = await this.items.of(detail, where);
    const learner = this.context.require(); // they may have left meanwhile
    moved(root, detail, code);
    const test = this.controller.createTestRun(request ?? new vscode.TestRunRequest([root]), detail.title, true);
    const run = new GoalRun(this.context.newId(), purpose, detail, where, test, root);
    this.going.set(run.id, run);
    this.latest.set(goal, run.id);
    this.verdicts.set(goal, run.tally.verdicts);
    // VS Code keeps every run until its results are cleared (microsoft/vscode#336408): ours must not hang on it.
    const cancelled = run.token.onCancellationRequested(() => this.cancel(run));
    void run.ended.then(() => void cancelled.dispose());
    this.newer.ran(goal, code);
    this.others.begin(goal);
    this.judged.begun(goal);
    this.onBegin.fire(run);
    const sent = learner.outbox.say(RUN, { goal, code, purpose }, run.id);
    void this.local.beside(run, code, () => this.onProgress.fire(run)).then((judged) => judged && this.guessed(run));
    await sent;
    this.context.retry();
    if (learner.live.line.state !== "open")
      run.output(vscode.l10n.t("The server is away: this run is kept and sent when it is back."));
    return run;
  }

  cancelCurrent(goal: string): void {
    for (const run of this.going.values()) if (run.detail.goal === goal) this.cancel(run);
  }

  private cancel(run: GoalRun): void {
    const learner = this.context.learner;
    if (!this.going.has(run.id)) return;
    if (learner && !learner.outbox.withdraw(run.id)) {
      this.cancelled.add(run.id);
      learner.live.send({ type: "goals.run.cancel", id: this.context.newId(), data: { run: run.id } });
      if (learner.live.line.state !== "open") learner.outbox.settle(run.id);
    }
    this.over(run, "cancelled");
  }

  private async asked(
    purpose: Purpose,
    request: vscode.TestRunRequest,
    token: vscode.CancellationToken,
  ): Promise<void> {
    if (request.continuous) {
      this.continuous.add(request);
      token.onCancellationRequested(() => this.continuous.delete(request));
      return;
    }
    const wanted = request.include ?? [...this.controller.items].map(([, item]) => item);
    const goals = new Set(wanted.map((item) => root(item).id));
    for (const goal of goals) await this.tell(() => this.run(goal, purpose, request));
  }

  /** With a run that is asked for; the save is no wish for another one. */
  private save(document: vscode.TextDocument): void {
    const name = document.uri.toString();
    const count = (by: number) => this.saving.set(name, (this.saving.get(name) ?? 0) + by);
    count(1);
    void Promise.resolve(document.save())
      .catch((error: unknown) => this.context.log.info(`${name} not saved: ${said(error)}`))
      .finally(() => count(-1));
  }

  private saved(document: vscode.TextDocument): void {
    const where = this.folders.of(document.uri);
    if (!where || !this.context.learner || this.saving.get(document.uri.toString())) return;
    const watched = [...this.continuous].some(
      (asked) => !asked.include || asked.include.some((item) => root(item).id === where.goal),
    );
    if (watched || this.context.config.runOnSave(document.uri))
      void this.tell(async () => this.begin(where, textOf(document, where), "run"));
  }

  private async tell(work: () => Promise<unknown>): Promise<void> {
    try {
      await work();
    } catch (error) {
      void complain(this.context, error);
    }
  }

  // --- what the server says

  private passing({ type, data }: Passing): void {
    const run = this.going.get(String(data["request"]));
    if (!run) return;
    if (type === "goals.run.case") run.take(data as unknown as Shown);
    else if (type === "goals.run.queued") run.queued(Number(data["position"]));
    else if (type === "goals.run.printed") run.printed(String(data["case"]), String(data["text"]));
    else if (type === "goals.run.problem")
      run.output(vscode.l10n.t("The server could not keep this run yet; it is sent again."));
    this.onProgress.fire(run);
  }

  private stored(event: Stored): void {
    if (event.type !== "goals.run.finished" && event.type !== "goals.run.cancelled") return;
    const run = this.going.get(event.causationid ?? "");
    if (event.type === "goals.run.cancelled") {
      this.cancelled.delete(event.causationid ?? "");
      if (run) this.over(run, "cancelled");
      return;
    }
    void this.finished(event.data, run, event.causationid ?? "");
  }

  private async finished(data: RunFinished, going: GoalRun | undefined, request: string): Promise<void> {
    const { goal, passed, total, purpose, fault } = data;
    const newest = fault ? () => false : this.ends.begin(goal);
    const run = this.own(request, data) ? going : await this.elsewhere(request, data);
    if (run && !fault && run.tally.seen < total) await this.complete(run, data);
    if (run && fault)
      this.over(run, "failed", vscode.l10n.t("The run failed on our side; it cost you nothing. Run it again."));
    else if (run) this.over(run, "finished");
    const ended = { goal, passed, total, purpose, provisional: false };
    if (newest()) this.last.set(goal, ended);
    this.onEnd.fire(ended);
  }

  /** Whether the run was begun here and waited for; one that was cancelled may have ended before the server heard of it. */
  private own(request: string, { goal, run }: RunFinished): boolean {
    const own = this.cancelled.delete(request) || this.going.has(request);
    if (own && this.latest.get(goal) === request) this.judged.finished(goal, run, Promise.resolve(true));
    return own;
  }

  /**
   * Frames that were lost in a cut: failing cases from the record, and what is not among them has passed. Nothing is
   * guessed where it cannot be had, or has too few of the visible ones, which stand first.
   */
  private async complete(run: GoalRun, data: RunFinished): Promise<void> {
    const failing = await this.failing(data);
    if (failing === null) return;
    for (const seen of failing) run.take(seen);
    const failed = new Set(failing.map((seen) => seen.id));
    const all = failing.length >= data.failed || failing.some((seen) => !seen.visible);
    for (const one of all ? run.detail.cases : []) {
      if (failed.has(one.id) || run.tally.verdicts.has(one.id)) continue;
      run.take({ id: one.id, subtask: one.subtask, verdict: "passed", visible: true });
    }
    for (const [subtask, solved] of Object.entries(data.subtasks)) {
      if (solved) run.take({ subtask, verdict: "passed", visible: false });
    }
  }

  /** The failing cases of a run; null where they cannot be known now. */
  private async failing({ goal, run, passed, total }: RunFinished): Promise<SeenCase[] | null> {
    if (passed === total) return [];
    const history = await this.context.learner?.api.runs(goal).catch(() => null);
    return history?.runs.find((one) => one.run === run)?.cases ?? null;
  }

  /** This machine has judged all it can. Where the server is away that is all there is for now. */
  private guessed(run: GoalRun): void {
    const { goal } = run.detail;
    const learner = this.context.learner;
    if (!this.going.has(run.id) || !run.provisional || !learner) return;
    const { passed, failed } = run.rehearsal;
    if (this.context.config.activity)
      void learner.outbox.say("goals.run.rehearsed", { goal, run: run.id, passed, failed });
    if (learner.live.line.state === "open") return;
    this.unconfirmed.set(run.id, run.purpose);
    this.ends.begin(goal);
    this.over(run, "finished");
    this.last.set(goal, { goal, passed, total: passed + failed, purpose: run.purpose, provisional: true });
    this.onEnd.fire({ goal, passed, total: passed + failed, purpose: run.purpose, provisional: true });
  }

  /**
   * A run that is not going on here: judged here while the server was away and now by the server, or of another window
   * or machine. It gets a run of its own in the Test Explorer, if it is the goal's latest.
   */
  private async elsewhere(request: string, data: RunFinished): Promise<GoalRun | undefined> {
    const { goal } = data;
    const ours = this.unconfirmed.delete(request);
    const newest = this.others.begin(goal);
    const ofFile = ours ? Promise.resolve(this.latest.get(goal) === request) : this.met(goal, newest);
    this.judged.finished(goal, data.run, ofFile);
    this.onElsewhere.fire(goal);
    await Promise.all([ofFile, pause(TOGETHER)]);
    const where = this.folders.where(goal);
    const state = this.context.learner?.state;
    if (!where || !state || !newest() || this.running(goal)) return undefined;
    const detail = state.goal(goal) ?? (await state.goalDetail(goal).catch(() => undefined));
    if (!detail) return undefined;
    const root = await this.items.of(detail, where);
    if (!newest() || !this.context.learner) return undefined;
    const name = ours
      ? vscode.l10n.t("{0} · confirmed by the server", detail.title)
      : vscode.l10n.t("{0} · run elsewhere", detail.title);
    const test = this.controller.createTestRun(new vscode.TestRunRequest([root]), name, true);
    const run = new GoalRun(request, data.purpose, detail, where, test, root, await ofFile);
    this.verdicts.set(goal, run.tally.verdicts);
    return run;
  }

  /** Once what was run elsewhere is taken over, where it may be: whether it is what the file holds. */
  private async met(goal: string, newest: () => boolean): Promise<boolean> {
    await pause(TOGETHER);
    const where = this.folders.where(goal);
    if (!where || !newest() || this.running(goal)) return false;
    return this.newer.meet(where);
  }

  private over(run: GoalRun, how: "finished" | "cancelled" | "failed", why?: string): void {
    this.going.delete(run.id);
    run.end(how, why);
    this.onProgress.fire(run);
  }

  // --- who is signed in

  private entered(someone: boolean): void {
    if (someone) {
      const learner = this.context.require();
      learner.add(
        learner.outbox.onRefused.on(({ event, problem }) => {
          const run = this.going.get(event.id);
          if (run) this.over(run, "failed", problem.remedy ? `${problem.detail} ${problem.remedy}` : problem.detail);
        }),
      );
      void this.items.refresh();
    } else {
      this.items.clear();
      this.judged.clear();
      for (const run of this.going.values()) this.over(run, "cancelled");
    }
  }
}

function root(item: vscode.TestItem): vscode.TestItem {
  return item.parent ? root(item.parent) : item;
}
