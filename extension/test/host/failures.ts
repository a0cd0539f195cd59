import { beforeEach } from "vitest";
import type { Editor } from "./editor";

/** Of a test that fails, what its editors showed at that moment (`dist/shots/failed-…`), and the extension's own log. */
export function shootFailures(...editors: (() => Editor)[]): void {
  beforeEach(({ onTestFailed, task }) =>
    onTestFailed(async () => {
      for (const [at, editor] of editors.entries()) {
        await editor().shot(`failed-${at > 0 ? `${at + 1}-` : ""}${task.name.slice(0, 30).replace(/\W+/g, "-")}`);
        console.error((await editor().log()).slice(-3_000));
      }
    }),
  );
}
