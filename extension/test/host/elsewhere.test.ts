import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { common } from "./common";
import { Editor } from "./editor";
import { shootFailures } from "./failures";
import { TITLE, WRONG, wrong } from "./lighthouse";
import { type Account, type Goal, PASSWORD, type Server } from "./server";

let server: Server;
let ada: Account;
let goal: string;
let editor: Editor;

beforeAll(async () => {
  server = common();
  ada = await server.beginner();
  editor = await Editor.start(server.url);
  await editor.signIn(server.url, ada.email, PASSWORD);
  await editor.openGoal(TITLE);
  const { goals } = await ada.get<{ goals: Goal[] }>("/v1/goals");
  goal = goals.find((one) => one.title === TITLE)!.goal;
});
afterAll(() => editor.stop());
shootFailures(() => editor);

const folder = () => path.join(editor.workspace, "goals", "lighthouse-oil");
const code = () => readFile(path.join(folder(), "lighthouse_oil.py"), "utf8");
const shows = (words: string) => editor.page.locator(".view-lines", { hasText: words }).first();
const told = async () => (await ada.events()).filter((event) => event.type === "goals.feedback.given").length;
const offers = async () => (await editor.toasts()).filter((words) => words.includes("was changed here"));
/** Lines of the code that something was said of. */
const marks = () => editor.page.locator(".monaco-editor .squiggly-info").count();

it("takes over what was run on another machine where nothing has changed here since, and keeps what was here", async () => {
  await editor.write(WRONG);
  await (await editor.webview(".said")).locator(".mark-failed").first().waitFor();
  await expect.poll(marks).toBeGreaterThan(0);
  await ada.run(goal, wrong(7));
  await expect.poll(code).toBe(wrong(7));
  await shows("[litres, 7]").waitFor();
  const kept = await readdir(path.join(folder(), ".history"));
  expect(kept).toHaveLength(1);
  expect(await readFile(path.join(folder(), ".history", kept[0]!), "utf8")).toBe(WRONG);
  expect(await offers()).toEqual([]);
  const runs = (await ada.events()).filter((event) => event.type === "goals.run.requested");
  expect(runs).toHaveLength(2);
  await expect.poll(told).toBe(2);
});

it("offers it once where both have changed, and marks no line of this text for the other", async () => {
  const before = await told();
  await editor.write(wrong(8), { save: false });
  await ada.run(goal, wrong(9));
  await ada.run(goal, wrong(10));
  await expect.poll(offers).toHaveLength(1);
  await expect.poll(told).toBe(before + 2); // what is said of the first may come after the second has run
  await shows("[litres, 8]").waitFor();
  expect(await code()).toBe(wrong(7));
  await expect.poll(marks).toBe(0);
  await editor.shot("31-elsewhere");
  await editor.page.locator(".notification-list-item").getByRole("button", { name: "Take Over" }).click();
  await shows("[litres, 10]").waitFor();
  expect(await offers()).toHaveLength(1);
  const kept = await readdir(path.join(folder(), ".history"));
  const texts = await Promise.all(kept.map((name) => readFile(path.join(folder(), ".history", name), "utf8")));
  expect(texts).toContain(wrong(8));
});
