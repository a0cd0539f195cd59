import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { afterEach, beforeEach, expect, it } from "vitest";
import type { Disposable } from "../../src/disposable";
import { Ahead } from "../../src/learner/ahead";
import { Cache } from "../../src/learner/cache";
import { State } from "../../src/learner/state";
import type { Stored } from "../../src/protocol/cloudevent";
import type { Api } from "../../src/server/api";
import { Unreachable } from "../../src/server/errors";

interface Summary {
  goal: string;
  state: string;
  hints: number;
  runs: number;
}

const summary = (goal: string, changes: Partial<Summary> = {}): Summary => ({
  goal,
  state: "assigned",
  hints: 0,
  runs: 0,
  ...changes,
});

let folder: string;
let goals: Summary[];
let asked: string[];
let away: boolean;
const made: Disposable[] = [];

/** A server that answers as ours does, and whose way can be cut. */
const api = {
  daily: () => answer("daily", { day: "2026-03-01", goals }),
  me: () => answer("me", { level: "beginner" }),
  goal: (goal: string) => {
    const own = goals.find((one) => one.goal === goal);
    return answer(`goal ${goal}`, { ...own, statement: `task ${goal}`, page: { concept: "loops" }, rungs: [] });
  },
  lesson: (concept: string, goal: string) => answer(`lesson ${concept} ${goal}`, `# ${concept} for ${goal}`),
  runs: (goal: string) => answer(`runs ${goal}`, { runs: [{ code: "" }, { code: `code of ${goal}` }] }),
};

function answer<T>(what: string, value: T): Promise<T> {
  if (away) return Promise.reject(new Unreachable("http://server", "cut"));
  asked.push(what);
  return Promise.resolve(value);
}

function editor(): { state: State; ahead: Ahead; cache: Cache } {
  const cache = new Cache(folder);
  const state = new State(api as unknown as Api, cache, () => undefined);
  const ahead = new Ahead(
    state,
    () => !away,
    (files) => cache.prune(files),
    20,
    1,
  );
  made.push(state, ahead);
  return { state, ahead, cache };
}

/** Until a file has these words: it is written a moment after. */
async function holds(name: string, words: string): Promise<void> {
  const file = path.join(folder, name);
  await expect.poll(() => (existsSync(file) ? readFileSync(file, "utf8") : ""), { timeout: 30_000 }).toContain(words);
}

const brought = () => asked.filter((one) => !["daily", "me"].includes(one));
async function quiet(): Promise<void> {
  for (let seen = -1; seen !== asked.length;) {
    seen = asked.length;
    await pause(250);
  }
}

/** That this is brought, and nothing more. */
async function brings(...things: string[]): Promise<void> {
  await expect.poll(brought, { timeout: 30_000 }).toEqual(things);
  await quiet();
  expect(brought()).toEqual(things);
}

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "goals-ahead-"));
  goals = [summary("a"), summary("b", { runs: 2 }), summary("c", { state: "solved" })];
  asked = [];
  away = false;
});
afterEach(() => {
  for (const each of made.splice(0)) each.dispose();
  rmSync(folder, { recursive: true, force: true });
});

it("brings what today's goals need, so that they open without the server", async () => {
  const { state } = editor();
  await state.start();
  await brings("goal a", "lesson loops a", "goal b", "lesson loops b", "runs b");
  await expect.poll(() => readdirSync(folder).filter((name) => !name.endsWith(".new")).length).toBe(7);
  away = true;
  const another = editor().state;
  expect((await another.goalDetail("a")).statement).toBe("task a");
  expect(await another.lesson("loops", "a")).toBe("# loops for a");
  expect(await another.lastCode("b")).toBe("code of b");
  await expect(another.goalDetail("c")).rejects.toThrow("does not answer");
});

it("asks for nothing that is there already, and again for what was worked on elsewhere", async () => {
  const { state } = editor();
  await state.start();
  await brings("goal a", "lesson loops a", "goal b", "lesson loops b", "runs b");
  asked = [];
  goals = [summary("a", { hints: 1 }), summary("b", { runs: 2 })];
  await state.renew();
  await brings("goal a");
});

it("brings a dozen at most, and nothing while the server is away", async () => {
  goals = Array.from({ length: 40 }, (_, n) => summary(`g${n}`));
  const { state, ahead } = editor();
  await state.start();
  const whose = () => new Set(brought().map((one) => one.split(" ").at(-1))).size;
  await expect.poll(whose, { timeout: 30_000 }).toBe(12);
  await quiet();
  expect(whose()).toBe(12);
  ahead.dispose();
  asked = [];
  const cut = editor();
  away = true;
  await cut.state.renew();
  await quiet();
  expect(brought()).toEqual([]);
});

it("has a page that was written anew in its new words", async () => {
  const { state, ahead } = editor();
  await state.start();
  await brings("goal a", "lesson loops a", "goal b", "lesson loops b", "runs b");
  asked = [];
  const data = { goal: "a", concept: "loops" };
  ahead.take({ type: "goals.lesson.written", data } as Stored);
  await brings("lesson loops a");
});

it("keeps a hint with its goal, for when there is no server", async () => {
  const { state } = editor();
  await state.start();
  await state.goalDetail("a");
  state.take({ type: "goals.hint.given", data: { goal: "a", rung: 1, text: "Look", left: 4 } } as Stored);
  expect(state.rungs("a")).toEqual([{ rung: 1, text: "Look", left: 4 }]);
  await holds("goal-a.json", "Look");
  away = true;
  const { state: another } = editor();
  await another.goalDetail("a");
  expect(another.rungs("a").map(({ text }) => text)).toEqual(["Look"]);
});

it("drops what was written longest ago, and writes nothing for who has left", async () => {
  const { cache } = editor();
  for (const [n, name] of ["old", "older", "new"].entries()) {
    writeFileSync(path.join(folder, name), "x");
    utimesSync(path.join(folder, name), 0, [2_000, 1_000, 3_000][n] ?? 0);
  }
  await cache.prune(2);
  expect(readdirSync(folder).sort()).toEqual(["new", "old"]);
  await cache.close();
  await cache.write("late", "x");
  expect(readdirSync(folder).sort()).toEqual(["new", "old"]);
});

it("has ended its writing once it is closed", async () => {
  const { cache } = editor();
  void cache.write("large", "x".repeat(20_000_000));
  await Promise.resolve();
  await cache.close();
  const there = readdirSync(folder);
  rmSync(folder, { recursive: true });
  await quiet();
  expect(existsSync(folder)).toBe(false);
  expect(there.filter((name) => name.endsWith(".new"))).toEqual([]);
});

it("brings what the day got while it was being brought", async () => {
  goals = [summary("a")];
  let open = () => {};
  const shut = new Promise<void>((done) => (open = done));
  const { lesson } = api;
  api.lesson = (concept, goal) => shut.then(() => lesson(concept, goal));
  const { state } = editor();
  try {
    await state.start();
    await expect.poll(brought, { timeout: 30_000 }).toEqual(["goal a"]);
    goals = [summary("a"), summary("b")];
    await state.renew();
    await quiet();
    expect(brought()).toEqual(["goal a"]);
    open();
    await brings("goal a", "lesson loops a", "goal b", "lesson loops b");
  } finally {
    api.lesson = lesson;
  }
});
