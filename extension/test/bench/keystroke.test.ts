import { expect, it } from "vitest";
import { Soak } from "../host/soak";

const KEYS = 1_000;
/** Milliseconds between two keys: a fast typist's. */
const BETWEEN = 20;

type Call = [name: string, began: number, took: number];

const at = (sorted: number[], share: number) =>
  `${((sorted[Math.floor(sorted.length * share)] ?? 0) * 1e3).toFixed(0)} µs`;

/**
 * Extension-host time of each key typed into a goal's file: every call that VS Code makes into the extension from one
 * edit to the next (the edit itself, then lenses, quick fixes, selections…), in a real host.
 */
it("tells what a keystroke costs", async () => {
  const soak = await Soak.start();
  const { host, editor } = soak;
  await soak.run();
  await editor.page.locator(".editor-group-container .view-lines").first().click();
  await editor.page.keyboard.press("Control+End");
  await host.evaluate("timer.recording = true");
  for (let n = 0; n < KEYS; n++) {
    await editor.page.keyboard.press(n % 40 === 39 ? "Enter" : "abcdefgh"[n % 8]!);
    await editor.page.waitForTimeout(BETWEEN);
  }
  await editor.page.waitForTimeout(1_500);
  const calls = await host.evaluate<Call[]>("timer.calls");
  const edits: number[] = [];
  const byName = new Map<string, number[]>();
  for (const [name, , took] of calls) {
    if (name === "workspace.onDidChangeTextDocument") edits.push(0);
    if (edits.length > 0) edits[edits.length - 1]! += took;
    byName.set(name, [...(byName.get(name) ?? []), took]);
  }
  for (const [name, took] of byName) {
    took.sort((a, b) => a - b);
    console.log(`${name}: ${took.length} calls, p50 ${at(took, 0.5)}, p95 ${at(took, 0.95)}`);
  }
  edits.sort((a, b) => a - b);
  console.log(
    `a keystroke in a goal, all calls: p50 ${at(edits, 0.5)}, p95 ${at(edits, 0.95)} (aim: 200 µs), p99 ${at(edits, 0.99)} of ${edits.length}`,
  );
  expect(edits.length).toBeGreaterThan(KEYS / 2);
  await soak.stop();
});
