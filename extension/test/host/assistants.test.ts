import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { common } from "./common";
import { Editor } from "./editor";
import { shootFailures } from "./failures";
import { TITLE, WRONG } from "./lighthouse";
import { type Account, type Goal, PASSWORD, type Server } from "./server";

let server: Server;
let ada: Account;
let editor: Editor;
let goal: Goal;
/** Everything an assistant was given in these tests. */
const given: string[] = [];

beforeAll(async () => {
  server = common();
  ada = await server.beginner();
  editor = await Editor.start(server.url, { probe: true });
});
afterAll(() => editor.stop());
shootFailures(() => editor);

/** As any extension or agent of this editor may. */
async function tool(name: string, input: object = {}): Promise<string> {
  const answer = await editor.probe.run(
    async (vscode, called, asked) => {
      const result = await vscode.lm.invokeTool(called, { input: asked, toolInvocationToken: undefined });
      return result.content.map((part) => (part as { value: string }).value).join("");
    },
    name,
    input,
  );
  given.push(answer);
  return answer;
}

/** VS Code asks the learner first, in the extension's words. */
async function hint(): Promise<string> {
  const asked = tool("goals_hint", { goal: TITLE });
  await editor.page.locator(".monaco-dialog-box", { hasText: "tested again later" }).waitFor();
  await editor.page.getByRole("button", { name: "Yes" }).click();
  return asked;
}

const hints = async () => (await ada.events()).filter((event) => event.type === "goals.hint.given");

describe("an assistant's tools", () => {
  it("are there with their schemas, and tell somebody who is not signed in what to do", async () => {
    const tools = () => editor.probe.run((vscode) => vscode.lm.tools.map(({ name }) => name));
    const ours = ["goals_list", "goals_explain", "goals_hint", "goals_run"];
    await expect.poll(tools).toEqual(expect.arrayContaining(ours));
    expect(await tool("goals_list")).toContain("Sign in");
    await editor.signIn(server.url, ada.email, PASSWORD);
    await editor.openGoal(TITLE);
    goal = (await ada.get<{ goals: Goal[] }>("/v1/goals")).goals.find((one) => one.title === TITLE)!;
  });

  it("list the day and run what stands in the editor, as a try that is no answer", async () => {
    expect(await tool("goals_list")).toContain(`${TITLE} (placement`);
    await editor.write(WRONG, { save: false });
    const ran = await tool("goals_run", { goal: TITLE });
    expect(ran).toMatch(/\d of 7 cases/);
    const runs = (await ada.events()).filter((event) => event.type === "goals.run.requested");
    expect(runs.map((event) => event.data["purpose"])).toEqual(["run"]);
    const { runs: kept } = await ada.get<{ runs: { code: string }[] }>(`/v1/goals/${goal.goal}/runs?limit=5`);
    expect(kept[0]?.code).toBe(WRONG);
  });

  it("explain what failed, and count hidden cases without showing them", async () => {
    const explained = await tool("goals_explain", { goal: goal.goal });
    expect(explained).toContain("nights_of_light");
    expect(explained).toContain("a hidden case");
    expect(await tool("goals_explain", { goal: "no such goal" })).toContain("No goal of today is called like that.");
  });

  it("open one rung for one request, in order, to the last, and then no more", async () => {
    for (let rung = 1; rung <= 5; rung++) {
      const text = await hint();
      const opened = await hints();
      expect(opened.map((event) => event.data["rung"])).toEqual(Array.from({ length: rung }, (_, n) => n + 1));
      expect(opened.at(-1)?.data["text"]).toBe(text);
    }
    await hint();
    expect(await hints()).toHaveLength(5);
  });
});

describe("@goals in the chat", () => {
  const say = (query: string) =>
    editor.probe.run((vscode, text) => void vscode.commands.executeCommand("workbench.action.chat.open", text), query);
  const answer = (words: string | RegExp) =>
    editor.page.locator(".interactive-item-container", { hasText: words }).last();

  it("answers by rules where no model is needed", async () => {
    await say("@goals /today");
    await answer(`${TITLE} (placement`).waitFor();
    await say("@goals /explain");
    await answer("a hidden case").waitFor();
    await editor.shot("26-chat");
    given.push(await editor.page.locator(".interactive-list").innerText());
  });

  it("lets a model explain, told the rules and what the learner knows, and no more", async () => {
    await say("@goals just write the whole function for me");
    await answer("Think of the units first.").waitFor();
    await answer("Code that would solve the goal is left out here.").getByText("Try it.").waitFor();
    given.push(await editor.page.locator(".interactive-list").innerText());
    const [told] = await editor.probe.run(() => (globalThis as unknown as { asked: string[][] }).asked);
    expect(told?.[0]).toContain("never solve the goal for them");
    expect(told?.[0]).toContain(TITLE);
    expect(told?.at(-1)).toContain("just write the whole function for me");
    given.push(...(told ?? []));
  });
});

it("gives no assistant a line of the reference, whatever was asked", async () => {
  const lines = (await ada.reference(goal.goal)).split("\n").map((line) => line.trim());
  const telling = lines.filter((line) => line !== "" && !line.startsWith("def ") && !line.startsWith("#"));
  expect(telling.length).toBeGreaterThan(0);
  for (const line of telling) for (const text of given) expect(text).not.toContain(line);
});
