import { expect, it } from "vitest";
import { Editor } from "../host/editor";
import { EMPTY } from "../host/beside";

const STARTS = 7;

/** Milliseconds as VS Code itself states them in the view of running extensions. */
async function activation(editor: Editor, name: string): Promise<number> {
  const row = editor.page.locator(".runtime-extensions-editor .monaco-list-row", { hasText: name }).first();
  await row.waitFor({ timeout: 30_000 });
  return Number(/Activation: (\d+)ms/.exec(await row.innerText())?.[1] ?? Number.NaN);
}

const median = (sorted: number[]) => sorted[Math.floor(sorted.length / 2)]!;

/** From loading the code to the end of `activate`, beside an extension that does nothing in the same host. */
it("tells what activation costs beyond an empty extension", async () => {
  const ours: number[] = [];
  const empty: number[] = [];
  for (let start = 0; start < STARTS; start++) {
    const editor = await Editor.start("http://127.0.0.1:1", { beside: [EMPTY] });
    await editor.command("Developer: Show Running Extensions");
    ours.push(await activation(editor, "AI Goals Tracker"));
    empty.push(await activation(editor, "Empty Extension"));
    await editor.stop();
  }
  for (const each of [ours, empty]) each.sort((a, b) => a - b);
  console.log(`activation: ours ${ours.join(" ")} ms, an empty extension ${empty.join(" ")} ms`);
  console.log(`beyond an empty extension: p50 ${median(ours) - median(empty)} ms, most ${ours.at(-1)! - empty[0]!} ms`);
  expect([...ours, ...empty].every(Number.isFinite)).toBe(true);
});
