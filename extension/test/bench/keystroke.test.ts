import { expect, it } from "vitest";
import { Observer } from "../../src/activity/observer";
import type { Context } from "../../src/context";
import type { Folders } from "../../src/goals/folders";
import type { GoalTests } from "../../src/testing/goalTests";
import { edits } from "./vscode";

const KEYS = 50_000;

function at(sorted: Float64Array, share: number): string {
  return `${((sorted[Math.floor(sorted.length * share)] ?? 0) * 1_000).toFixed(1)} µs`;
}

/** Extension-host time of each edit in a goal's file, and of one beside it (the cost of being there at all). */
it("tells what a keystroke costs", () => {
  const uri = { toString: () => "file:///work/goals/oil/oil.py" };
  const other = { toString: () => "file:///work/notes.md" };
  const known = new Map([[uri.toString(), { goal: "g-1" }]]);
  const folders = { of: (one: { toString: () => string }) => known.get(one.toString()) };
  const context = { config: { activity: true }, newId: () => "id", now: () => new Date(), learner: null };
  const tests = { onBegin: { on: () => ({ dispose: () => undefined }) } };
  const observer = new Observer(
    context as unknown as Context,
    folders as unknown as Folders,
    tests as unknown as GoalTests,
  );
  const measure = (document: object) => {
    const times = new Float64Array(KEYS);
    const event = { document: { uri: document }, contentChanges: [{ text: "x", rangeLength: 0 }] };
    for (let key = 0; key < KEYS; key++) {
      const began = performance.now();
      for (const listener of edits) listener(event);
      times[key] = performance.now() - began;
    }
    return times.sort();
  };
  for (const [name, document] of [
    ["in a goal", uri],
    ["elsewhere", other],
  ] as const) {
    const times = measure(document);
    console.log(`an edit ${name}: p50 ${at(times, 0.5)}, p95 ${at(times, 0.95)}, p99 ${at(times, 0.99)}`);
  }
  observer.dispose();
  expect(edits.size).toBe(0);
});
