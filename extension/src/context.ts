import { randomUUID } from "node:crypto";
import path from "node:path";
import * as vscode from "vscode";
import { exclusive } from "./auth/lock";
import { Provider } from "./auth/provider";
import { type Session, Sessions } from "./auth/sessions";
import { Config } from "./config";
import { Disposables, Signal } from "./disposable";
import { Learner } from "./learner/learner";
import type { Part } from "./learner/state";
import type { Passing, Stored } from "./protocol/cloudevent";
import type { Line } from "./server/live";
import { Answered, Incompatible, ServerError, SignedOut, Unreachable } from "./server/errors";

const ACTIVE = "goals.account";
/** Sequences are written down this often, in milliseconds; what is told twice after a crash is harmless. */
const CURSOR_EVERY = 5_000;

/** What every part of the extension shares; owns the sign-in and who is signed in. */
export class Context extends Disposables {
  readonly config = new Config();
  readonly log: vscode.LogOutputChannel;
  readonly sessions: Sessions;
  readonly provider: Provider;
  readonly storage: string;
  readonly window = randomUUID();
  readonly onLearner = new Signal<Learner | null>();
  readonly onStored = new Signal<Stored>();
  readonly onPassing = new Signal<Passing>();
  readonly onLine = new Signal<Line>();
  readonly onState = new Signal<Part>();
  learner: Learner | null = null;

  constructor(readonly extension: vscode.ExtensionContext) {
    super();
    this.storage = extension.globalStorageUri.fsPath;
    this.log = this.add(vscode.window.createOutputChannel("AI Goals Tracker", { log: true }));
    this.sessions = new Sessions(extension.secrets, exclusive(path.join(this.storage, "sessions.lock")), () =>
      Date.now(),
    );
    this.provider = this.add(new Provider(this.sessions, () => this.config.server));
    this.add(this.sessions.onEnded.on((session) => this.signInEnded(session)));
    this.add(
      this.sessions.onChanged.on(({ removed }) => {
        if (removed.some((one) => one.id === this.learner?.session.id)) void this.leave();
      }),
    );
    this.add({ dispose: () => this.learner?.dispose() });
  }

  newId = (): string => randomUUID();
  now = (): Date => new Date();

  /** Whoever was signed in last on this machine; nobody is asked anything. */
  async start(): Promise<void> {
    const all = await this.sessions.all();
    const wanted = this.extension.globalState.get<string>(ACTIVE);
    const session = all.find((one) => one.id === wanted) ?? all[0];
    if (session) await this.enter(session);
    await setContext("ready", true);
  }

  async enter(session: Session): Promise<void> {
    await this.leave();
    const cursor = `goals.cursor.${session.id}`;
    const learner = await Learner.open(session, {
      storage: this.storage,
      window: this.window,
      sessions: this.sessions,
      after: this.extension.globalState.get<number>(cursor) ?? null,
      newId: this.newId,
      now: this.now,
      failed: (error) => this.log.debug(`not refreshed: ${said(error)}`),
    });
    this.learner = learner;
    learner.add(learner.live.onStored.on((event) => this.onStored.fire(event)));
    learner.add(learner.live.onPassing.on((event) => this.onPassing.fire(event)));
    learner.add(learner.live.onLine.on((line) => this.lined(line)));
    learner.add(learner.state.onChange.on((part) => this.onState.fire(part)));
    learner.add(
      learner.outbox.onRefused.on(({ event, problem }) => this.log.warn(`${event.type} refused: ${problem.detail}`)),
    );
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
    await setContext("ended", false);
    this.onLearner.fire(learner);
    await learner.start();
  }

  /** The one who is signed in. Raises SignedOut. */
  require(): Learner {
    if (!this.learner) throw new SignedOut(vscode.l10n.t("You are not signed in."));
    return this.learner;
  }

  async leave(): Promise<void> {
    const learner = this.learner;
    if (!learner) return;
    this.learner = null;
    learner.dispose();
    await setContext("signedIn", false);
    this.onLearner.fire(null);
  }

  private lined(line: Line): void {
    void setContext("reachable", line.state === "open");
    if (line.state === "away") this.log.info(`away: ${line.error.message}`);
    if (line.state === "open") this.log.info("connected");
    this.onLine.fire(line);
  }

  private signInEnded(session: Session): void {
    this.log.info(`the sign-in of ${session.email} has ended`);
    void setContext("ended", true);
  }
}

export async function setContext(name: string, value: unknown): Promise<void> {
  await vscode.commands.executeCommand("setContext", `goals.${name}`, value);
}

/** An error as a learner reads it: what happened, and what helps. */
export function said(error: unknown): string {
  if (error instanceof Answered)
    return error.problem.remedy ? `${error.problem.detail} ${error.problem.remedy}` : error.message;
  if (error instanceof Incompatible) {
    return vscode.l10n.t(
      "This server speaks another protocol than this extension. Update whichever is older. ({0})",
      error.said,
    );
  }
  if (error instanceof SignedOut) return vscode.l10n.t("Sign in to go on; what you did is kept.");
  if (error instanceof Unreachable) return vscode.l10n.t("{0} does not answer ({1}).", error.server, error.why);
  if (error instanceof ServerError || error instanceof Error) return error.message;
  return String(error);
}
