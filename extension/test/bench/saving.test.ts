import { readFileSync, readdirSync } from "node:fs";
import { expect, it } from "vitest";
import { Editor } from "../host/editor";
import { PASSWORD, Server } from "../host/server";

const SAVES = 60;
/** Milliseconds from a verdict to the next save: what one save led to is over by then, as where somebody thinks in between. */
const BETWEEN = 1_000;

/** When a case's mark became ✕ or ✓: a run that begins makes all of them wait first, and nothing else touches them. */
const VERDICTS = `window.marks = [];
new MutationObserver((records) => {
  for (const { type, target, addedNodes } of records)
    for (const node of type === "attributes" ? [target] : addedNodes)
      if (node.nodeType === 1 && (node.matches(DONE) || node.querySelector(DONE))) window.marks.push(Date.now());
}).observe(document.getElementById("root"), { childList: true, subtree: true, attributeFilter: ["class"] })`.replaceAll(
  "DONE",
  JSON.stringify(".mark-failed, .mark-passed"),
);

/** MB of the extension host of this editor: the child of the server that was started on `home`. */
function hostMemory(home: string): number {
  for (const pid of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
    try {
      if (!readFileSync(`/proc/${pid}/cmdline`, "utf8").includes("--type=extensionHost")) continue;
      const status = readFileSync(`/proc/${pid}/status`, "utf8");
      const parent = /PPid:\s+(\d+)/.exec(status)?.[1] ?? "0";
      if (!readFileSync(`/proc/${parent}/cmdline`, "utf8").includes(home)) continue;
      return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024;
    } catch {
      continue; // it has ended meanwhile
    }
  }
  return Number.NaN;
}

/** From Ctrl+S to the first verdict on the goal's page, and memory over many runs; embedded server, same machine. */
it("tells how soon a save is answered", async () => {
  const server = await Server.start();
  const ada = await server.register("ada@example.org");
  await ada.say("goals.profile.stated", { level: "beginner", minutes: 30, timezone: "Europe/Madrid", language: "en" });
  const editor = await Editor.start(server.url);
  await editor.signIn(server.url, "ada@example.org", PASSWORD);
  const task = await editor.openGoal("Oil for the lighthouse");
  await editor.page.locator(".view-lines").first().click();
  const times: number[] = [];
  const memory: number[] = [];
  await task.evaluate(VERDICTS);
  for (let n = 0; n < SAVES; n++) {
    await editor.page.keyboard.insertText(`# ${n}\n`);
    await task.evaluate("window.marks = []");
    const began = Date.now();
    await editor.page.keyboard.press("Control+S");
    await expect
      .poll(() => task.evaluate<number>("window.marks.length"), { interval: 5, timeout: 10_000 })
      .toBeGreaterThan(0);
    times.push((await task.evaluate<number>("window.marks[0]")) - began);
    await editor.page.waitForTimeout(BETWEEN);
    if (n % 20 === 19) memory.push(Math.round(hostMemory(editor.home)));
  }
  times.sort((a, b) => a - b);
  const p95 = times[Math.floor(SAVES * 0.95)];
  console.log(`save → first verdict shown: p50 ${times[SAVES / 2]} ms (aim: 150), p95 ${p95} ms`);
  console.log(`extension host after each 20 runs, MB: ${memory.join(" ")}`);
  await editor.stop();
  await server.stop();
});
