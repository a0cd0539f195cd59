import { existsSync } from "node:fs";
import path from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { Editor } from "./editor";
import { TITLE, wrong } from "./lighthouse";
import { type Account, PASSWORD, Server } from "./server";

let server: Server;
let ada: Account;
let editor: Editor;

beforeAll(async () => {
  server = await Server.start();
  ada = await server.beginner();
});
afterAll(() => server.stop());
afterEach(async ({ task }) => {
  if (task.result?.state === "fail") await editor.shot(`failed-${task.name.slice(0, 30).replace(/\W+/g, "-")}`);
  await editor.stop();
});

const types = async () => new Set((await ada.events()).map((event) => event.type));
const finished = async () => (await ada.events()).filter((event) => event.type === "goals.run.finished").length;

describe("what others have decided", () => {
  it("sends no summaries where telemetry is off; in a folder that is not trusted obeys no setting and runs nothing here, until it is", async () => {
    editor = await Editor.start(server.url, {
      settings: {
        "telemetry.telemetryLevel": "off",
        "security.workspace.trust.enabled": true,
        "security.workspace.trust.startupPrompt": "never",
        "security.workspace.trust.banner": "never",
        "goals.localRuns": "always",
      },
      files: { ".vscode/settings.json": JSON.stringify({ "goals.server": "http://127.0.0.1:9" }) },
    });
    const trace = path.join(editor.home, "ran-here");
    const leaves = (n: number) => `open(${JSON.stringify(trace)}, "w")\n${wrong(n)}`;
    await editor.page.getByText("Restricted Mode").first().waitFor();
    await editor.signIn(server.url, ada.email, PASSWORD); // by the learner's server, and not that of the folder
    await editor.openGoal(TITLE);
    await editor.write(leaves(1));
    await expect.poll(finished).toBe(1);
    await server.kill();
    await editor.write(leaves(2));
    await editor.page.locator(".statusbar-item", { hasText: "waiting" }).waitFor();
    await editor.shot("29-untrusted");
    await server.up();
    await expect.poll(finished).toBe(2);
    expect(existsSync(trace)).toBe(false);
    for (const summary of ["goals.code.edited", "goals.code.saved", "goals.goal.focused", "goals.run.rehearsed"])
      expect(await types()).not.toContain(summary);
    await editor.command("Workspaces: Manage Workspace Trust");
    await editor.page
      .locator(".workspace-trust-editor")
      .getByRole("button", { name: /^Trust$/ })
      .click();
    await editor.page.locator(".tab", { hasText: "lighthouse_oil.py" }).click();
    await editor.write(leaves(3));
    await expect.poll(() => existsSync(trace)).toBe(true); // now they trust it
    await expect.poll(finished).toBe(3);
  });

  it("opens goals in a folder of its own where the workspace is not on disk", async () => {
    editor = await Editor.start(server.url, { probe: true, folder: "nowhere:/" });
    const before = await finished();
    await editor.signIn(server.url, ada.email, PASSWORD);
    await editor.openGoal(TITLE);
    const own = "user/User/globalStorage/ai-goals-tracker.ai-goals-tracker/goals/lighthouse-oil/lighthouse_oil.py";
    await expect.poll(() => existsSync(path.join(editor.home, own))).toBe(true);
    await editor.write(wrong(3));
    await expect.poll(finished).toBe(before + 1);
    await editor.shot("30-virtual");
  });
});

describe("with the keyboard alone, in Spanish", () => {
  it("everything can be reached and done, and is called by a name", async () => {
    editor = await Editor.start(server.url, { language: "es" });
    const { page } = editor;
    await editor.command("Objetivos: Iniciar sesión");
    await editor.letIn(server.url, ada.email, PASSWORD, "Copiar el código");
    await page.locator(".statusbar-item", { hasText: "min" }).waitFor();
    await editor.command("View: Show Objetivos");
    await editor.goal(new RegExp(TITLE)).waitFor();
    await editor.command("Objetivos: Focus on Objetivos View"); // a view that is shown before it has rows gives its list no focus
    /** What the keyboard is on in a list; where that is not it, the next row, once the list hears keys at all. */
    const onRow = async (title: string) => {
      const row = page.locator(".pane .monaco-list:focus .monaco-list-row.focused");
      const words = (await row.count()) > 0 ? await row.first().innerText() : "";
      if (!words.includes(title)) await page.keyboard.press("ArrowDown");
      return words;
    };
    await expect.poll(() => onRow(TITLE), { interval: 300 }).toContain(TITLE);
    const menu = page.locator(".context-view, .monaco-menu");
    /** VS Code closes a menu when the window loses the focus for a moment: then it is asked for again. */
    const opened = async () => {
      if (!(await menu.first().isVisible())) await page.keyboard.press("Shift+F10");
      return menu.getByText("¿Por qué este objetivo?").first().isVisible();
    };
    await expect.poll(opened, { interval: 2_000 }).toBe(true);
    for (const words of ["Mostrar los intentos", "Pausar objetivo"]) await menu.getByText(words).first().waitFor();
    await editor.shot("31-keyboard-menu");
    await page.keyboard.press("Escape");
    await page.keyboard.press("Enter");
    const task = await editor.webview(`h1:text-is("${TITLE}")`);
    const buttons = await task.evaluate<string[]>(REACHABLE);
    await editor.command("View: Focus Next Editor Group");
    await expect.poll(() => task.evaluate("document.hasFocus()")).toBe(true);
    const visited = new Set<string>();
    const unvisited = async () => {
      await page.keyboard.press("Tab");
      visited.add(await task.evaluate<string>("document.activeElement?.textContent?.trim() ?? ''"));
      return buttons.filter((name) => !visited.has(name));
    };
    await expect.poll(unvisited).toEqual([]);
    expect(buttons.every((name) => name !== "")).toBe(true);
    const atHint = async () => {
      const command = await task.evaluate("document.activeElement?.getAttribute('data-command')");
      if (command !== "hint") await page.keyboard.press("Shift+Tab");
      return command;
    };
    await expect.poll(atHint).toBe("hint");
    await page.keyboard.press("Enter");
    await task.locator(".rungs li").first().waitFor();
    await editor.shot("32-keyboard-spanish");
    expect(await task.locator("body").innerText()).not.toMatch(/\b(Task|Lesson|Submit|Cases|Hints)\b/);
    const moving = () => task.evaluate<string>("getComputedStyle(document.querySelector('.part')).transitionDuration");
    expect(await moving()).not.toBe("0s");
    await page.emulateMedia({ reducedMotion: "reduce" });
    expect(await moving()).toBe("0s");
    expect(await editor.accessibility(task)).toEqual([]);
  });
});

/** The words of everything on a page that does something, but the tab that is not chosen (arrows go there). */
const REACHABLE = `[...document.querySelectorAll("button, [role=button], summary, a[href]")]
  .filter((one) => one.tabIndex >= 0).map((one) => one.textContent.trim())`;
