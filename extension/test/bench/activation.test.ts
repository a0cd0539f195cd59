import { expect, it } from "vitest";
import { Editor } from "../host/editor";
import { EMPTY } from "../host/beside";

const STARTS = 5;

/** Milliseconds as VS Code itself states them in its list of running extensions, which is of the moment it is opened. */
async function activation(editor: Editor, name: string): Promise<number> {
  for (let tries = 20; tries > 0; tries--) {
    await editor.command("Developer: Show Running Extensions");
    const rows = editor.page.locator(".runtime-extensions-editor .monaco-list-row", { hasText: name });
    await editor.page.waitForTimeout(1_500);
    const stated = /Activation: (\d+)ms/.exec((await rows.allInnerTexts()).join())?.[1];
    await editor.command("View: Close All Editors");
    if (stated !== undefined) return Number(stated);
  }
  throw new Error(`${name} was not activated`);
}

const median = (sorted: number[]) => sorted[Math.floor(sorted.length / 2)]!;

/** From loading the code to the end of `activate`, beside an extension that does nothing in the same host. */
it("tells what activation costs beyond an empty extension", async () => {
  const ours: number[] = [];
  const empty: number[] = [];
  for (let start = 0; start < STARTS; start++) {
    const editor = await Editor.start("http://127.0.0.1:1", { beside: [EMPTY] });
    ours.push(await activation(editor, "ai-goals-tracker.ai-goals-tracker"));
    empty.push(await activation(editor, "Empty Extension"));
    await editor.stop();
  }
  for (const each of [ours, empty]) each.sort((a, b) => a - b);
  console.log(`activation: ours ${ours.join(" ")} ms, an empty extension ${empty.join(" ")} ms`);
  console.log(
    `beyond an empty extension: p50 ${median(ours) - median(empty)} ms (aim: 100), most ${ours.at(-1)! - empty[0]!} ms`,
  );
  expect([...ours, ...empty].every(Number.isFinite)).toBe(true);
});
