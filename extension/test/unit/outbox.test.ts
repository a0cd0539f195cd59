import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { Journal } from "../../src/outbox/journal";
import type { Outbox } from "../../src/outbox/outbox";
import type { Problem } from "../../src/protocol/generated";
import { outboxOn, Wire } from "./builders";

let folder: string;
let journal: Journal;
let wire: Wire;
let outbox: Outbox;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "outbox-"));
  journal = await Journal.open(path.join(folder, "j.jsonl"));
  wire = new Wire();
  outbox = outboxOn(journal, wire);
});
afterEach(async () => {
  vi.useRealTimers();
  outbox.dispose();
  await journal.close();
  await rm(folder, { recursive: true });
});
const open = () => outbox.say("goals.goal.opened", { goal: "g-1" });
const run = () => outbox.say("goals.run.requested", { goal: "g-1", code: "", purpose: "run" });
const problem = (status: number): Problem => ({ type: "t", title: "t", status, detail: "no" });

it("says nothing before there is a line, and then everything in order", async () => {
  await open();
  await open();
  expect(wire.sent).toEqual([]);
  wire.open();
  expect(wire.sent).toEqual(["e-1", "e-2"]);
});

it("keeps what was sent until the server has it, and sends it again after a cut", async () => {
  wire.open();
  await open();
  await open();
  wire.ack("e-1");
  wire.cut();
  wire.open();
  expect(wire.sent).toEqual(["e-1", "e-2", "e-2"]);
  wire.ack("e-2", { status: "duplicate" });
  expect(outbox.count).toBe(0);
});

it("keeps a run until its end is known, not only until it is recorded", async () => {
  wire.open();
  await run();
  wire.ack("e-1");
  expect(outbox.count).toBe(1);
  wire.cut();
  wire.open();
  expect(wire.sent).toEqual(["e-1", "e-1"]);
  wire.finished("e-1");
  expect(outbox.count).toBe(0);
});

it("asks for two runs at a time, and lets nothing else wait for them", async () => {
  wire.open();
  for (let i = 0; i < 3; i++) await run();
  await open();
  expect(wire.sent).toEqual(["e-1", "e-2", "e-4"]);
  wire.finished("e-1");
  expect(wire.sent).toEqual(["e-1", "e-2", "e-4", "e-3"]);
});

it("gives up what can never be recorded, and says so", async () => {
  const refused: string[] = [];
  outbox.onRefused.on(({ event }) => refused.push(event.id));
  wire.open();
  await open();
  wire.ack("e-1", { status: "refused", problem: problem(404) });
  expect(refused).toEqual(["e-1"]);
  expect(outbox.count).toBe(0);
});

it("waits where the server is busy, and tries again", async () => {
  wire.open();
  await run();
  vi.useFakeTimers();
  wire.ack("e-1", { status: "refused", problem: problem(429) });
  expect(outbox.count).toBe(1);
  vi.advanceTimersByTime(2_000);
  expect(wire.sent).toEqual(["e-1", "e-1"]);
});

it("waits as long as the server says, where that is a moment", async () => {
  wire.open();
  await run();
  vi.useFakeTimers();
  wire.ack("e-1", { status: "refused", problem: { ...problem(429), retry_after: 10 } });
  vi.advanceTimersByTime(9_000);
  expect(wire.sent).toEqual(["e-1"]);
  vi.advanceTimersByTime(2_000);
  expect(wire.sent).toEqual(["e-1", "e-1"]);
});

it("gives up what may be only tomorrow, and says so: it never comes true unasked", async () => {
  const refused: string[] = [];
  outbox.onRefused.on(({ event }) => refused.push(event.id));
  wire.open();
  await outbox.say("goals.goal.swapped", { goal: "g-1" });
  vi.useFakeTimers();
  wire.ack("e-1", { status: "refused", problem: { ...problem(429), retry_after: 8 * 3_600 } });
  expect(refused).toEqual(["e-1"]);
  expect(outbox.count).toBe(0);
  vi.advanceTimersByTime(24 * 3_600_000);
  expect(wire.sent).toEqual(["e-1"]);
});

it("keeps what an older server does not know until there is a newer one, and says so", async () => {
  wire.open();
  await open();
  wire.ack("e-1", { status: "refused", problem: { ...problem(422), type: "urn:goals:problem:unknown-event-type" } });
  expect(outbox.count).toBe(1);
  expect(outbox.outdated?.older).toBe("server");
  await open();
  expect(wire.sent).toEqual(["e-1", "e-2"]);
  wire.cut();
  wire.open();
  expect(wire.sent).toEqual(["e-1", "e-2", "e-1", "e-2"]);
  expect(outbox.outdated).toBeNull();
});

it("takes back a run that has not left this machine, and no other", async () => {
  wire.open();
  for (let i = 0; i < 3; i++) await run();
  expect(wire.sent).toEqual(["e-1", "e-2"]);
  expect(["e-3", "e-1", "e-9"].map((id) => outbox.withdraw(id))).toEqual([true, false, false]);
  wire.finished("e-1");
  expect(wire.sent).toEqual(["e-1", "e-2"]);
  wire.cut();
  expect(outbox.withdraw("e-2")).toBe(false); // the server may have it
  const saying = run();
  expect(outbox.withdraw("e-4")).toBe(true); // before it was even on disk
  await saying;
  wire.open();
  expect(wire.sent).toEqual(["e-1", "e-2", "e-2"]);
});
