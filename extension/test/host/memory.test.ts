import { afterAll, beforeAll, expect, it } from "vitest";
import { Soak } from "./soak";

/** Runs until everything that is kept once is there, and those over which growth is measured. */
const WARM = 60;
const RUNS = 140;
/** Bytes a run may leave behind in the extension host beside what VS Code itself keeps of it. */
const OURS = 1_500;

let soak: Soak;

beforeAll(async () => {
  soak = await Soak.start();
});
afterAll(() => soak.stop());

it("keeps nothing of runs that are over", { timeout: 900_000 }, async () => {
  for (let n = 0; n < WARM; n++) await soak.run();
  const before = await soak.held();
  for (let n = 0; n < RUNS; n++) await soak.run();
  const each = ((await soak.held()) - before) / RUNS;
  const theirs = await soak.ofVsCode();
  console.log(`a run leaves ${each.toFixed(0)} bytes; one by VS Code alone ${theirs.toFixed(0)}`);
  expect(each - theirs).toBeLessThan(OURS);
});
