import { beforeEach, expect, it, vi } from "vitest";
import type { Context } from "../../src/context";
import { Signal } from "../../src/disposable";
import { Mood } from "../../src/mood/mood";
import type { Stored } from "../../src/protocol/cloudevent";

const HOUR = 3_600_000;

/** The window, and the question in it. */
const window = vi.hoisted(() => ({
  state: { focused: true },
  focus: [] as ((state: { focused: boolean }) => void)[],
  asked: 0,
  answer: null as unknown as (picked: unknown) => void,
}));
vi.mock("vscode", () => ({
  window: {
    state: window.state,
    onDidChangeWindowState: (heard: (state: { focused: boolean }) => void) => {
      window.focus.push(heard);
      return { dispose: () => undefined };
    },
    showInformationMessage: () => {
      window.asked += 1;
      return new Promise((done) => (window.answer = done));
    },
  },
}));

let now: number;
let answers: string[];
let context: { onStored: Signal<Stored>; learner: unknown };
const learner = (name: string) => ({
  session: { learner: name },
  outbox: { say: (_: string, { answer }: { answer: string }) => Promise.resolve(answers.push(`${name}: ${answer}`)) },
});

beforeEach(() => {
  [now, answers, window.asked, window.focus.length, window.state.focused] = [0, [], 0, 0, true];
  const kept = new Map<string, string>();
  const globalState = {
    get: (key: string) => kept.get(key),
    update: (key: string, value: string) => Promise.resolve(void kept.set(key, value)),
  };
  const made = {
    onStored: new Signal<Stored>(),
    learner: learner("ada") as unknown,
    require: () => made.learner,
    now: () => new Date(now),
    config: { moodQuestions: true },
    extension: { globalState },
  };
  context = made;
  new Mood(made as unknown as Context);
});

const data = { question: "How?", answers: { good: "Good", not_now: "Not now" }, because: "", goal: "g" };
const ask = () =>
  context.onStored.fire({ id: "m", type: "goals.mood.asked", time: new Date(0).toISOString(), data } as never);
const focus = () => window.focus.forEach((heard) => heard({ focused: true }));
/** Until nothing more comes of what has happened. */
const settled = () => new Promise((done) => setImmediate(done));

it("asks the one whom it is for, and passes on what they say", async () => {
  ask();
  await settled();
  window.answer({ answer: "good" });
  await settled();
  expect(answers).toEqual(["ada: good"]);
});

it.each([
  ["they have left", () => (context.learner = null)],
  ["another is there", () => (context.learner = learner("bob"))],
  ["a night has gone by", () => (now = 13 * HOUR)],
])("asks nobody when the window is looked at again, and %s by then", async (_, meanwhile) => {
  window.state.focused = false;
  ask();
  await settled();
  meanwhile();
  focus();
  await settled();
  expect(window.asked).toBe(0);
});

it("takes no answer from somebody else", async () => {
  ask();
  await settled();
  context.learner = learner("bob");
  window.answer(undefined);
  await settled();
  expect(answers).toEqual([]);
});
