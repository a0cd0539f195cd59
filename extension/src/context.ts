import { randomUUID } from "node:crypto";
import path from "node:path";
import * as vscode from "vscode";
import { exclusive } from "./auth/lock";
import { Provider } from "./auth/provider";
import { KEY, type Session, Sessions } from "./auth/sessions";
import { Clock } from "./clock";
import { complain } from "./complaint";
import { Config } from "./config";
import { Disposables, Signal } from "./disposable";
import { forgetAll, forgetSeen } from "./learner/home";
import { Learner } from "./learner/learner";
import type { Part } from "./learner/state";
import type { Passing, Stored } from "./protocol/cloudevent";
import { SignedOut } from "./server/errors";
import { speak } from "./server/language";
import type { Line } from "./server/live";
import { said } from "./said";

const ACTIVE = "goals.account";
const OFFSET = "goals.clock";
/** Sequences are written down this often, in milliseconds; what is told twice after a crash is harmless. */
const CURSOR_EVERY = 5_000;

/** What every part of the extension shares; owns the sign-in and who is signed in. */
export class Context extends Disposables {
  readonly config = new Config();
  readonly log: vscode.LogOutputChannel;
  readonly sessions: Sessions;
  readonly provider: Provider;
  readonly clock: Clock;
  readonly storage: string;
  readonly window = randomUUID();
  readonly onLearner = new Signal<Learner | null>();
  /** What still grows in memory is to be said now: the learner is about to change. */
  readonly onLeaving = new Signal<void>();
  readonly onStored = new Signal<Stored>();
  readonly onPassing = new Signal<Passing>();
  readonly onLine = new Signal<Line>();
  readonly onState = new Signal<Part>();
  learner: Learner | null = null;
  private turn: Promise<unknown> = Promise.resolve();

  constructor(readonly extension: vscode.ExtensionContext) {
    super();
    speak(vscode.env.language);
    this.storage = extension.globalStorageUri.fsPath;
    this.log = this.add(vscode.window.createOutputChannel("AI Goals Tracker", { log: true }));
    this.clock = new Clock(() => Date.now(), extension.globalState.get<number>(OFFSET) ?? 0);
    this.sessions = new Sessions(extension.secrets, exclusive(path.join(this.storage, "sessions.lock")), () =>
      Date.now(),
    );
    this.provider = this.add(new Provider(this.sessions, () => this.config.server));
    this.add(this.sessions.onEnded.on((session) => this.signInEnded(session)));
    this.add(this.sessions.onSignedOut.on((session) => void this.leave(session.id).then(() => this.forget(session))));
    this.add(this.sessions.onErased.on((session) => void this.erased(session)));
    this.add(
      this.sessions.onChanged.on(({ added: [added], removed }) => {
        if (added && !this.learner) void this.enter(added);
        for (const one of removed) if (!one.ended) void this.leave(one.id);
      }),
    );
    this.add(extension.secrets.onDidChange(({ key }) => key === KEY && void this.follow()));
    this.add(this.clock.onOffset.on((offset) => this.apart(offset)));
    this.add(vscode.window.onDidChangeWindowState(({ focused }) => focused && this.retry()));
    this.add({ dispose: () => this.learner?.dispose() });
  }

  newId = (): string => randomUUID();
  now = (): Date => this.clock.now();

  /** Whoever was signed in last on this machine; nobody is asked anything. */
  async start(): Promise<void> {
    const all = await this.sessions.all();
    const wanted = this.extension.globalState.get<string>(ACTIVE);
    const session = all.find((one) => one.id === wanted) ?? all[0];
    if (session) await this.enter(session);
    await setContext("ready", true);
  }

  /** One at a time; whoever signs in again goes on as if they had not been away. */
  enter(session: Session): Promise<void> {
    return this.inTurn(() => this.entered(session));
  }

  /** Whoever comes next waits until this one's work is on disk. `session`: if it is theirs. */
  leave(session?: string): Promise<void> {
    return this.inTurn(() => this.left(session));
  }

  private inTurn(work: () => Promise<void>): Promise<void> {
    const turn = this.turn.then(work);
    this.turn = turn.catch(() => undefined);
    return turn;
  }

  private async entered(session: Session): Promise<void> {
    const before = this.learner?.session.id === session.id ? this.learner : null;
    if (before) {
      if (!before.session.ended && before.session.access === session.access) return;
      this.onLeaving.fire();
      await before.end();
    } else await this.left();
    const cursor = `goals.cursor.${session.id}`;
    const learner = await Learner.open(session, {
      storage: this.storage,
      window: this.window,
      sessions: this.sessions,
      after: this.extension.globalState.get<number>(cursor) ?? null,
      newId: this.newId,
      clock: this.clock,
      failed: (error) => this.log.debug(`not refreshed: ${said(error)}`),
    });
    this.learner = learner;
    if (before) void learner.takeOver(before);
    learner.add(learner.live.onStored.on((event) => this.onStored.fire(event)));
    learner.add(learner.live.onPassing.on((event) => this.onPassing.fire(event)));
    learner.add(learner.live.onLine.on((line) => this.lined(line)));
    learner.add(learner.state.onChange.on((part) => this.onState.fire(part)));
    learner.add(
      learner.outbox.onRefused.on(({ event, problem }) => this.log.warn(`${event.type} refused: ${problem.detail}`)),
    );
    learner.add(learner.asked.onRefused.on((why) => void complain(this, why)));
    const keep = () => {
      if (learner.live.sequence !== null) void this.extension.globalState.update(cursor, learner.live.sequence);
    };
    const timer = setInterval(keep, CURSOR_EVERY);
    learner.add({
      dispose: () => {
        clearInterval(timer);
        keep();
      },
    });
    await this.extension.globalState.update(ACTIVE, session.id);
    await setContext("signedIn", true);
    await setContext("ended", session.ended === true);
    this.onLearner.fire(learner);
    await learner.start();
  }

  /** The one who is signed in. Raises SignedOut. */
  require(): Learner {
    if (!this.learner) throw new SignedOut(vscode.l10n.t("You are not signed in."));
    return this.learner;
  }

  private async left(session = this.learner?.session.id): Promise<void> {
    const learner = this.learner;
    if (learner?.session.id !== session || !learner) return;
    this.onLeaving.fire();
    this.learner = null;
    await learner.end();
    await setContext("signedIn", false);
    this.onLearner.fire(null);
  }

  /** Who comes back to the window, or runs something, does not wait for the pause between two tries to end. */
  retry(): void {
    const live = this.learner?.live;
    if (live?.line.state === "away") live.retry();
  }

  /** Drops what is remembered of somebody besides their unsent work. */
  private async forget({ id, learner }: Session): Promise<void> {
    const { globalState } = this.extension;
    await Promise.all([`goals.cursor.${id}`, ACTIVE].map((key) => globalState.update(key, undefined)));
    await forgetSeen(this.storage, learner);
  }

  /** Somebody signed out or in again in another window. */
  private async follow(): Promise<void> {
    const { learner } = this;
    if (!learner) return;
    const kept = (await this.sessions.all()).find((one) => one.id === learner.session.id);
    if (this.learner !== learner) return;
    if (!kept) {
      await this.leave(learner.session.id);
      await forgetSeen(this.storage, learner.session.learner); // this window may have written since the other deleted it
    } else if (!kept.ended && learner.live.trouble instanceof SignedOut) await this.enter(kept);
  }

  private lined(line: Line): void {
    void setContext("reachable", line.state === "open");
    if (line.state === "away") this.log.info(`away: ${line.error.message}`);
    if (line.state === "open") this.log.info("connected");
    this.onLine.fire(line);
  }

  /** They stay: what they do goes on being kept, and is sent when they are back. */
  private signInEnded(session: Session): void {
    this.log.info(`the sign-in of ${session.email} has ended`);
    if (session.id === this.learner?.session.id) void setContext("ended", true);
  }

  /** Their copy of the data goes by `Lake`; the files they wrote in their workspace are theirs. */
  private async erased(session: Session): Promise<void> {
    this.log.info(`the account ${session.email} is no more: what is kept of it on this machine is deleted`);
    await this.leave(session.id);
    await this.forget(session);
    await forgetAll(this.storage, session.learner);
    const gone = vscode.l10n.t("The account {0} was erased, and what this machine kept of it.", session.email);
    void vscode.window.showInformationMessage(gone);
  }

  private apart(offset: number): void {
    void this.extension.globalState.update(OFFSET, offset);
    const minutes = Math.round(offset / 60_000);
    this.log.info(`this machine's clock is ${minutes} minutes behind the server's: times are told by the server's`);
  }
}

export async function setContext(name: string, value: unknown): Promise<void> {
  await vscode.commands.executeCommand("setContext", `goals.${name}`, value);
}
