import { setTimeout as pause } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Editor } from "./editor";
import { shootFailures } from "./failures";
import { Front } from "./front";
import { TITLE, wrong } from "./lighthouse";
import { type Account, PASSWORD, Server } from "./server";

/** Long enough that things happen in the middle of it. */
const SLOW = "import time\ndef nights_of_light(litres, per_night):\n    time.sleep(0.9)\n";
/** Seconds that an access token lives. */
const LIFE = 2;

let server: Server;
let front: Front;
let ada: Account;
let editor: Editor;

beforeAll(async () => {
  server = await Server.start({ seconds: LIFE });
  front = await Front.start(server.port);
  ada = await server.beginner();
  editor = await Editor.start(front.url, { probe: true });
  await editor.signIn(server.url, ada.email, PASSWORD);
  await editor.openGoal(TITLE);
});
afterAll(() => Promise.all([editor.stop(), front.stop(), server.stop()]));
shootFailures(() => editor);

const status = (words: string) => editor.page.locator(".statusbar-item", { hasText: words });
const toast = () => editor.page.locator(".notification-toast");
/** When the newest event of a type happened, in milliseconds. */
const newest = async (type: string) =>
  Date.parse((await ada.events()).filter((event) => event.type === type).at(-1)!.time);
const count = async (type: string) => (await ada.events()).filter((event) => event.type === type).length;
const synced = () => status("min").waitFor();

describe("a sign-in that runs out in the middle of a run", () => {
  it("is renewed without a word where only the access token has expired, and the run ends once", async () => {
    const [before, toasts] = [await count("goals.run.requested"), (await editor.toasts()).length];
    const token = front.refresh;
    await editor.write(SLOW);
    await expect.poll(() => count("goals.run.finished")).toBe(before + 1);
    const [asked, ended] = await Promise.all([newest("goals.run.requested"), newest("goals.run.finished")]);
    expect(ended - asked).toBeGreaterThan(LIFE * 1_000);
    expect(await count("goals.run.requested")).toBe(before + 1);
    expect(front.refresh).not.toBe(token);
    await (await editor.webview(".mark-failed")).locator(".mark-failed").first().waitFor();
    expect((await editor.toasts()).slice(toasts)).toEqual([]);
  });

  it("is told where it was ended on the server; work goes on, and all of it is there after signing in again, once", async () => {
    const [before, toasts] = [await count("goals.run.requested"), (await editor.toasts()).length];
    await editor.write(`${SLOW}#\n`);
    await expect.poll(() => count("goals.run.requested")).toBe(before + 1);
    const body = JSON.stringify({ refresh_token: front.refresh });
    await fetch(`${server.url}/v1/auth/logout`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body,
    });
    await status("Sign In Again").waitFor();
    await editor.page.locator(".pane").getByText("Sign in to go on; what you did is kept.").waitFor();
    await editor.goal(/Oil for the lighthouse/).waitFor();
    await editor.write(wrong(70));
    await (await editor.webview("h1")).getByText("provisional, judged on this machine").waitFor();
    await editor.shot("22-ended");
    expect((await editor.toasts()).slice(toasts)).toEqual([]);
    await server.kill();
    await server.up();
    await status("Sign In Again").click();
    await editor.letIn(server.url, ada.email, PASSWORD);
    await synced();
    await expect.poll(() => count("goals.run.finished")).toBe(before + 2);
    expect(await count("goals.run.requested")).toBe(before + 2);
    const ids = (await ada.events()).map((event) => event.id);
    expect(new Set(ids).size).toBe(ids.length);
    await editor.write(wrong(71));
    await expect.poll(() => count("goals.run.finished")).toBe(before + 3);
  });
});

describe("a server of another age", () => {
  it("that is newer, then older, is named with what to do, and gets what was kept once it speaks our protocol", async () => {
    const before = await count("goals.run.requested");
    for (const [age, protocol, words, button] of [
      ["newer", "goals.v2", "needs a newer extension", "Check for Updates"],
      ["older", "goals.v0", "is older than this extension", "Copy for the Administrator"],
    ] as const) {
      const toasts = (await editor.toasts()).length;
      await server.kill();
      await server.up({ protocol });
      if (age === "older") await editor.command("Goals: Sync Now"); // else it is tried in two minutes
      await editor.page.locator(".pane").getByText(words).waitFor();
      const tried = front.connections;
      for (const n of [1, 2]) await editor.write(wrong(n) + `# ${age}\n`);
      await pause(2_000); // what it does all the while is not to be a storm
      expect(front.connections - tried).toBeLessThan(10);
      expect((await editor.toasts()).slice(toasts)).toEqual([]);
      await status("not connected").click();
      await toast().getByRole("button", { name: button }).waitFor();
      await toast()
        .getByText(/Nothing is lost: \d+ things wait/)
        .waitFor();
      await editor.shot(`21-protocol-${age}`);
      if (age === "older") {
        await toast().getByRole("button", { name: button }).click();
        await expect.poll(() => editor.probe.run((vscode) => vscode.env.clipboard.readText())).toContain(words);
      } else await editor.command("Notifications: Clear All Notifications");
    }
    expect(await count("goals.run.requested")).toBe(before);
    await server.kill();
    await server.up();
    await editor.command("Goals: Sync Now");
    await synced();
    await expect.poll(() => count("goals.run.finished")).toBe(before + 4);
    expect(await count("goals.run.requested")).toBe(before + 4);
  });

  it("that does not know an event keeps the rest going, and gets it when it knows it", async () => {
    const [saved, requested] = [await count("goals.code.saved"), await count("goals.run.requested")];
    await server.kill();
    await server.up({ unknown: "goals.code.saved" });
    await editor.command("Goals: Sync Now");
    await synced();
    await editor.write(wrong(90));
    await status("not connected").waitFor();
    await expect.poll(() => count("goals.run.finished")).toBe(requested + 1);
    expect(await count("goals.code.saved")).toBe(saved);
    await server.kill();
    await server.up();
    await editor.command("Goals: Sync Now");
    await synced();
    await expect.poll(() => count("goals.code.saved")).toBe(saved + 1);
  });
});
