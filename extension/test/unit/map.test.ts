import { expect, it } from "vitest";
import { place } from "../../src/webview/map";
import type { Concept } from "../../src/webview/messages";

const concept = (name: string, ...needs: string[]): Concept => ({
  concept: name,
  title: name,
  course: "c",
  shown: null,
  unassisted: 0,
  assisted: 0,
  attempts: 0,
  because: "",
  needs,
});

it("puts every concept right of what it rests on, and no two in one place", () => {
  const placed = place([
    concept("c", "b", "a"),
    concept("a"),
    concept("b", "a"),
    concept("d"),
    concept("e", "elsewhere"),
  ]);
  const x = Object.fromEntries(placed.map((one) => [one.concept, one.x]));
  expect(x["a"]).toBeLessThan(x["b"]!);
  expect(x["b"]).toBeLessThan(x["c"]!);
  expect(x["e"]).toBe(x["a"]);
  expect(new Set(placed.map((one) => `${one.x},${one.y}`)).size).toBe(5);
});

it("comes to an end where concepts rest on each other", () => {
  expect(place([concept("a", "b"), concept("b", "a")])).toHaveLength(2);
});
