import { mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { common } from "./common";
import { Editor } from "./editor";
import { shootFailures } from "./failures";
import { TITLE, wrong } from "./lighthouse";
import { type Account, type Goal, PASSWORD, type Server } from "./server";

let server: Server;
let ada: Account;
let editor: Editor;
let goals: string;
let signedIn: number;

beforeAll(async () => {
  server = common();
  ada = await server.beginner();
  editor = await Editor.start(server.url, { probe: true });
  await editor.signIn(server.url, ada.email, PASSWORD);
  await editor.openGoal(TITLE);
  goals = path.join(editor.workspace, "goals");
  signedIn = (await editor.toasts()).length;
});
afterAll(() => editor.stop());
shootFailures(() => editor);

const finished = async () => (await ada.events()).filter((event) => event.type === "goals.run.finished").length;
/** What was run, the newest first. */
const codes = async () => {
  const { goals: all } = await ada.get<{ goals: Goal[] }>("/v1/goals");
  const { goal } = all.find((one) => one.title === TITLE)!;
  return (await ada.get<{ runs: { code: string }[] }>(`/v1/goals/${goal}/runs?limit=50`)).runs.map((run) => run.code);
};
const toast = (words: string | RegExp) => editor.page.locator(".notification-toast", { hasText: words });
const clear = () => editor.command("Notifications: Clear All Notifications");

/** Until a goal has been opened, code and page: what still opens takes the focus from whatever comes next. */
async function opened(name: string): Promise<void> {
  await editor.page.locator(".tab", { hasText: name }).waitFor();
  await editor.webview(`h1:text-is("${TITLE}")`);
}

/** Renames within VS Code, as its explorer does. */
const renameHere = (from: string, to: string) =>
  editor.probe.run(
    async (vscode, one, other) => {
      const edit = new vscode.WorkspaceEdit();
      edit.renameFile(vscode.Uri.file(one), vscode.Uri.file(other));
      return vscode.workspace.applyEdit(edit);
    },
    from,
    to,
  );

/** Opens a file of the workspace, changes it and saves. */
async function work(file: string, code: string): Promise<void> {
  await editor.probe.run(async (vscode, name) => {
    const document = await vscode.workspace.openTextDocument(vscode.Uri.file(name));
    await vscode.window.showTextDocument(document, { preview: false, viewColumn: vscode.ViewColumn.One });
  }, file);
  await editor.page
    .locator(".tab.active", { hasText: path.basename(file) })
    .first()
    .waitFor();
  await editor.write(code);
}

/** A save of `file` runs the goal. */
async function runs(file: string, n: number): Promise<void> {
  const before = await finished();
  await work(file, wrong(n));
  await expect.poll(finished).toBe(before + 1);
  expect((await codes())[0]).toBe(wrong(n));
}

describe("a goal's code", () => {
  it("stays the goal's when VS Code renames it, its folder, and the folder above", async () => {
    const file = (folder: string, name: string) => path.join(editor.workspace, folder, name);
    await renameHere(file("goals/lighthouse-oil", "lighthouse_oil.py"), file("goals/lighthouse-oil", "oil.py"));
    await runs(file("goals/lighthouse-oil", "oil.py"), 1);
    await renameHere(path.join(goals, "lighthouse-oil"), path.join(goals, "lamp"));
    await runs(file("goals/lamp", "oil.py"), 2);
    await renameHere(goals, path.join(editor.workspace, "mine"));
    await runs(file("mine/lamp", "oil.py"), 3);
    await mkdir(path.join(editor.workspace, "elsewhere"));
    await renameHere(file("mine/lamp", "oil.py"), file("elsewhere", "oil.py"));
    await runs(file("elsewhere", "oil.py"), 4);
    expect((await editor.toasts()).slice(signedIn)).toEqual([]);
  });

  it("stays the goal's when another program renames it, or moves its folder", async () => {
    const at = (...parts: string[]) => path.join(editor.workspace, ...parts);
    await editor.closeAll();
    await rename(at("elsewhere", "oil.py"), at("elsewhere", "lamp.py"));
    await editor.openGoal(TITLE);
    await editor.page.locator(".tab", { hasText: "lamp.py" }).waitFor();
    await runs(at("elsewhere", "lamp.py"), 5);
    await editor.closeAll();
    await rename(at("elsewhere"), at("moved"));
    await runs(at("moved", "lamp.py"), 6);
    expect((await editor.toasts()).slice(signedIn)).toEqual([]);
  });

  it("is written anew, as it was run last, where it was deleted; nothing is run that nobody wrote", async () => {
    const file = path.join(editor.workspace, "moved", "lamp.py");
    await editor.closeAll();
    await rm(file);
    const before = await finished();
    await editor.probe.run((vscode) => void vscode.commands.executeCommand("testing.runAll"));
    await toast("is not there any more").waitFor();
    await editor.shot("23-gone");
    await toast("is not there any more").getByRole("button", { name: "Write It Anew" }).click();
    await expect.poll(() => readFile(file, "utf8").catch(() => "")).toBe(wrong(6));
    await opened("lamp.py");
    expect(await finished()).toBe(before);
    expect((await editor.toasts()).slice(signedIn)).toHaveLength(1);
    await clear();
  });

  it("comes back with its whole folder, and a run of a goal that is not here only opens it", async () => {
    await editor.closeAll();
    await rm(path.join(editor.workspace, "moved"), { recursive: true });
    await pause(1_500);
    const before = await finished();
    const { goal } = (await ada.get<{ goals: Goal[] }>("/v1/goals")).goals.find((one) => one.title === TITLE)!;
    await editor.probe.run((vscode, id) => vscode.commands.executeCommand("goals.submit", id), goal);
    await opened("lighthouse_oil.py");
    const made = path.join(goals, "lighthouse-oil");
    expect(await readFile(path.join(made, "lighthouse_oil.py"), "utf8")).toBe(wrong(6));
    expect((await readdir(made)).sort()).toEqual([".goal.json", "cases.md", "lighthouse_oil.py", "statement.md"]);
    await pause(1_000);
    expect(await finished()).toBe(before);
    await runs(path.join(made, "lighthouse_oil.py"), 7);
  });

  it("that is too long is refused here with its size, however often it is saved, and runs again when it is short", async () => {
    const file = path.join(goals, "lighthouse-oil", "lighthouse_oil.py");
    const [before, toasts] = [await codes(), (await editor.toasts()).length];
    await editor.closeAll();
    await writeFile(file, `${wrong(8)}${"# a long story\n".repeat(5_000)}`);
    await editor.openGoal(TITLE);
    await editor.page.locator(".view-lines").first().click();
    for (let n = 0; n < 5; n++) {
      await editor.page.keyboard.type("#");
      await editor.save();
    }
    await toast("has 74 KiB; a solution may have 64 KiB").waitFor();
    await expect.poll(() => toast(/.*/).count()).toBe(1);
    expect(new Set((await editor.toasts()).slice(toasts)).size).toBe(1);
    await editor.shot("24-too-long");
    expect(await codes()).toEqual(before);
    await clear();
    await runs(file, 9);
  });

  it("that is so large that VS Code gives it to no extension is refused in the same words", async () => {
    const file = path.join(goals, "lighthouse-oil", "lighthouse_oil.py");
    await editor.closeAll();
    await writeFile(file, Buffer.alloc(60 << 20, "#"));
    await editor.probe.run((vscode) => void vscode.commands.executeCommand("testing.runAll"));
    await toast("has 61440 KiB").waitFor();
    await clear();
    await writeFile(file, wrong(9));
  });

  it("that is no text is said to be none, put away at a click, and written anew", async () => {
    const folder = path.join(goals, "lighthouse-oil");
    const file = path.join(folder, "lighthouse_oil.py");
    const before = await finished();
    await editor.closeAll();
    await writeFile(file, Buffer.from([0x7f, 0x45, 0x4c, 0x46, 0, 1, 2, 3]));
    await editor.probe.run((vscode) => void vscode.commands.executeCommand("testing.runAll"));
    await toast("is not text: it cannot be run").waitFor();
    await editor.shot("25-not-text");
    await toast("is not text").getByRole("button", { name: "Put It Away and Write It Anew" }).click();
    await expect.poll(() => readFile(file, "utf8").catch(() => "")).toBe(wrong(9));
    const kept = (await readdir(path.join(folder, ".history"))).map((name) => path.join(folder, ".history", name));
    const begins = await Promise.all(
      kept.map(async (each) => (await readFile(each)).subarray(0, 4).toString("latin1")),
    );
    expect(begins).toContain("\x7fELF");
    await opened("lighthouse_oil.py");
    expect(await finished()).toBe(before);
    await clear();
    await runs(file, 10);
  });
});
