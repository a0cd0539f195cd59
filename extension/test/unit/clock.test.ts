import { expect, it } from "vitest";
import { Clock } from "../../src/clock";

const HOUR = 3_600_000;
const NOON = Date.parse("2026-11-29T12:00:00Z");

it.each([-26 * HOUR, -3 * HOUR, 3 * HOUR, 26 * HOUR])(
  "tells the server's time where this machine is off by %d ms",
  (off) => {
    let machine = NOON + off;
    const clock = new Clock(() => machine);
    clock.hear(new Date(NOON));
    machine += 60_000;
    expect(clock.now().getTime()).toBe(NOON + 60_000);
    expect(clock.told(NOON + off).getTime()).toBe(NOON);
  },
);

it("takes the way of a message through the network for no difference", () => {
  const clock = new Clock(() => NOON);
  const offsets: number[] = [];
  clock.onOffset.on((offset) => offsets.push(offset));
  for (const late of [0, 800, 4_000]) clock.hear(new Date(NOON - late));
  expect([clock.offset, offsets]).toEqual([0, []]);
});

it("learns that the clock was set right, and does not jump between two of the same", () => {
  let machine = NOON + 5 * HOUR;
  const clock = new Clock(() => machine);
  const offsets: number[] = [];
  clock.onOffset.on((offset) => offsets.push(offset));
  clock.hear(new Date(NOON));
  clock.hear(new Date(NOON + 300));
  machine = NOON + 2_000;
  clock.hear(new Date(NOON + 1_900));
  expect(offsets).toEqual([-5 * HOUR, 0]);
});

it("is not moved by what is no time", () => {
  const clock = new Clock(() => NOON, HOUR);
  clock.hear(new Date("nonsense"));
  expect(clock.offset).toBe(HOUR);
});
