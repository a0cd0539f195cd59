import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Editor } from "./editor";
import { TITLE } from "./lighthouse";
import { PASSWORD, Server } from "./server";

let server: Server;

beforeAll(async () => {
  server = await Server.start();
  await server.beginner();
});
afterAll(() => server.stop());

describe.each([
  ["Default Dark Modern", "dark"],
  ["Default High Contrast", "contrast"],
])("in %s", (theme, shot) => {
  it("every page can be read by everybody", async () => {
    const editor = await Editor.start(server.url, { settings: { "workbench.colorTheme": theme } });
    try {
      await editor.signIn(server.url, "ada@example.org", PASSWORD);
      const task = await editor.openGoal(TITLE);
      const found = await editor.accessibility(task);
      await task.locator("[data-tab=lesson]").click();
      await task.locator(".prose h2").first().waitFor();
      found.push(...(await editor.accessibility(task)));
      await editor.shot(`17-${shot}`);
      await editor.command("Goals: Show Progress");
      const progress = await editor.webview(".map");
      found.push(...(await editor.accessibility(progress)));
      await editor.shot(`18-${shot}`);
      expect(found).toEqual([]);
    } finally {
      await editor.stop();
    }
  });
});
