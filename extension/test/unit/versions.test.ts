import { expect, it } from "vitest";
import { last, standing, type Versions } from "../../src/goals/versions";

const at = (minute: number) => `2026-11-23T12:${String(minute).padStart(2, "0")}:00Z`;
const code = (name: string, minute: number) => ({ code: name, at: at(minute) });
const stands = (over: Partial<Versions>) =>
  standing({ here: "mine", starter: "starter", agreed: code("mine", 1), runs: [code("mine", 2)], ...over });

it("has nothing to take over where nothing was run, or what was run stands here", () => {
  expect(stands({ runs: [] })).toBe("ahead");
  expect(stands({})).toBe("same");
  expect(stands({ here: "\uFEFFmine\r\n", runs: [code("mine\n", 2)] })).toBe("same");
});

it("is behind where another machine ran something since, and nothing changed here since our own run", () => {
  expect(stands({ runs: [code("theirs", 3), code("mine", 2)] })).toBe("behind");
});

it("is apart where something changed here, too", () => {
  expect(stands({ here: "mine, and more", runs: [code("theirs", 3), code("mine", 2)] })).toBe("apart");
  // Back to what was run long before is a change as well.
  expect(stands({ here: "old", runs: [code("theirs", 3), code("mine", 2), code("old", 0)] })).toBe("apart");
});

it("is ahead where the newest run is our own, whatever stands here since", () => {
  expect(stands({ here: "mine, and more" })).toBe("ahead");
  expect(stands({ here: "old", runs: [code("mine", 2), code("old", 0)] })).toBe("ahead");
});

it("is ahead where our own run has yet to reach the server", () => {
  expect(stands({ agreed: code("mine", 5), runs: [code("theirs", 3)] })).toBe("ahead");
});

it("goes by the runs where it is not known what was run from here", () => {
  const runs = [code("theirs", 3), code("mine", 2)];
  expect(stands({ agreed: null, runs })).toBe("behind");
  expect(stands({ agreed: null, here: "starter", runs })).toBe("behind");
  expect(stands({ agreed: null, here: "never run", runs })).toBe("apart");
});

it("passes over runs whose code was erased", () => {
  expect(last([code("", 4), code("theirs", 3)])).toEqual(code("theirs", 3));
  expect(stands({ runs: [code("", 4), code("mine", 2)] })).toBe("same");
});
