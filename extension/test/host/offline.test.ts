import { existsSync, readdirSync, statSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { Editor } from "./editor";
import { shootFailures } from "./failures";
import { TITLE } from "./lighthouse";
import { type Account, type Goal, PASSWORD, Server } from "./server";

const WRONG = "def nights_of_light(litres, per_night):\n    return [litres, 0]\n";

/** Until the server has made what is asked of it. */
const PATIENCE = { timeout: 60_000, interval: 200 };

let server: Server;
let ada: Account;
let editor: Editor;
let goals: Goal[];

beforeAll(async () => {
  server = await Server.start();
  ada = await server.beginner();
  await vi.waitFor(async () => {
    goals = (await ada.get<{ goals: Goal[] }>("/v1/goals")).goals;
    expect(goals.length).toBeGreaterThan(1);
  }, PATIENCE);
  // On another machine, before this one has seen the goal.
  await ada.say("goals.hint.asked", { goal: goals.find(({ title }) => title === TITLE)?.goal });
  await vi.waitFor(async () => {
    expect((await ada.events()).map(({ type }) => type)).toContain("goals.hint.given");
  }, PATIENCE);
  editor = await Editor.start(server.url);
  await editor.signIn(server.url, ada.email, PASSWORD);
});
afterAll(() => Promise.all([editor.stop(), server.stop()]));
shootFailures(() => editor);

const seen = () => path.join(editor.kept(ada.learner), "seen");
const names = () => (existsSync(seen()) ? readdirSync(seen()) : []);
const copy = () => path.join(editor.home, "data/goals/copies", `127.0.0.1-${server.port}`, ada.learner);

describe("today's goals", () => {
  it("are on this machine a moment after they came, for their learner only", async () => {
    for (const { goal } of goals) {
      await expect.poll(names).toContain(`goal-${goal}.json`);
      await expect.poll(() => names().filter((name) => name.endsWith(`${goal}.md`)).length).toBe(1);
    }
    expect(statSync(seen()).mode & 0o077).toBe(0);
    expect((await ada.events()).map(({ type }) => type)).not.toContain("goals.goal.opened");
  });

  it("open without the server: task, cases, and the rungs that were opened elsewhere", async () => {
    await server.kill();
    await editor.page.locator(".statusbar-item", { hasText: /offline|waiting/ }).waitFor();
    const task = await editor.openGoal(TITLE);
    await task.getByText("nights_of_light(9, 3)").first().waitFor();
    await task.locator(".rungs li").waitFor();
    await editor.page.getByText("Hint 2 of 5").first().waitFor();
  });

  it("run here, and say that it is this machine's word", async () => {
    await editor.write(WRONG);
    await editor.page.getByText("provisional").first().waitFor();
    await (await editor.webview(".mark-failed")).locator(".mark-failed").first().waitFor();
  });

  it("have their lesson, whose code runs where it stands", async () => {
    const page = await editor.webview("[data-tab=lesson]");
    await page.locator("[data-tab=lesson]").click();
    const block = page.locator("#lesson .code", { has: page.locator("[data-try]") }).first();
    await block.hover();
    await block.locator("[data-try]").click();
    await block.locator(".output[aria-busy=false]").waitFor();
    expect(await block.locator(".output").innerText()).not.toMatch(/^(Running)?$/);
    await editor.shot("19-try-it");
    expect(await editor.accessibility(page)).toEqual([]);
    await page.locator("[data-tab=task]").click();
  });

  it("come to the server when it is back", async () => {
    await server.up();
    await editor.page.locator(".statusbar-item", { hasText: "min" }).waitFor();
    const types = async () => (await ada.events()).map(({ type }) => type);
    await expect.poll(types).toContain("goals.run.finished");
    await expect.poll(types).toContain("goals.goal.opened");
    expect((await types()).filter((type) => type === "goals.goal.opened")).toHaveLength(1);
  });
});

describe("what this machine keeps of a learner", () => {
  it("goes when they sign out, but for what the server has yet to be told", async () => {
    await editor.command("Goals: Sign Out");
    await expect.poll(() => existsSync(seen())).toBe(false);
    expect(existsSync(path.join(editor.kept(ada.learner), "outbox"))).toBe(true);
  });

  it("goes with their account, and their copy of the data with it", async () => {
    await editor.signIn(server.url, ada.email, PASSWORD);
    await editor.command("Goals: Open the Folder of My Data");
    await expect.poll(() => existsSync(path.join(copy(), "copy.json"))).toBe(true);
    await ada.erase();
    await expect.poll(() => existsSync(editor.kept(ada.learner))).toBe(false);
    await expect.poll(() => existsSync(copy())).toBe(false);
    await editor.page.getByText("was erased, and what this machine kept of it").first().waitFor();
    expect(existsSync(path.join(editor.workspace, "goals"))).toBe(true); // what they wrote is theirs
  });
});
