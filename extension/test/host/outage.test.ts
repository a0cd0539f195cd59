import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
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
  await editor.signIn(server.url, ada.email, PASSWORD);
  await editor.openGoal(TITLE);
});
afterAll(() => Promise.all([editor.stop(), server.stop()]));
shootFailures(() => editor);

const of = (events: Event[], type: string) => events.filter((event) => event.type === type);
/** Milliseconds for which the server is away in the middle of the work: a minute, as a restart of a machine takes. */
const AWAY = 60_000;

/** Characters that were typed, by what the server was told. */
const inserted = async () =>
  of(await ada.events(), "goals.code.edited").reduce((total, { data }) => total + Number(data["inserted"]), 0);

/** Characters that were typed, by what is on disk of this editor, sent or not. */
function kept(): number {
  const folder = path.join(editor.kept(ada.learner), "outbox");
  const lines = readdirSync(folder).flatMap((name) => readFileSync(path.join(folder, name), "utf8").trim().split("\n"));
  const typed = new Map<string, number>();
  for (const line of lines) {
    const { put, draft } = JSON.parse(line) as { put?: Event; draft?: Event };
    const event = put ?? draft;
    if (event?.type === "goals.code.edited") typed.set(event.id, Number(event.data["inserted"]));
  }
  return [...typed.values()].reduce((total, one) => total + one, 0);
}

/** Ten edits, three of them saved (and so run), with what happens in the middle. Returns how many characters were typed. */
async function work(from: number, atHalf: (typed: number) => Promise<void>): Promise<number> {
  let typed = 0;
  for (let n = 0; n < 10; n++) {
    const code = wrong(from + n);
    typed += code.length;
    await editor.write(code, { save: n % 4 === 1 });
    if (n === 4) await atHalf(typed);
    await editor.page.waitForTimeout(150);
  }
  return typed;
}

describe("what a learner does", () => {
  it("is there once after the server was killed for a minute in the middle of it", async () => {
    const before = await inserted();
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
    await editor.page.locator(".statusbar-item", { hasText: "min" }).waitFor();
    await expect.poll(async () => of(await ada.events(), "goals.run.finished").length).toBe(3);
    await expect.poll(async () => of(await ada.events(), "goals.code.saved").length).toBe(3);
    await expect.poll(inserted).toBe(before + typed);
    const events = await ada.events();
    expect(of(events, "goals.run.requested")).toHaveLength(3);
    expect(new Set(events.map((event) => event.id)).size).toBe(events.length);
    await expect.poll(() => editor.page.locator(".statusbar-item", { hasText: "waiting" }).count()).toBe(0);
    await (await editor.webview(".mark-failed")).locator(".mark-waiting").first().waitFor({ state: "detached" });
  });

  it("is there once after the editor was killed in the middle of it, with the server away", async () => {
    const before = await inserted();
    await server.kill();
    await editor.page.locator(".statusbar-item", { hasText: /offline|waiting/ }).waitFor();
    const onDisk = kept();
    const typed = await work(20, async (half) => {
      await expect.poll(kept).toBe(onDisk + half); // what was typed in the last second may go with the power
      await editor.kill();
      await server.up();
      await editor.up();
      // This host keeps secrets in the page's memory only (a desktop keeps them): what was done waits for the learner.
      await editor.signIn(server.url, ada.email, PASSWORD);
      await editor.openGoal(TITLE);
    });
    await expect.poll(async () => of(await ada.events(), "goals.run.finished").length, { timeout: 90_000 }).toBe(6);
    const events = await ada.events();
    expect(of(events, "goals.run.requested")).toHaveLength(6);
    await expect.poll(inserted).toBe(before + typed);
  });

  it("goes on as if nothing had been, with the goal at hand", async () => {
    await editor.showGoals();
    await editor.openGoal(TITLE);
    await editor.write(RIGHT);
    const task = await editor.webview(".part-solved");
    await task.locator(".mark-failed, .mark-waiting").first().waitFor({ state: "detached" });
  });
});
