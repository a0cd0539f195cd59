import { expect, it } from "vitest";
import { effort, retention } from "../../src/webview/bars";
import { calendar } from "../../src/webview/calendar";
import type { ProgressPage } from "../../src/webview/messages";

const words = new Proxy({} as ProgressPage["words"], {
  get: (_, name: string) =>
    ({
      calendarNote: "{0} solved, {1} runs, {2} min",
      minutesOf: "{0} min",
      effortIn: "{0} min in {1} days",
      recallNote: "after {0} days: {1} of {2}",
    })[name] ?? name,
});

const page = (changed: Partial<ProgressPage>): ProgressPage => ({
  kind: "progress",
  words,
  locale: "en",
  mastery: [],
  days: [],
  total: null,
  today: "2026-11-29",
  streak: { current: 0, longest: 0 },
  reviews: [],
  retention: null,
  recall: [],
  ...changed,
});

/** How tall each bar is. */
const heights = (svg: string) =>
  [...svg.matchAll(/height="(\d+)" rx="2" class="bar"/g)].map(([, tall]) => Number(tall));

const day = (name: string, minutes: number) => ({ day: name, runs: 1, solved: 0, minutes });
const rest = (from_days: number, until_days: number | null, reviews: number, recalled: number) => ({
  from_days,
  until_days,
  reviews,
  recalled,
});

it("draws the minutes of each of the last 28 days, today's on the right, older ones nowhere", () => {
  const drawn = effort(page({ days: [day("2026-11-01", 500), day("2026-11-02", 20), day("2026-11-29", 10)] }));
  expect(heights(drawn)).toEqual([96, ...Array<number>(26).fill(0), 48]);
  expect(drawn).toContain('aria-label="effort: 30 min in 28 days"');
  expect(drawn).toContain("<title>November 29: 10 min</title>");
  expect(drawn).toContain("<li>November 2: 20 min</li>");
});

it("draws days without any minutes as none, on an axis of its own", () => {
  const drawn = effort(page({}));
  expect(heights(drawn)).toEqual(Array<number>(28).fill(0));
  expect(drawn).not.toContain("NaN");
  expect(drawn).not.toContain("<details>");
});

it("draws what was recalled by how long it had rested, and says it in words", () => {
  const drawn = retention(page({ recall: [rest(0, 1, 4, 3), rest(2, 3, 0, 0), rest(31, null, 2, 0)] }));
  expect(heights(drawn)).toEqual([72, 0, 0]);
  // The first is the axis's.
  expect([...drawn.matchAll(/>(\d+ %|–)</g)].map(([, figure]) => figure)).toEqual(["100 %", "75 %", "–", "0 %"]);
  expect(drawn).toContain('aria-label="recall: after 0–1 days: 3 of 4; after 31+ days: 0 of 2"');
  expect(drawn).toContain("<li>after 0–1 days: 3 of 4</li><li>after 31+ days: 0 of 2</li>");
});

it("says nothing of what is kept before the first review", () => {
  expect(retention(page({}))).toBe("");
  expect(retention(page({ recall: [rest(0, 1, 0, 0)] }))).toBe("");
});

it("shows work of eighteen weeks ago in the calendar", () => {
  const days = [{ day: "2026-07-27", runs: 3, solved: 1, minutes: 12 }];
  expect(calendar(page({ days }))).toContain("July 27: 1 solved, 3 runs, 12 min");
});
