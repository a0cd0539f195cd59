import { expect, it } from "vitest";
import { comesAfter, dayIn, later } from "../../src/learner/rest";

it("tells the day of a learner's own calendar", () => {
  const at = new Date("2026-11-30T23:30:00Z");
  expect([dayIn("UTC", at), dayIn("Europe/Madrid", at)]).toEqual(["2026-11-30", "2026-12-01"]);
});

it("counts days over the end of a month, of a year and of summer time", () => {
  expect([later("2026-02-28", 1), later("2026-12-31", 1), later("2026-10-24", 7)]).toEqual([
    "2026-03-01",
    "2027-01-01",
    "2026-10-31",
  ]);
});

it("takes the next day up to a year and a day ahead, and nothing else", () => {
  const back = (text: string) => comesAfter(text, "2026-11-30");
  expect([back("2026-12-01"), back("2027-12-01")]).toEqual([true, true]);
  for (const text of ["2026-11-30", "2026-11-29", "2027-12-02", "2027-02-30", "2026-13-01", "1 December", ""])
    expect(back(text), text).toBe(false);
});
