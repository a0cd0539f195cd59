import { type Disposable, Disposables, Signal } from "../disposable";
import type { StoredOf } from "../protocol/cloudevent";
import type { InteractionType } from "../protocol/generated";
import { Answered } from "../server/errors";
import type { Live } from "../server/live";
import type { Outbox } from "./outbox";

/** What goes on by itself while somebody works: they do not wait for an answer. A run's stands in the Test Explorer. */
const UNASKED = new Set<InteractionType>([
  "goals.code.edited",
  "goals.code.saved",
  "goals.goal.focused",
  "goals.goal.opened",
  "goals.message.dismissed",
  "goals.run.rehearsed",
  "goals.run.requested",
]);
/** So many of the latest are remembered: an answer comes within seconds, or it is an answer to nobody any more. */
const REMEMBERED = 100;

/**
 * What the learner asked for in this window, and what is said to it in the end: why it cannot be, whichever way the
 * server says so (refused as it came, or denied by the access rule a moment later).
 */
export class Asked extends Disposables {
  /** For the learner to read; told once, in the window in which they asked. */
  readonly onRefused = new Signal<Answered>();
  private readonly ids = new Set<string>();
  private readonly askers = new Map<string, (why: Answered) => void>();

  constructor(outbox: Outbox, live: Live) {
    super();
    this.add(outbox.onSent.on(({ id, type }) => !UNASKED.has(type) && this.remember(id)));
    this.add(outbox.onRefused.on(({ event, problem }) => this.refused(event.id, new Answered(problem))));
    this.add(
      live.onStored.on((event) => {
        if (event.type === "goals.access.denied") this.refused(event.correlationid, denial(event));
      }),
    );
  }

  /** Whether this window asked for it lately. */
  here(id: string): boolean {
    return this.ids.has(id);
  }

  /** Whoever asks for `id` and tells the learner themself, until this ends: it is said nowhere else. */
  answering(id: string, tell: (why: Answered) => void): Disposable {
    this.askers.set(id, tell);
    return { dispose: () => this.askers.delete(id) };
  }

  private remember(id: string): void {
    this.ids.delete(id);
    this.ids.add(id);
    const [oldest] = this.ids;
    if (this.ids.size > REMEMBERED && oldest !== undefined) this.ids.delete(oldest);
  }

  private refused(id: string, why: Answered): void {
    if (!this.ids.has(id)) return;
    const asker = this.askers.get(id);
    if (asker) asker(why);
    else this.onRefused.fire(why);
  }
}

/** As the problem with which the API answers where it refuses the same at once. */
function denial({ data: { reason, text, remedy } }: StoredOf<"goals.access.denied">): Answered {
  const type = "urn:goals:problem:not-allowed";
  return new Answered({ type, title: "Not allowed", status: 403, detail: text, reason, remedy });
}
