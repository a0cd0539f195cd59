import { expect, it } from "vitest";
import { Summary } from "../../src/activity/summary";

const typed = (text: string, rangeLength = 0) => [{ text, rangeLength }];

it("adds up sizes and active time, and no text", () => {
  const summary = new Summary();
  summary.add(typed("a"), 0);
  summary.add(typed("b"), 2_000);
  summary.add(typed("", 5), 4_000);
  expect(summary.read("g")).toEqual({ goal: "g", inserted: 2, deleted: 5, pasted: 0, seconds: 4, idle: 0 });
});

it("tells a pause apart from work", () => {
  const summary = new Summary();
  summary.add(typed("a"), 0);
  summary.clear();
  summary.add(typed("b"), 120_000);
  summary.add(typed("c"), 121_000);
  expect(summary.read("g")).toMatchObject({ idle: 120, seconds: 1 });
});

it("takes several lines or a long piece for pasted, and an indented new line for typed", () => {
  const summary = new Summary();
  summary.add(typed("x = 1\ny = 2\n"), 0);
  summary.add(typed("\n        "), 100);
  summary.add(typed("z".repeat(100)), 200);
  expect(summary.read("g").pasted).toBe(12 + 100);
});
