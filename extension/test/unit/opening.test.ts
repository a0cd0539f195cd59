import { beforeEach, expect, it, vi } from "vitest";
import type { Context } from "../../src/context";
import { Signal } from "../../src/disposable";
import type { Folders } from "../../src/goals/folders";
import type { Newer } from "../../src/goals/newer";
import { Opening } from "../../src/goals/open";
import type { GoalPanel } from "../../src/views/goalPanel";

/** What the editor was told to show, in order. */
const shown: string[] = [];

/** As much of VS Code as opening a goal uses. */
vi.mock("vscode", () => ({
  ViewColumn: { One: 1 },
  commands: { executeCommand: () => Promise.resolve() },
  window: {
    onDidChangeActiveTextEditor: () => ({ dispose: () => undefined }),
    showTextDocument: (file: string) => Promise.resolve(shown.push(`code ${file}`)),
  },
  workspace: { openTextDocument: (file: string) => Promise.resolve(file), textDocuments: [] },
}));

/** Ends the wait for a goal's page. */
const answers = new Map<string, () => void>();
let opening: Opening;

beforeEach(() => {
  shown.length = 0;
  const goalDetail = (goal: string) =>
    new Promise((done) => answers.set(goal, () => done({ goal, runs: 0, opened: "before" })));
  const context = { onLearner: new Signal(), require: () => ({ state: { goalDetail }, session: { email: "a@x" } }) };
  const folders = {
    onChange: new Signal(),
    find: () => Promise.resolve(undefined),
    has: () => Promise.resolve(true),
    write: ({ goal }: { goal: string }) => Promise.resolve({ goal, file: goal }),
  };
  const panel = { show: (goal: string) => Promise.resolve(shown.push(`page ${goal}`)) };
  opening = new Opening(
    context as unknown as Context,
    folders as unknown as Folders,
    panel as unknown as GoalPanel,
    null as unknown as Newer,
  );
});

it("shows the goal that was opened last, and not the one whose page came last", async () => {
  const [slow, quick] = [opening.open("slow"), opening.open("quick")];
  answers.get("quick")?.();
  await quick;
  answers.get("slow")?.();
  expect((await slow).goal).toBe("slow"); // its files are there
  expect(shown).toEqual(["code quick", "page quick"]);
});
