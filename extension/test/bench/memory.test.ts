import { expect, it } from "vitest";
import { Soak } from "../host/soak";

const RUNS = Number(process.env["RUNS"] ?? 1_000);
const STEPS = 10;

/** What the extension host holds while a learner saves (and so runs) `RUNS` times, and what VS Code alone would hold. */
it("tells what memory a run leaves behind", async () => {
  const soak = await Soak.start();
  const held: number[] = [];
  for (let step = 0; step < STEPS; step++) {
    for (let n = 0; n < RUNS / STEPS; n++) await soak.run();
    held.push(await soak.held());
    const resident = await soak.host.evaluate<number>("process.memoryUsage().rss");
    console.log(
      `after ${soak.runs} runs ${(held[step]! / 1e6).toFixed(2)} MB held, ${(resident / 1e6).toFixed(0)} resident`,
    );
  }
  const each = (held.at(-1)! - held[0]!) / (RUNS - RUNS / STEPS);
  const theirs = await soak.ofVsCode();
  console.log(`a run leaves ${each.toFixed(0)} bytes, of which VS Code's own: ${theirs.toFixed(0)}`);
  const events = await soak.ada.events();
  expect(events.filter(({ type }) => type === "goals.run.finished")).toHaveLength(RUNS);
  await soak.stop();
});
