import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { Asked } from "../../src/outbox/asked";
import { Journal } from "../../src/outbox/journal";
import type { Outbox } from "../../src/outbox/outbox";
import type { Problem } from "../../src/protocol/generated";
import { outboxOn, Wire } from "./builders";

let folder: string;
let journal: Journal;
let wire: Wire;
let outbox: Outbox;
let asked: Asked;
/** What the learner was told, in the order of it. */
let told: string[];

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "asked-"));
  journal = await Journal.open(path.join(folder, "j.jsonl"));
  wire = new Wire();
  outbox = outboxOn(journal, wire);
  asked = new Asked(outbox, wire.live);
  told = [];
  asked.onRefused.on(({ problem }) => told.push(`${problem.detail} ${problem.remedy ?? ""}`.trim()));
  wire.open();
});
afterEach(async () => {
  asked.dispose();
  outbox.dispose();
  await journal.close();
  await rm(folder, { recursive: true });
});
const hint = (id?: string) => outbox.say("goals.hint.asked", { goal: "g-1" }, id);
const problem: Problem = { type: "t", title: "t", status: 409, detail: "no" };
const refuse = (id: string) => wire.ack(id, { status: "refused", problem });

it("tells what the server refuses as it comes", async () => {
  await hint();
  refuse("e-1");
  expect(told).toEqual(["no"]);
});

it("tells what the access rule denies a moment later, with what would lift it", async () => {
  await hint();
  wire.ack("e-1");
  wire.denied("e-1");
  expect(told).toEqual(["All hints of today are used. More come at midnight."]);
});

it("tells nothing of what goes on by itself, nor of a run, which says so where it is shown", async () => {
  await outbox.say("goals.goal.opened", { goal: "g-1" });
  await outbox.say("goals.run.requested", { goal: "g-1", code: "", purpose: "run" });
  wire.denied("e-1");
  refuse("e-2");
  expect(told).toEqual([]);
});

it("tells nothing of what another window asked, or what was asked before this one was open", () => {
  wire.denied("elsewhere");
  expect(asked.here("elsewhere")).toBe(false);
  expect(told).toEqual([]);
});

it("leaves it to whoever asked and answers by themself, as long as they do", async () => {
  const answers: string[] = [];
  const asking = asked.answering("h-1", (why) => answers.push(why.problem.reason ?? ""));
  await hint("h-1");
  wire.denied("h-1");
  expect(answers).toEqual(["hints_used_up"]);
  expect(told).toEqual([]);
  asking.dispose();
  wire.denied("h-1");
  expect(told).toHaveLength(1);
});

it("remembers the latest hundred, and no more", async () => {
  for (let n = 1; n <= 101; n++) {
    await hint();
    wire.ack(`e-${n}`);
  }
  expect([asked.here("e-1"), asked.here("e-2"), asked.here("e-101")]).toEqual([false, true, true]);
});
