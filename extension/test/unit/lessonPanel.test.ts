import { expect, it, vi } from "vitest";
import type { Context } from "../../src/context";
import { Signal } from "../../src/disposable";
import { LessonPanel } from "../../src/views/lessonPanel";

/** The panels that were made. */
const panels = vi.hoisted(() => [] as { title: string }[]);
vi.mock("vscode", () => ({
  ViewColumn: { Active: -1 },
  Uri: { joinPath: () => "" },
  env: { language: "en" },
  l10n: { t: (words: string) => words },
  window: {
    createWebviewPanel: () => {
      const webview = { onDidReceiveMessage: () => undefined, asWebviewUri: () => "", postMessage: () => undefined };
      const none = () => undefined;
      const panel = { title: "", webview, onDidDispose: none, onDidChangeViewState: none, reveal: none };
      panels.push(panel);
      return panel;
    },
  },
}));

it("shows the lesson that was asked for last, and none to somebody who has left meanwhile", async () => {
  const answers = new Map<string, () => void>();
  const lesson = (concept: string) => new Promise((done) => answers.set(concept, () => done(`# ${concept}`)));
  const learner = { state: { lesson } };
  const context = {
    onLearner: new Signal(),
    learner: learner as object | null,
    require: () => learner,
    extension: { extensionUri: "" },
  };
  const panel = new LessonPanel(context as unknown as Context);
  const asked = ["slow", "quick"].map((concept) => panel.show(concept));
  await vi.waitFor(() => expect(answers.size).toBe(2));
  for (const concept of ["quick", "slow"]) answers.get(concept)?.();
  await Promise.all(asked);
  expect(panels.map(({ title }) => title)).toEqual(["quick"]);
  const late = panel.show("late");
  await vi.waitFor(() => expect(answers.size).toBe(3));
  context.learner = null;
  answers.get("late")?.();
  await late;
  expect(panels.map(({ title }) => title)).toEqual(["quick"]);
});
