import { expect, it } from "vitest";
import { Judged } from "../../src/testing/judged";

const GOAL = "g";
const [YES, NO] = [Promise.resolve(true), Promise.resolve(false)];

it("speaks of a run's lines where no run was seen here", async () => {
  expect(await new Judged().ofFile(GOAL, "a")).toBe(true);
});

it("speaks of the lines of the latest run, where it was of the file's text", async () => {
  const judged = new Judged();
  judged.finished(GOAL, "a", YES);
  expect(await judged.ofFile(GOAL, "a")).toBe(true);
  judged.finished(GOAL, "b", NO);
  expect(await judged.ofFile(GOAL, "b")).toBe(false);
});

it("is silent of a run that another has followed, wherever that was", async () => {
  const judged = new Judged();
  judged.finished(GOAL, "a", YES);
  judged.finished(GOAL, "b", NO);
  expect(await judged.ofFile(GOAL, "a")).toBe(false);
  judged.finished(GOAL, "c", YES);
  judged.begun(GOAL);
  expect(await judged.ofFile(GOAL, "c")).toBe(false);
  judged.finished(GOAL, "d", YES);
  expect(await judged.ofFile(GOAL, "d")).toBe(true);
});

it("is silent where another run begins while the file is looked at", async () => {
  const judged = new Judged();
  judged.finished(GOAL, "a", YES);
  const asked = judged.ofFile(GOAL, "a");
  judged.begun(GOAL);
  expect(await asked).toBe(false);
});

it("knows one goal's runs from another's, and none of who has left", async () => {
  const judged = new Judged();
  judged.begun(GOAL);
  expect(await judged.ofFile("other", "a")).toBe(true);
  judged.clear();
  expect(await judged.ofFile(GOAL, "a")).toBe(true);
});

it("takes a run for the latest until another is seen to begin or to end", () => {
  const judged = new Judged();
  expect(judged.latest(GOAL, "a")).toBe(true);
  judged.finished(GOAL, "a", NO);
  expect([judged.latest(GOAL, "a"), judged.latest(GOAL, "b")]).toEqual([true, false]);
  judged.begun(GOAL);
  expect(judged.latest(GOAL, "a")).toBe(false);
});
