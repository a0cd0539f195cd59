import type { Locator } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { common } from "./common";
import { Editor } from "./editor";
import { shootFailures } from "./failures";
import { type Account, type Event, type Goal, PASSWORD, type Server } from "./server";

let server: Server;
let ada: Account;
let editor: Editor;
/** A goal of theirs that is not over. */
let goal: Goal;

/** Their goals of a kind, once there are so many. */
const planned = (kind: string, count = 1): Promise<Goal[]> =>
  vi.waitFor(
    async () => {
      const { goals } = await ada.get<{ goals: Goal[] }>("/v1/daily");
      const found = goals.filter((one) => one.kind === kind && one.state !== "swapped");
      if (found.length < count) throw new Error(`${found.length} goals of the kind ${kind}`);
      return found;
    },
    { timeout: 60_000, interval: 200 },
  );
const said = async (type: string): Promise<Event[]> => (await ada.events()).filter((event) => event.type === type);

beforeAll(async () => {
  server = common();
  ada = await server.beginner("choosing");
  for (const { goal } of await planned("placement", 3)) await ada.say("goals.goal.swapped", { goal }); // all that a day has
  [goal] = (await planned("skill")) as [Goal];
  editor = await Editor.start(server.url, { probe: true });
  await editor.signIn(server.url, ada.email, PASSWORD);
});
afterAll(() => editor.stop());
shootFailures(() => editor);

/** By the right button; VS Code closes a menu when the window loses the focus for a moment: then it is asked for again. */
async function choose(row: Locator, words: string): Promise<void> {
  const item = editor.page.locator(".monaco-menu").getByText(words, { exact: true }).first();
  await expect
    .poll(
      async () => {
        if (!(await item.isVisible())) {
          await editor.page.keyboard.press("Escape"); // a menu from before the row was drawn anew
          await row.click({ button: "right", timeout: 3_000 }).catch(() => null);
        }
        const box = await item.boundingBox({ timeout: 3_000 }).catch(() => null);
        if (!box) return false;
        await editor.page.mouse.click(box.x + box.width / 2, box.y + box.height / 2, { delay: 200 });
        return item.waitFor({ state: "hidden", timeout: 3_000 }).then(
          () => true,
          () => false,
        );
      },
      { interval: 1_000 },
    )
    .toBe(true);
}

/** Folds a view, or unfolds it. */
const fold = (pane: string) => editor.page.locator(".pane-header", { hasText: pane }).first().click();
const toast = (words: string | RegExp) =>
  editor.page.locator(".notifications-toasts .notification-list-item", { hasText: words }).last();
const quick = () => editor.page.locator(".quick-input-widget");
const row = (name: string | RegExp) => editor.page.locator(".pane").getByRole("treeitem", { name }).first();
const named = () => row(new RegExp(`^${goal.title}, `));
const confirm = (button: string) =>
  editor.page.locator(".monaco-dialog-box").getByRole("button", { name: button }).click();

describe("what cannot be", () => {
  it("is said at once: a fourth swap of a day, which is then forgotten", async () => {
    await choose(named(), "Swap for Another Goal");
    await toast("3 goals were swapped today").waitFor();
    expect(await toast("3 goals were swapped today").innerText()).toContain("Lay this one aside instead");
    await editor.shot("33-fourth-swap");
    await expect(said("goals.goal.swapped")).resolves.toHaveLength(3);
  });

  it("has a button for what lifts it: no hints are left", async () => {
    await editor.openGoal(goal.title);
    await server.amend(ada, { hints_per_day: 0 });
    await editor.page.locator(".editor-group-container .view-lines").first().click();
    await editor.command("Goals: Ask for a Hint");
    await toast(/holds no hints/).waitFor();
    await editor.shot("34-no-hints");
    const asked = editor.probe.run(
      async (vscode, input) => {
        const result = await vscode.lm.invokeTool("goals_hint", { input, toolInvocationToken: undefined });
        return result.content.map((part) => (part as { value: string }).value).join("");
      },
      { goal: goal.goal },
    );
    await editor.page.locator(".monaco-dialog-box", { hasText: "tested again later" }).waitFor();
    await editor.page.getByRole("button", { name: "Yes" }).click();
    expect(await asked).toMatch(/holds no hints.*Ask your organisation for hints/);
    expect((await editor.toasts()).filter((words) => words.includes("holds no hints"))).toHaveLength(1);
    await toast(/holds no hints/)
      .getByRole("button", { name: "Show the Contract" })
      .click();
    await row(/^Hints: 0 of 0/).waitFor();
  });
});

describe("what a learner decides", () => {
  it("accepts terms with the consents they tick, none of which is ticked for them", async () => {
    await server.amend(ada, { acceptance: true, consents: ["mood", "workspace"] });
    await row(/^Accept the terms/).hover();
    await row(/^Accept the terms/)
      .getByRole("button", { name: "Accept the Terms" })
      .click();
    await quick().getByText("What your workspace holds").waitFor();
    expect(await quick().locator(".monaco-list-row input:checked, .monaco-list-row .checked").count()).toBe(0);
    await editor.shot("35-consents");
    await quick().getByText("What your workspace holds").click();
    await quick().getByRole("button", { name: "OK" }).click();
    const accepted = async () => (await said("goals.contract.accepted")).map(({ data }) => data["consents"]);
    await expect.poll(accepted).toEqual([["workspace"]]);
  });

  it("lays a goal aside and takes it up again", async () => {
    await choose(named(), "Pause Goal");
    await row(new RegExp(`^${goal.title}, paused`)).waitFor();
    await choose(named(), "Take Up Goal");
    await row(new RegExp(`^${goal.title}, (in work|not begun)`)).waitFor();
  });

  it("joins a course, lays it aside, takes it up, and leaves it", async () => {
    for (const pane of ["Goals", "Contract"]) await fold(pane); // a tree has only the rows in sight
    const course = row(/^Python programs/);
    const state = async () =>
      (await ada.get<{ courses: { course: string; state: string | null }[] }>("/v1/courses")).courses.find(
        (one) => one.course === "python-programs",
      )?.state;
    await choose(course, "Join Course");
    await expect.poll(state).toBe("active");
    await choose(course, "Lay Course Aside");
    await editor.page.getByText("laid aside").first().waitFor();
    await choose(course, "Take Up Course");
    await expect.poll(state).toBe("active");
    await choose(course, "Leave Course…");
    await confirm("Leave");
    await expect.poll(state).toBe("left");
  });

  it("doubts a figure where it stands, and is answered", async () => {
    await ada.solve(goal.goal);
    const known = async () =>
      (await ada.get<{ mastery: { title: string }[] }>("/v1/progress")).mastery.map(({ title }) => title);
    await expect.poll(known).not.toEqual([]);
    const [title] = await known();
    await choose(row(new RegExp(`^${title}, \\d+ %`)), "This is Wrong…");
    await quick().getByRole("textbox").fill("I have done this for years");
    await editor.page.keyboard.press("Enter");
    await expect.poll(() => said("goals.mastery.answered")).toHaveLength(1);
    const [answer] = await said("goals.mastery.answered");
    await toast(String(answer?.data["text"]).slice(0, 40)).waitFor();
  });

  it("takes days off, which the view says, and is back", async () => {
    await fold("Goals");
    await editor.command("Goals: Take Days Off…");
    await quick().getByText("In a week").click();
    await editor.page.getByText("Days off: you learn again on").waitFor();
    await expect.poll(async () => (await ada.get<{ back: string | null }>("/v1/me")).back).not.toBeNull();
    await editor.shot("36-days-off");
    await editor.command("Goals: I Am Back");
    await editor.page.getByText("Days off: you learn again on").waitFor({ state: "detached" });
    await expect.poll(async () => (await ada.get<{ back: string | null }>("/v1/me")).back).toBeNull();
  });

  it("hears what becomes of a wish", async () => {
    await editor.command("Goals: Ask for a Goal of Your Own");
    await quick().getByRole("textbox").fill("more loops");
    await editor.page.keyboard.press("Enter");
    await expect.poll(() => said("goals.wish.answered")).toHaveLength(1);
    const [answer] = await said("goals.wish.answered");
    await toast(String(answer?.data["because"])).waitFor();
  });

  it("has what they said of their mood deleted, once they have confirmed it", async () => {
    await editor.command("Goals: Delete What I Said of My Mood");
    await confirm("Delete");
    await expect.poll(() => said("goals.mood.forgotten")).toHaveLength(1);
  });
});
