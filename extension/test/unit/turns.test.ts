import { expect, it } from "vitest";
import { Turns } from "../../src/turns";

it("tells what was overtaken, for each key by itself", () => {
  const turns = new Turns();
  const first = turns.begin("a");
  const other = turns.begin("b");
  expect(first()).toBe(true);
  const second = turns.begin("a");
  expect([first(), second(), other()]).toEqual([false, true, true]);
});

it("needs no key where there is one thing only", () => {
  const turns = new Turns();
  const first = turns.begin();
  turns.begin();
  expect(first()).toBe(false);
});
