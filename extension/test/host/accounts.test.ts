import { existsSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { common } from "./common";
import { Editor } from "./editor";
import { shootFailures } from "./failures";
import { Front } from "./front";
import { TITLE } from "./lighthouse";
import { type Account, PASSWORD, type Server } from "./server";

/** What a learner does with code. */
const DONE = /^goals\.(code\.|run\.(requested|rehearsed)|goal\.(opened|focused))/;

let server: Server;
let front: Front;
let ada: Account;
let bob: Account;
let editor: Editor;

beforeAll(async () => {
  server = common();
  front = await Front.start(server.port);
  ada = await server.beginner();
  bob = await server.beginner("bob", 60);
  editor = await Editor.start(front.url, { secrets: true });
  await editor.signIn(server.url, ada.email, PASSWORD);
});
afterAll(async () => {
  await editor.stop();
  await front.stop();
});
shootFailures(() => editor);

const status = (words: string) => editor.page.locator(".statusbar-item", { hasText: words });
const pick = (words: string) => editor.page.locator(".quick-input-list .monaco-list-row", { hasText: words }).click();

it("is signed in again after a restart, and nobody is asked anything", async () => {
  await editor.openGoal(TITLE);
  await editor.kill();
  await editor.up();
  await status("0 of 30 min").waitFor();
  await editor.showGoals();
  await editor.goal(/Oil for the lighthouse/).waitFor();
  expect(await editor.page.locator(".monaco-dialog-box").count()).toBe(0);
  expect(await editor.toasts()).toEqual([]);
});

it("has several accounts, one at a time in front", async () => {
  await editor.command("Goals: Switch Account");
  await pick("Another account");
  await editor.letIn(server.url, bob.email, PASSWORD);
  await status("0 of 60 min").waitFor();
  await editor.command("Goals: Switch Account");
  await pick(ada.email);
  await status("0 of 30 min").waitFor();
  await expect.poll(() => editor.globalState()).toContain(`"goals.account":"${ada.learner}`);
  await editor.kill();
  await editor.up();
  await status("0 of 30 min").waitFor(); // the one who was in front last
});

it("leaves nothing of what was shown to somebody who signs out, and records nothing after", async () => {
  const storage = path.join(editor.home, "user/User/globalStorage/ai-goals-tracker.ai-goals-tracker/learners");
  const seen = () => existsSync(path.join(storage, ada.learner, "seen"));
  await expect.poll(seen).toBe(true);
  await editor.showGoals();
  await editor.openGoal(TITLE);
  await editor.command("Goals: Sign Out");
  await editor.page.getByText("Nothing is sent before you sign in").waitFor();
  await status("min").waitFor({ state: "detached" });
  await expect.poll(seen).toBe(false);
  await expect.poll(() => editor.page.frames().filter((frame) => frame.url().includes("webview")).length).toBe(0);
  // What the server's agents still say of what was done before is theirs.
  const did = async () => (await ada.events()).filter(({ type }) => DONE.test(type)).length;
  const before = await did();
  await editor.write("nobody is signed in\n");
  await editor.page.waitForTimeout(3_000);
  expect(await did()).toBe(before);
  expect(seen()).toBe(false);
  expect(await editor.toasts()).toEqual([]);
  await editor.shot("28-signed-out");
});
