import type { Journal } from "../../src/outbox/journal";
import { Outbox } from "../../src/outbox/outbox";
import type { Interaction, Passing, Stored } from "../../src/protocol/cloudevent";
import { interaction } from "../../src/protocol/cloudevent";
import { Signal } from "../../src/disposable";
import type { CaseView, InteractionResult } from "../../src/protocol/generated";
import { Unreachable } from "../../src/server/errors";
import type { Live, Line } from "../../src/server/live";

const NOON = new Date("2026-11-23T12:00:00Z");

export function edited(id: string, over: Partial<{ inserted: number }> = {}): Interaction<"goals.code.edited"> {
  const data = { goal: "g-1", inserted: 1, deleted: 0, pasted: 0, seconds: 1, idle: 0, ...over };
  return interaction("goals.code.edited", data, id, NOON);
}

export function aCase(over: Partial<CaseView> = {}): CaseView {
  return {
    id: "c-1",
    subtask: "s",
    text: "f(1)",
    call: "f",
    args: [1],
    kwargs: {},
    stdin: "",
    files: {},
    expected: 2,
    raises: null,
    prints: null,
    expects: "2",
    compare: "exact",
    tolerance: null,
    ...over,
  };
}

/** The socket's other end, in the test's hands: what was sent, and what the server says to it. */
export class Wire {
  readonly onLine = new Signal<Line>();
  readonly onStored = new Signal<Stored>();
  readonly onPassing = new Signal<Passing>();
  readonly onAck = new Signal<InteractionResult>();
  line: Line = { state: "connecting" };
  readonly sent: string[] = [];

  get live(): Live {
    return this as unknown as Live;
  }

  open(): void {
    this.line = { state: "open" };
    this.onLine.fire(this.line);
  }

  cut(): void {
    this.line = { state: "away", error: new Unreachable("the server", "cut") };
    this.onLine.fire(this.line);
  }

  send(event: { id: string }): boolean {
    if (this.line.state !== "open") return false;
    this.sent.push(event.id);
    return true;
  }

  ack(id: string, over: Partial<InteractionResult> = {}): void {
    this.onAck.fire({ id, status: "recorded", position: 1, problem: null, ...over });
  }

  denied(correlationid: string): void {
    const text = "All hints of today are used.";
    const data = { goal: "g-1", reason: "hints_used_up", text, remedy: "More come at midnight." };
    this.onStored.fire({ type: "goals.access.denied", correlationid, data } as unknown as Stored);
  }

  finished(request: string): void {
    this.onStored.fire({ type: "goals.run.finished", causationid: request, data: {} } as unknown as Stored);
  }
}

/** An outbox whose events are called e-1, e-2 and so on. */
export function outboxOn(journal: Journal, wire: Wire): Outbox {
  let number = 0;
  return new Outbox(
    journal,
    wire.live,
    () => `e-${++number}`,
    () => new Date(0),
  );
}
