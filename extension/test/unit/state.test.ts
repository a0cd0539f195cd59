import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { Cache } from "../../src/learner/cache";
import { State } from "../../src/learner/state";
import type { Progress } from "../../src/protocol/generated";
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
  state.suppose("progress", said);
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
