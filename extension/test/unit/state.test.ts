import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { Cache } from "../../src/learner/cache";
import { State } from "../../src/learner/state";
import type { Stored } from "../../src/protocol/cloudevent";
import type { GoalDetail, Me, Progress } from "../../src/protocol/generated";
import type { Api } from "../../src/server/api";
import { Unreachable } from "../../src/server/errors";

let folder: string;
let state: State;
let failures: number;
let asked: number;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  folder = mkdtempSync(path.join(tmpdir(), "goals-state-"));
  asked = 0;
  const progress = () => {
    asked++;
    if (failures-- > 0) return Promise.reject(new Unreachable("http://server", "cut"));
    return Promise.resolve({ days: [] });
  };
  state = new State({ progress } as unknown as Api, new Cache(folder), () => undefined);
});
afterEach(() => {
  state.dispose();
  vi.useRealTimers();
  rmSync(folder, { recursive: true });
});

it("asks again for what a page waits for, less and less often, and tells when it is there", async () => {
  failures = 3;
  const told: string[] = [];
  state.onChange.on((part) => told.push(part));
  expect(await state.need("progress")).toBeUndefined();
  for (const [seconds, times] of [
    [1, 1],
    [2, 2],
    [3, 2],
    [2, 3],
    [9, 4],
  ] as const) {
    await vi.advanceTimersByTimeAsync(seconds * 1_000);
    expect(asked).toBe(times);
  }
  expect(state.get("progress")).toEqual({ days: [] });
  expect(told).toEqual(["progress"]);
  await vi.advanceTimersByTimeAsync(300_000);
  expect(asked).toBe(4);
});

it("holds what was just said of it without the server, and after a restart", async () => {
  failures = 9;
  const said = { days: [], streak: 3 } as unknown as Progress;
  state.suppose("progress", said, "e-1");
  expect(await state.need("progress")).toEqual(said);
  await vi.waitFor(async () => {
    const restarted = new State(
      { progress: () => Promise.reject(new Error("cut")) } as unknown as Api,
      new Cache(folder),
      () => undefined,
    );
    expect(await restarted.need("progress")).toEqual(said);
    restarted.dispose();
  });
});

it("asks no more once its learner has left", async () => {
  failures = 9;
  await state.need("progress");
  state.dispose();
  await vi.advanceTimersByTimeAsync(300_000);
  expect(asked).toBe(1);
});

/** A server that answers when the test says so, in the order it says. */
class Answers<T> {
  private readonly waiting: ((value: T) => void)[] = [];
  ask = () => new Promise<T>((done) => this.waiting.push(done));
  get count(): number {
    return this.waiting.length;
  }
  give(at: number, value: T): void {
    this.waiting[at]?.(value);
  }
}
const slow = (api: object) => new State(api as unknown as Api, new Cache(folder), () => undefined);
const goal = (over: Partial<GoalDetail> = {}) => ({ goal: "g", hints: 0, rungs: [], runs: 0, ...over }) as GoalDetail;
const RUNG = { rung: 1, text: "Look", left: 4 };
const hint = { id: "h", type: "goals.hint.given", data: { goal: "g", ...RUNG } } as unknown as Stored;
const texts = (of: State) => of.rungs("g").map(({ text }) => text);

it("keeps the answer to what was asked last of a goal, whichever comes last", async () => {
  const answers = new Answers<GoalDetail>();
  const made = slow({ goal: answers.ask });
  const asked = [made.goalDetail("g"), made.goalDetail("g")];
  answers.give(1, goal({ runs: 2 }));
  answers.give(0, goal({ runs: 1 }));
  expect((await Promise.all(asked)).map(({ runs }) => runs)).toEqual([2, 2]);
  expect(made.goal("g")?.runs).toBe(2);
});

it("keeps a rung that was heard of while an answer from before it was on its way", async () => {
  const answers = new Answers<GoalDetail>();
  const made = slow({ goal: answers.ask });
  const first = made.goalDetail("g");
  made.take(hint); // of a goal that is not known yet
  answers.give(0, goal());
  expect((await first).hints).toBe(1);
  expect(texts(made)).toEqual(["Look"]);
  const second = made.goalDetail("g");
  answers.give(1, goal());
  await second;
  expect(texts(made)).toEqual(["Look"]);
});

const me = (minutes: number) => ({ learner: "l", minutes }) as Me;
const stated = { id: "e-1", type: "goals.profile.stated", data: {} } as unknown as Stored;

it("holds what they said until the server tells of it, whatever was asked and answered before", async () => {
  const answers = new Answers<Me>();
  const made = slow({ me: answers.ask, daily: () => Promise.resolve({}) });
  const reading = made.renew();
  made.suppose("me", me(45), "e-1");
  answers.give(0, me(30)); // asked before they said it
  await reading;
  expect(made.get("me")?.minutes).toBe(45);
  const again = made.renew();
  answers.give(1, me(30)); // said, and on its way
  await again;
  expect(made.get("me")?.minutes).toBe(45);
  const late = made.renew();
  made.take(stated);
  answers.give(2, me(30)); // asked before the server knew it, answered after
  await vi.waitFor(() => expect(answers.count).toBe(4));
  expect(made.get("me")?.minutes).toBe(45);
  answers.give(3, me(60)); // and changed elsewhere since
  await late;
  expect(made.get("me")?.minutes).toBe(60);
  made.dispose();
});

it("shows the server's answer again where what they said was refused", async () => {
  const answers = new Answers<Me>();
  const made = slow({ me: answers.ask });
  made.suppose("me", me(45), "e-1");
  made.retract("another");
  await vi.advanceTimersByTimeAsync(1_000);
  expect(answers.count).toBe(0);
  made.retract("e-1");
  await vi.advanceTimersByTimeAsync(1_000);
  answers.give(0, me(30));
  await vi.waitFor(() => expect(made.get("me")?.minutes).toBe(30));
  made.dispose();
});

it("asks for what is wanted in the very moment in which the last answer has come", async () => {
  for (let steps = 0; steps < 12; steps++) {
    const answers = new Answers<Progress>();
    const made = slow({ progress: answers.ask });
    const first = made.need("progress");
    await vi.waitFor(() => expect(answers.count).toBe(1));
    answers.give(0, { days: [] } as unknown as Progress);
    for (let n = 0; n < steps; n++) await Promise.resolve();
    const again = made.renew();
    await vi.waitFor(() => expect(answers.count).toBe(2));
    answers.give(1, { days: [1] } as unknown as Progress);
    await Promise.all([first, again]);
    expect(made.get("progress")?.days).toEqual([1]);
    made.dispose();
  }
});
