import { beforeEach, expect, it, vi } from "vitest";
import type { Context } from "../../src/context";
import { Signal } from "../../src/disposable";
import type { GoalFolder } from "../../src/goals/folders";
import type { History } from "../../src/goals/history";
import { Newer } from "../../src/goals/newer";
import type { Agreed } from "../../src/goals/versions";

/** The learner's code on this machine. */
const disk = vi.hoisted(() => ({ code: "" }));
vi.mock("vscode", () => ({
  workspace: {
    textDocuments: [],
    fs: {
      readFile: () => Promise.resolve(Buffer.from(disk.code)),
      writeFile: (_: unknown, bytes: Buffer) => Promise.resolve(void (disk.code = bytes.toString())),
    },
  },
}));

const where = { goal: "g", file: "g.py" } as unknown as GoalFolder;
let putAway: string[];
let newer: Newer;

beforeEach(() => {
  [disk.code, putAway] = ["here", []];
  let agreed: Agreed = { code: "here", at: "2026-11-23T12:00:00Z" };
  const runs = () => Promise.resolve({ runs: [{ run: "r", code: "elsewhere", at: "2026-11-23T13:00:00Z" }] });
  const state = {
    goal: () => ({ title: "G", starter: "" }),
    agreed: () => Promise.resolve(agreed),
    agree: (_: string, code: string, at: Date) => (agreed = { code, at: at.toISOString() }),
  };
  const learner = { api: { runs }, state };
  const context = { onLearner: new Signal(), learner, require: () => learner, log: { info: console.log } };
  const history = { putAway: (_: GoalFolder, code: string) => Promise.resolve(void putAway.push(code)) };
  newer = new Newer(context as unknown as Context, history as unknown as History);
});

it("takes over what was run elsewhere once, and puts away once, however often it is looked at in that moment", async () => {
  expect(await Promise.all([newer.meet(where), newer.once(where), newer.meet(where)])).toEqual([true, undefined, true]);
  expect(disk.code).toBe("elsewhere");
  expect(putAway).toEqual(["here"]);
});
