import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Editor } from "./editor";
import { shootFailures } from "./failures";
import { TITLE, RIGHT, wrong } from "./lighthouse";
import { type Account, type Event, PASSWORD, Server } from "./server";

let server: Server;
let ada: Account;
let editor: Editor;

beforeAll(async () => {
  server = await Server.start();
  ada = await server.beginner();
  editor = await Editor.start(server.url);
  await editor.signIn(server.url, "ada@example.org", PASSWORD);
  await editor.openGoal(TITLE);
  await editor.page.locator(".view-lines").first().click();
});
afterAll(async () => {
  await editor.stop();
  await server.stop();
});
shootFailures(() => editor);

const of = (events: Event[], type: string) => events.filter((event) => event.type === type);
/** Milliseconds for which the server is away in the middle of the work: a minute, as a restart of a machine takes. */
const AWAY = 60_000;

const sum = (events: Event[], field: string) => events.reduce((total, event) => total + Number(event.data[field]), 0);

/** Ten edits, three of them saved (and so run), with what happens in the middle. Returns how many characters were typed. */
async function work(from: number, atHalf: () => Promise<void>): Promise<number> {
  let typed = 0;
  for (let n = 0; n < 10; n++) {
    const code = wrong(from + n);
    typed += code.length;
    await editor.write(code, { save: n % 4 === 1 });
    if (n === 4) await atHalf();
    await editor.page.waitForTimeout(150);
  }
  return typed;
}

describe("what a learner does", () => {
  it("is there once after the server was killed for a minute in the middle of it", async () => {
    const before = await ada.events();
    let killed = 0;
    const typed = await work(0, async () => {
      await server.kill();
      killed = Date.now();
    });
    await editor.page.locator(".statusbar-item", { hasText: "waiting" }).waitFor();
    await editor.page.getByText("provisional").first().waitFor();
    await editor.shot("16-offline");
    await editor.page.waitForTimeout(killed + AWAY - Date.now());
    await server.up();
    await editor.page.locator(".statusbar-item", { hasText: "min" }).waitFor({ timeout: 60_000 });
    await expect.poll(async () => of(await ada.events(), "goals.run.finished").length, { timeout: 60_000 }).toBe(3);
    const events = await ada.events();
    expect(of(events, "goals.run.requested")).toHaveLength(3);
    expect(of(events, "goals.code.saved")).toHaveLength(3);
    expect(new Set(events.map((event) => event.id)).size).toBe(events.length);
    await expect
      .poll(async () => sum(of(await ada.events(), "goals.code.edited"), "inserted"), { timeout: 30_000 })
      .toBe(sum(of(before, "goals.code.edited"), "inserted") + typed);
    await expect.poll(() => editor.page.locator(".statusbar-item", { hasText: "waiting" }).count()).toBe(0);
    await (await editor.webview(".mark-failed")).locator(".mark-waiting").first().waitFor({ state: "detached" });
  });

  it("is there once after the editor was killed in the middle of it, with the server away", async () => {
    const before = await ada.events();
    await server.kill();
    await editor.page.locator(".statusbar-item", { hasText: /offline|waiting/ }).waitFor({ timeout: 60_000 });
    const typed = await work(20, async () => {
      await editor.page.waitForTimeout(1_500); // what was typed in the last second may go with the power
      await editor.kill();
      await server.up();
      await editor.up();
      // This host keeps secrets in the page's memory only (a desktop keeps them): what was done waits for the learner.
      await editor.signIn(server.url, "ada@example.org", PASSWORD);
      await editor.openGoal(TITLE);
      await editor.page.locator(".view-lines").first().click();
    });
    await expect.poll(async () => of(await ada.events(), "goals.run.finished").length, { timeout: 90_000 }).toBe(6);
    const events = await ada.events();
    expect(of(events, "goals.run.requested")).toHaveLength(6);
    await expect
      .poll(async () => sum(of(await ada.events(), "goals.code.edited"), "inserted"), { timeout: 30_000 })
      .toBe(sum(of(before, "goals.code.edited"), "inserted") + typed);
  });

  it("goes on as if nothing had been, with the goal at hand", async () => {
    await editor.showGoals();
    await editor.openGoal(TITLE);
    await editor.page.locator(".view-lines").first().click();
    await editor.write(RIGHT);
    const task = await editor.webview(".part-solved");
    expect(await task.locator(".mark-failed").count()).toBe(0);
  });
});
