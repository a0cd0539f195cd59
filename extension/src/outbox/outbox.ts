import { Disposables, Signal } from "../disposable";
import type { Interaction, Sent, Stored } from "../protocol/cloudevent";
import { interaction } from "../protocol/cloudevent";
import type { InteractionResult, InteractionType, Problem } from "../protocol/generated";
import { Incompatible } from "../server/errors";
import type { Live } from "../server/live";
import type { Journal } from "./journal";

/** On their way at once; the server takes 50 a second of a learner and 4 runs at a time. */
const IN_FLIGHT = 32;
const RUNS_IN_FLIGHT = 2;
/** Milliseconds until what the server did not acknowledge, or was too busy for, is sent again. */
const PATIENCE = 15_000;
const BUSY = 1_500;
/** Seconds for which a "too many" is a pace to keep. What would have to wait longer nobody wants any more by then. */
const A_MOMENT = 60;
/** The problem of a server that is older than an event of ours. */
const UNKNOWN = ":unknown-event-type";
const RUN = "goals.run.requested";
const RUN_ENDS = new Set(["goals.run.finished", "goals.run.cancelled"]);

export interface Refusal {
  event: Interaction;
  problem: Problem;
}

/**
 * Says what the learner does: first to the journal, then over the socket, again after every cut until the server has
 * it. A run is kept until its end is known, so that neither side's crash leaves it without one.
 */
export class Outbox extends Disposables {
  /** Each time one leaves this machine, also when it is sent again. */
  readonly onSent = new Signal<Interaction>();
  readonly onRefused = new Signal<Refusal>();
  readonly onCount = new Signal<number>();
  /** Why some of it waits although the line is open: the server does not know its kind. */
  outdated: Incompatible | null = null;
  private readonly sent = new Map<string, NodeJS.Timeout>();
  private readonly runsSent = new Set<string>();
  /** Runs that have left this machine, on this connection or on one before. */
  private readonly runsLeft = new Set<string>();
  private readonly held = new Set<string>();

  constructor(
    private readonly journal: Journal,
    private readonly live: Live,
    private readonly newId: () => string,
    private readonly now: () => Date,
  ) {
    super();
    this.add(live.onLine.on((line) => (line.state === "open" ? this.pump() : this.forget())));
    this.add(live.onAck.on((result) => this.acknowledged(result)));
    this.add(live.onStored.on((event) => this.stored(event)));
    this.add({ dispose: () => this.forget() });
  }

  get count(): number {
    return this.journal.pending().length;
  }

  /** Resolves once it is durable on this machine; sending goes on by itself. */
  async say<T extends InteractionType>(type: T, data: Sent<T>, id = this.newId()): Promise<Interaction<T>> {
    const event = interaction(type, data, id, this.now());
    await this.journal.put(event);
    this.onCount.fire(this.count);
    this.pump();
    return event;
  }

  /** Keeps `event` through a crash without sending it yet. */
  draft(event: Interaction): void {
    void this.journal.draft(event);
  }

  /** A run whose end came otherwise than over the socket. */
  settle(id: string): void {
    this.finish(id);
  }

  /** Takes back a run that has not left this machine. Returns whether it had not. */
  withdraw(id: string): boolean {
    if (this.runsLeft.has(id) || !this.journal.has(id)) return false;
    this.finish(id);
    return true;
  }

  /** Sends what is not on its way, oldest first. Runs wait for room, and nothing waits for runs. */
  pump(): void {
    if (this.live.line.state !== "open") return;
    for (const event of this.journal.pending()) {
      if (this.sent.size >= IN_FLIGHT) return;
      if (this.sent.has(event.id) || this.held.has(event.id)) continue;
      const run = event.type === RUN;
      if (run && (this.runsSent.has(event.id) || this.runsSent.size >= RUNS_IN_FLIGHT)) continue;
      if (!this.live.send(event)) return;
      this.onSent.fire(event);
      if (run) for (const each of [this.runsSent, this.runsLeft]) each.add(event.id);
      this.sent.set(
        event.id,
        this.later(PATIENCE, () => this.again(event.id)),
      );
    }
  }

  private again(id: string): void {
    this.sent.delete(id);
    this.runsSent.delete(id);
    this.pump();
  }

  private acknowledged({ id, status, problem }: InteractionResult): void {
    if (id === null || !this.journal.has(id)) return;
    clearTimeout(this.sent.get(id));
    this.sent.delete(id);
    if (status === "refused" && problem) this.refused(id, problem);
    else if (!this.runsSent.has(id)) this.finish(id);
    this.pump();
  }

  private refused(id: string, problem: Problem): void {
    this.runsSent.delete(id);
    if (problem.type.endsWith(UNKNOWN)) {
      this.held.add(id); // until the next connection: perhaps to a server that knows it
      this.outdated = new Incompatible(this.live.server, "server", problem.detail);
      this.onCount.fire(this.count);
      return;
    }
    const seconds = problem.retry_after ?? 0;
    if (problem.status >= 500 || (problem.status === 429 && seconds <= A_MOMENT)) {
      this.held.add(id);
      this.later(Math.max(BUSY, 1_000 * Math.min(seconds, A_MOMENT)), () => {
        this.held.delete(id);
        this.pump();
      });
      return;
    }
    const event = this.journal.pending().find((one) => one.id === id);
    this.finish(id);
    if (event) this.onRefused.fire({ event, problem });
  }

  private stored(event: Stored): void {
    if (RUN_ENDS.has(event.type) && event.causationid !== undefined) this.finish(event.causationid);
  }

  private finish(id: string): void {
    for (const each of [this.runsSent, this.runsLeft]) each.delete(id);
    clearTimeout(this.sent.get(id));
    this.sent.delete(id);
    void this.journal.done(id);
    this.onCount.fire(this.count);
    this.pump();
  }

  /** The line is cut: all that was on its way may not have arrived. */
  private forget(): void {
    for (const timer of this.sent.values()) clearTimeout(timer);
    this.sent.clear();
    this.runsSent.clear();
    this.held.clear();
    this.outdated = null;
  }

  private later(ms: number, then: () => void): NodeJS.Timeout {
    const timer = setTimeout(then, ms);
    timer.unref();
    return timer;
  }
}
