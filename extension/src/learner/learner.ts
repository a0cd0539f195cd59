import path from "node:path";
import type { Session, Sessions } from "../auth/sessions";
import type { Clock } from "../clock";
import { Disposables } from "../disposable";
import { Asked } from "../outbox/asked";
import { JournalFolder } from "../outbox/folder";
import type { Journal } from "../outbox/journal";
import { Outbox } from "../outbox/outbox";
import { Api } from "../server/api";
import { Live } from "../server/live";
import { Ahead } from "./ahead";
import { Cache } from "./cache";
import { home } from "./home";
import { State } from "./state";

export interface Surroundings {
  /** The extension's own folder. */
  storage: string;
  /** This window. */
  window: string;
  sessions: Sessions;
  after: number | null;
  newId: () => string;
  clock: Clock;
  failed: (error: unknown) => void;
}

/** Somebody who is signed in: what is asked, said, heard and shown of them. Ends with the sign-in or the window. */
export class Learner extends Disposables {
  private closed: Promise<unknown> = Promise.resolve();

  private constructor(
    readonly session: Session,
    readonly api: Api,
    readonly live: Live,
    readonly journal: Journal,
    readonly outbox: Outbox,
    readonly asked: Asked,
    readonly state: State,
    ahead: Ahead,
    cache: Cache,
  ) {
    super();
    this.add({ dispose: () => (this.closed = Promise.all([journal.close(), cache.close()])) });
    this.add(live);
    this.add(outbox);
    this.add(asked);
    this.add(state);
    this.add(ahead);
    this.add(live.onStored.on((event) => state.take(event)));
    this.add(live.onStored.on((event) => ahead.take(event)));
    this.add(outbox.onRefused.on(({ event }) => state.retract(event.id)));
    this.add(
      live.onLine.on((line) => {
        if (line.state === "open") void state.renew();
      }),
    );
  }

  static async open(session: Session, around: Surroundings): Promise<Learner> {
    const { server, learner } = session;
    const tokens = around.sessions.tokens(session.id);
    const own = home(around.storage, learner);
    const folder = new JournalFolder(path.join(own, "outbox"), around.window);
    const journal = await folder.own();
    await folder.adopt(journal);
    const api = new Api(server, tokens);
    const live = new Live({ server, tokens, after: around.after, random: Math.random });
    live.onTime.on((time) => around.clock.hear(time));
    const outbox = new Outbox(journal, live, around.newId, around.clock.now);
    const asked = new Asked(outbox, live);
    const cache = new Cache(path.join(own, "seen"));
    const state = new State(api, cache, around.failed);
    const ahead = new Ahead(
      state,
      () => live.line.state === "open",
      (files) => cache.prune(files),
    );
    return new Learner(session, api, live, journal, outbox, asked, state, ahead, cache);
  }

  /** What was said by way of `other`, which had ended, until this one took its place. */
  async takeOver(other: Learner): Promise<void> {
    const late = other.journal.pending().filter(({ id }) => !this.journal.has(id));
    await Promise.all(late.map((event) => this.journal.put(event)));
  }

  /** Ends it; resolves when all that was said is on disk, and nothing more is written. */
  async end(): Promise<void> {
    this.dispose();
    await this.closed;
  }

  async start(): Promise<void> {
    this.live.start();
    await this.state.start();
  }
}
