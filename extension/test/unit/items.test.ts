import type { TestController, TestItem } from "vscode";
import { beforeEach, expect, it, vi } from "vitest";
import type { Context } from "../../src/context";
import type { Folders, GoalFolder } from "../../src/goals/folders";
import type { GoalDetail } from "../../src/protocol/generated";
import { GoalItems } from "../../src/testing/items";

/** As much of VS Code as the list of goals uses. */
vi.mock("vscode", () => ({
  Range: Array,
  Uri: { joinPath: (...parts: string[]) => parts.join("/") },
  l10n: { t: (words: string) => words },
  workspace: { fs: { readFile: () => Promise.resolve(Buffer.from("")) } },
}));

const detail = (goal: string) =>
  ({ goal, title: goal, entry: "f", minutes: 1, subtasks: [], cases: [], hidden_cases: 0 }) as unknown as GoalDetail;
const folder = (goal: string) => ({ goal, folder: goal, file: `${goal}.py` }) as unknown as GoalFolder;

/** What the Test Explorer has. */
let listed: Map<string, TestItem>;
let here: GoalFolder[];
let learner: object | null;
/** Ends the wait for the answers to what was asked first, second and so on. */
let answers: (() => void)[];
let items: GoalItems;

beforeEach(() => {
  [listed, here, answers] = [new Map<string, TestItem>(), [], []];
  const goalDetail = (goal: string) => new Promise((done) => answers.push(() => done(detail(goal))));
  learner = { state: { goalDetail } };
  const controller = {
    createTestItem: (id: string, label: string, uri: unknown) => ({ id, label, uri }),
    items: {
      get: (id: string) => listed.get(id),
      add: (item: TestItem) => listed.set(item.id, item),
      replace: (all: TestItem[]) => (listed = new Map(all.map((item) => [item.id, item]))),
    },
  };
  const context = {
    get learner() {
      return learner;
    },
  };
  const folders = { all: () => [...here] };
  items = new GoalItems(
    context as unknown as Context,
    folders as unknown as Folders,
    controller as unknown as TestController,
  );
});

it("lists a goal that came while those before it were still asked for", async () => {
  here = [folder("a")];
  const first = items.refresh();
  here = [folder("a"), folder("b")];
  const second = items.refresh();
  const own = await items.of(detail("b"), folder("b")); // run at once
  for (const at of [1, 2]) answers[at]?.();
  await second;
  answers[0]?.();
  await first;
  expect([...listed.keys()]).toEqual(["a", "b"]);
  expect(listed.get("b")).toBe(own);
});

it("lists nothing for somebody who left while their goals were asked for", async () => {
  here = [folder("a")];
  const listing = items.refresh();
  learner = null;
  items.clear();
  answers[0]?.();
  await listing;
  expect([...listed.keys()]).toEqual([]);
});
