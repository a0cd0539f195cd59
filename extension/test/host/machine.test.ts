import { execFileSync } from "node:child_process";
import { afterAll, beforeAll, expect, it } from "vitest";
import { common } from "./common";
import { Editor } from "./editor";
import { shootFailures } from "./failures";
import { TITLE, wrong } from "./lighthouse";
import { type Account, PASSWORD, type Server } from "./server";

const HOUR = 3_600_000;

let server: Server;
let ada: Account;
let editor: Editor;
/** Toasts that signing in had. */
let signedIn: number;

beforeAll(async () => {
  server = common();
  ada = await server.beginner();
  editor = await Editor.start(server.url, { probe: true });
});
afterAll(() => editor.stop());
shootFailures(() => editor);

const finished = async () => (await ada.events()).filter((event) => event.type === "goals.run.finished").length;
const status = (words: string) => editor.page.locator(".statusbar-item", { hasText: words });
const toast = (words: string) => editor.page.locator(".notification-toast", { hasText: words });

/** Bytes that the extension host may write to any file from now on: the kernel refuses the rest, as a full disk does. */
async function room(bytes: number | "unlimited"): Promise<void> {
  const pid = await editor.probe.run(() => process.pid);
  execFileSync("prlimit", ["--pid", String(pid), `--fsize=${bytes}:unlimited`]);
}

it("whose clock is three hours behind signs in, and tells when things happened by the server's", async () => {
  const clock = await editor.probe.run((_, behind) => {
    const real = Date.now;
    Date.now = () => real() - behind;
    return Date.now();
  }, 3 * HOUR);
  expect(Date.now() - clock).toBeGreaterThan(2 * HOUR);
  const since = Date.now();
  await editor.signIn(server.url, ada.email, PASSWORD);
  signedIn = (await editor.toasts()).length;
  await editor.openGoal(TITLE);
  await editor.write(wrong(1));
  await expect.poll(finished).toBe(1);
  for (const type of ["goals.goal.opened", "goals.code.edited", "goals.code.saved", "goals.run.requested"]) {
    const told = async () => (await ada.events()).filter((event) => event.type === type);
    await expect.poll(told, { message: type }).not.toEqual([]);
    for (const at of (await told()).map((event) => Date.parse(event.time)))
      expect([at > since - 10_000, at < Date.now() + 10_000], type).toEqual([true, true]);
  }
  expect((await editor.toasts()).slice(signedIn)).toEqual([]);
});

it("whose disk is full says so once, goes on, and is well when there is room", async () => {
  await room(0);
  for (const n of [2, 3]) {
    await editor.write(wrong(n));
    await status("Not saved").waitFor();
    await expect.poll(finished).toBe(n);
  }
  await toast("cannot be written to disk").waitFor();
  await editor.shot("33-full-disk");
  expect((await editor.toasts()).slice(signedIn)).toHaveLength(1);
  await room("unlimited");
  await toast("cannot be written to disk").getByRole("button", { name: "Try Again" }).click();
  await status("of 30 min").waitFor();
  await editor.write(wrong(4));
  await expect.poll(finished).toBe(4);
  const events = await ada.events();
  expect(events.filter((event) => event.type === "goals.run.requested")).toHaveLength(4);
  expect(new Set(events.map((event) => event.id)).size).toBe(events.length);
  expect((await editor.toasts()).slice(signedIn)).toHaveLength(1);
});
