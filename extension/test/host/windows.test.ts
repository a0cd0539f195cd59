import { afterAll, beforeAll, expect, it } from "vitest";
import { common } from "./common";
import { Editor } from "./editor";
import { shootFailures } from "./failures";
import { TITLE, WRONG, RIGHT } from "./lighthouse";
import { type Account, PASSWORD, type Server } from "./server";

let server: Server;
let ada: Account;
let one: Editor;
let two: Editor;

beforeAll(async () => {
  server = common();
  ada = await server.beginner();
  // Folders in new folders: each window's watcher has to be in all of them to see what the other saves.
  one = await Editor.start(server.url, { secrets: true, settings: { "goals.folder": "learning/goals" } });
  await one.signIn(server.url, ada.email, PASSWORD);
  await one.openGoal(TITLE);
  two = await one.another();
  await two.showGoals();
  await two.openGoal(TITLE);
});
afterAll(async () => {
  await two.page.close();
  await one.stop();
});
shootFailures(
  () => one,
  () => two,
);

const of = async (type: string) => (await ada.events()).filter((event) => event.type === type);
const total = (events: { data: Record<string, unknown> }[], field: string) =>
  events.reduce((sum, event) => sum + Number(event.data[field]), 0);
const marks = async (editor: Editor) => {
  const page = await editor.webview("h1");
  return page.evaluate<string[]>("[...document.querySelectorAll('.mark')].map((mark) => mark.getAttribute('class'))");
};

const said = async (editor: Editor) =>
  (await editor.webview("h1")).evaluate<string>("document.querySelector('.said')?.innerText ?? ''");

/** Types and saves in the window that is in front. */
async function work(editor: Editor, code: string): Promise<void> {
  await editor.page.bringToFront();
  await editor.write(code);
}

it("counts what was typed in one of two windows once, runs it once, and shows the same in both", async () => {
  await work(one, WRONG);
  await expect.poll(async () => (await of("goals.run.finished")).length).toBe(1);
  await (await one.webview(".said")).locator(".mark-failed").first().waitFor();
  await (await two.webview(".said")).locator(".mark-failed").first().waitFor();
  await expect.poll(async () => total(await of("goals.code.edited"), "inserted")).toBe(WRONG.length);
  await (await one.webview(".said")).locator(".mark-waiting").first().waitFor({ state: "detached" });
  await expect.poll(() => marks(two)).toEqual(await marks(one));
  await expect.poll(async () => (await of("goals.code.saved")).length).toBe(1);
  expect(await of("goals.run.requested")).toHaveLength(1);
  await two.page.bringToFront();
  await two.page.locator(".view-lines", { hasText: "litres / per_night" }).waitFor();
  await two.shot("27-second-window");
});

it("opens a hint asked for in one in both, once", async () => {
  await (await two.webview("[data-command=hint]")).locator("[data-command=hint]").click();
  await two.page.locator(".view-lines").first().click();
  for (const editor of [one, two]) await (await editor.webview(".rungs")).locator(".rungs li").first().waitFor();
  expect(await of("goals.hint.given")).toHaveLength(1);
  // The button says another number then; whoever pressed it is in the editor again, and stays there.
  expect(await two.page.evaluate<boolean>("!!document.activeElement.closest('.monaco-editor')")).toBe(true);
});

it("takes away in both what was said of the code before, once it is right in one", async () => {
  const before = await said(one);
  const toasts = async () => [...(await one.toasts()), ...(await two.toasts())];
  const told = await toasts();
  await work(two, RIGHT);
  for (const editor of [two, one]) {
    await editor.page.bringToFront();
    const page = await editor.webview(".part-solved");
    await page.locator(".mark-failed").waitFor({ state: "detached" });
  }
  await expect.poll(() => said(one)).not.toBe(before);
  await expect.poll(async () => (await said(one)) === (await said(two))).toBe(true);
  expect(await of("goals.run.requested")).toHaveLength(2);
  expect(await toasts()).toEqual(told);
  await one.page.locator(".view-lines", { hasText: "litres // per_night" }).waitFor(); // a save before would be refused
});

it("has a journal for each window, and a new window takes over nothing that a living one has", async () => {
  await two.page.reload();
  await two.page.locator(".statusbar-item", { hasText: "min" }).waitFor();
  const ids = (await ada.events()).map((event) => event.id);
  expect(new Set(ids).size).toBe(ids.length);
  await work(one, WRONG);
  await expect.poll(async () => (await of("goals.run.finished")).length).toBe(3);
  expect(await of("goals.run.requested")).toHaveLength(3);
});
