import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { common } from "./common";
import { Editor } from "./editor";
import { shootFailures } from "./failures";
import { TITLE } from "./lighthouse";
import { type Account, PASSWORD, type Server } from "./server";

let server: Server;
let ada: Account;
let editor: Editor;

beforeAll(async () => {
  server = common();
  ada = await server.beginner();
  editor = await Editor.start(server.url);
  await editor.signIn(server.url, ada.email, PASSWORD);
});
afterAll(() => editor.stop());
shootFailures(() => editor);

describe.each([
  ["Default Dark Modern", "dark", "vs-dark"],
  ["Default High Contrast", "contrast", "hc-black"],
])("in %s", (theme, shot, kind) => {
  it("every page can be read by everybody", async () => {
    await editor.configure({ "workbench.colorTheme": theme });
    await editor.page.locator(`.monaco-workbench.${kind}`).waitFor();
    await editor.closeAll();
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
  });
});
