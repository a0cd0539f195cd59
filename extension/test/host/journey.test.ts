import { writeFile } from "node:fs/promises";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Editor } from "./editor";
import { shootFailures } from "./failures";
import { TITLE, WRONG, RIGHT } from "./lighthouse";
import { type Account, type Goal, PASSWORD, Server } from "./server";

/** The concept that the first goal is about. */
const VALUES = { concept: "values-and-names", title: "Values, names and returning an answer" };

let server: Server;
let ada: Account;
let editor: Editor;

beforeAll(async () => {
  server = await Server.start();
  ada = await server.register("ada@example.org");
  editor = await Editor.start(server.url);
});
afterAll(() => Promise.all([editor.stop(), server.stop()]));

/** What VS Code asks in its own box at the top. */
const quick = () => editor.page.locator(".quick-input-widget");
const choose = (words: string) =>
  quick().locator(".quick-input-list .monaco-list-row", { hasText: words }).first().click();

type Profile = Record<string, unknown>;
interface Worked {
  total: { solved: number };
  days: { minutes: number }[];
}

/** What the course shows of a concept, in percent; 0 where it is not begun. */
async function mastery(concept: string): Promise<number> {
  const row = editor.page.getByRole("treeitem", { name: new RegExp(`^${concept}, `) }).first();
  const label = (await row.getAttribute("aria-label")) ?? "";
  const figure = /, (\d+) %/.exec(label)?.[1];
  if (figure === undefined && !label.endsWith("not begun")) throw new Error(`no figure of ${concept}: ${label}`);
  return Number(figure ?? 0);
}

/** Of a concept, as the server has it. */
async function known(concept: string): Promise<number> {
  const progress = await ada.get<{ mastery: { concept: string; shown: number | null }[] }>("/v1/progress");
  return Math.round((progress.mastery.find((one) => one.concept === concept)?.shown ?? 0) * 100);
}

/** How far what the course shows is from what the server has. */
const apart = async () => (await mastery(VALUES.title)) - (await known(VALUES.concept));

/** What is asked of the learner today, as the view has it, groups left out. */
async function listed(): Promise<string[]> {
  const rows = editor.page.locator('.pane-body [aria-label="Goals"] [role=treeitem], .pane-body [role=treeitem]');
  const labels = await rows.evaluateAll((all) => all.map((one) => one.getAttribute("aria-label") ?? ""));
  return labels.filter((label) => / min( ·|$)/.test(label)).map((label) => label.split(", ")[0] ?? "");
}

shootFailures(() => editor);

describe("a newcomer's journey", () => {
  it("explains itself to somebody who is not signed in, without a toast or a prompt", async () => {
    await editor.showGoals();
    await editor.page.getByText("Nothing is sent before you sign in").waitFor();
    expect(await editor.page.locator(".notifications-toasts .notification-toast").allInnerTexts()).toEqual([]);
    await editor.shot("01-signed-out");
  });

  it("signs in on the server's page", async () => {
    await editor.page.getByRole("button", { name: "Sign In" }).first().click();
    await editor.page.locator(".monaco-dialog-box").waitFor();
    const code = /[A-Z]{4}-[A-Z]{4}/.exec(await editor.page.locator(".monaco-dialog-box").innerText())?.[0];
    await editor.shot("02-code");
    const page = await editor.popup(() => editor.page.getByRole("button", { name: "Open Browser" }).click());
    // VS Code in a browser sends addresses of this machine through its own port mapping, which loses the path.
    await page.goto(`${server.url}/device?code=${code}`);
    await page.getByLabel("E-mail").fill("ada@example.org");
    await page.getByLabel("Password").fill(PASSWORD);
    await page.screenshot({ path: "dist/shots/03-browser.png" });
    await page.getByRole("button", { name: "Sign in and let it in" }).click();
    await page.getByText("Your editor is signed in").waitFor();
    await page.close();
    await editor.page.getByText("Say where you want to go").waitFor();
    await editor.shot("04-newcomer");
  });

  it("says what they want, and finds goals a moment later", async () => {
    const { page } = editor;
    await page.getByRole("button", { name: "Set Target, Level and Time" }).click();
    await quick().getByRole("textbox").fill("Understand my team's code");
    await page.keyboard.press("Enter");
    for (const choice of ["Beginner", "45 minutes a day", "No questions, please"]) await choose(choice);
    await editor.goal(/Oil for the lighthouse/).waitFor();
    await editor.shot("05-today");
    expect((await ada.get<{ minutes: number }>("/v1/me")).minutes).toBe(45);
  });

  it("opens a goal: the code here, the task beside it", async () => {
    const task = await editor.openGoal(TITLE);
    await editor.page.locator(".tab", { hasText: "lighthouse_oil.py" }).waitFor();
    await task.getByText("nights_of_light(9, 3)").waitFor();
    await editor.page.getByText("Hint 1 of 5").first().waitFor();
    await editor.shot("06-goal");
    await expect.poll(async () => (await ada.events()).map((event) => event.type)).toContain("goals.goal.opened");
  });

  it("shows what fails where it fails, and says what to look at", async () => {
    await editor.write(WRONG);
    const task = await editor.webview(".said");
    expect(await task.locator(".said").innerText()).toContain("nights_of_light");
    await task.locator(".mark-failed").first().waitFor();
    await editor.page.locator(".view-lines, .monaco-editor").getByText("should give").first().waitFor();
    await editor.shot("07-failing");
  });

  it("gives a hint when asked for one", async () => {
    const task = await editor.webview("[data-command=hint]");
    await task.locator("[data-command=hint]").click();
    await task.locator(".rungs li").first().waitFor();
    expect(await editor.accessibility(task)).toEqual([]);
    await editor.shot("08-hint");
    expect((await ada.events()).filter((event) => event.type === "goals.hint.given")).toHaveLength(1);
  });

  it("opens the lesson where it explains what failed, each time it is asked for", async () => {
    const task = await editor.webview("[data-tab=lesson]");
    const top = () => task.locator(".here").evaluate((place) => place.getBoundingClientRect().top);
    await task.locator("[data-tab=lesson]").click();
    await task.locator("h3.here", { hasText: "The wrong division" }).waitFor();
    const shown = async () => (await top()) < (await task.evaluate<number>("innerHeight")) - 100;
    expect(await shown()).toBe(true);
    await editor.shot("09-lesson");
    await task.evaluate("scrollTo(0, 0)");
    expect(await shown()).toBe(false);
    await editor.command("Goals: Open the Lesson");
    await expect.poll(shown).toBe(true);
    const found = await editor.accessibility(task);
    await task.locator("[data-tab=task]").click();
    expect(found).toEqual([]);
  });

  it("turns green case by case, and counts when submitted: mastery moves in the view", async () => {
    await expect.poll(apart).toBe(0);
    const before = await known(VALUES.concept);
    await editor.write(RIGHT);
    const task = await editor.webview(".part-solved");
    await task.locator(".mark-failed, .mark-waiting").first().waitFor({ state: "detached" });
    await editor.shot("10-green");
    await task.locator("[data-command=submit]").click();
    await editor.goal(/Oil for the lighthouse, solved/).waitFor();
    await expect.poll(() => known(VALUES.concept)).toBeGreaterThan(before);
    await expect.poll(apart).toBe(0);
    await editor.shot("11-solved");
  });

  it("shows at once what was done on another machine", async () => {
    for (const title of [/Cable car fares/, /Airship baggage/]) {
      const { goals } = await ada.get<{ goals: Goal[] }>("/v1/goals");
      const goal = goals.find((one) => title.test(one.title))!;
      await ada.solve(goal.goal);
      await editor.goal(new RegExp(`${title.source}, solved`)).waitFor();
    }
    // Placement is over: the plan of the day is made, of several kinds.
    await editor.goal(/Course/).waitFor();
    await editor.shot("12-plan");
  });

  it("asks how it went when a goal is solved, once there is consent", async () => {
    await editor.command("Goals: Set Target, Level and Time");
    await choose("Questions how it goes");
    await choose("Yes, ask me");
    await expect.poll(async () => (await ada.get<{ consents: { mood: boolean } }>("/v1/me")).consents.mood).toBe(true);
    const { goals } = await ada.get<{ goals: Goal[] }>("/v1/goals");
    const next = goals.find((one) => one.state === "assigned")!;
    await editor.openGoal(next.title);
    await editor.write(await ada.reference(next.goal), { save: false });
    await editor.command("Goals: Submit");
    await editor.page.locator(".monaco-dialog-box").getByText("How did that one go?").waitFor();
    await editor.shot("13-mood");
  });

  it("changes the plan by the answer, and says so", async () => {
    const before = await listed();
    await editor.page.locator(".monaco-dialog-box").getByRole("button", { name: "Stuck" }).click();
    const led = async () => {
      const events = await ada.events();
      const answered = events.findLast(({ type }) => type === "goals.mood.answered");
      return events.filter(({ correlationid }) => correlationid === answered?.correlationid);
    };
    await expect.poll(async () => (await led()).map(({ type }) => type)).toContain("goals.plan.changed");
    const because = String((await led()).find(({ type }) => type === "goals.plan.changed")?.data["because"]);
    await editor.page.getByText(`Your plan has changed: ${because}`).first().waitFor();
    // Something is asked that was not before, and the view and the server agree, whatever is still being made.
    const fresh = async () => (await listed()).filter((title) => !before.includes(title));
    await expect.poll(fresh).not.toEqual([]);
    const unlike = async () => {
      const { goals } = await ada.get<{ goals: Goal[] }>("/v1/daily");
      const wanted = goals
        .filter(({ state }) => state !== "swapped" && state !== "abandoned")
        .map(({ title }) => title);
      const shown = await listed();
      return [...wanted.filter((one) => !shown.includes(one)), ...shown.filter((one) => !wanted.includes(one))];
    };
    await expect.poll(unlike).toEqual([]);
    await editor.shot("14-plan-changed");
  });

  it("shows progress as pictures", async () => {
    await editor.command("Goals: Show Progress");
    const progress = await editor.webview(".map");
    await progress.locator(".node-open, .node-known").first().waitFor();
    const row = progress.locator("tr", { hasText: VALUES.title });
    const card = progress.locator(".card", { hasText: "goals solved" }).locator(".card-figure");
    const bars = progress.getByRole("img", { name: /^Minutes a day: / });
    /** What of the page is not as the server has it now. */
    const unlike = async () => {
      const { total, days } = await ada.get<Worked>("/v1/progress");
      const minutes = days.reduce((sum, day) => sum + day.minutes, 0);
      const wanted = [`${await known(VALUES.concept)} %`, `${total.solved}`, `: ${minutes} min in the last 28 days`];
      const shown = [await row.textContent(), await card.textContent(), await bars.getAttribute("aria-label")];
      return wanted.filter((words, at) => !shown[at]?.includes(words));
    };
    await expect.poll(unlike).toEqual([]);
    await editor.shot("15-progress");
    expect(await editor.accessibility(progress)).toEqual([]);
  });

  it("changes one thing of what they said, and leaves the rest as it was", async () => {
    const before = await ada.get<Profile>("/v1/me");
    await editor.command("Goals: Set Target, Level and Time");
    await choose("What you do");
    await quick().getByText("What do you do?").waitFor();
    await quick().getByRole("textbox").fill("Teacher");
    await editor.page.keyboard.press("Enter");
    await expect.poll(async () => ada.get<Profile>("/v1/me")).toEqual({ ...before, job: "Teacher" });
    await editor.command("Goals: Set Target, Level and Time");
    await quick().getByText("Teacher").waitFor();
    await editor.shot("28-profile");
    await choose("Days you learn on");
    await choose("Saturday");
    await editor.page.keyboard.press("Enter");
    await expect.poll(async () => ada.get<Profile>("/v1/me")).toEqual({ ...before, job: "Teacher", days_off: [5] });
  });

  it("tells the plan what the workspace holds, name by name, and forgets it", async () => {
    await writeFile(path.join(editor.workspace, "main.ts"), "export const answer = 42;\n");
    const packages = JSON.stringify({ dependencies: { react: "19", "left-pad": "1" } });
    await writeFile(path.join(editor.workspace, "package.json"), packages);
    const before = await ada.get<Profile>("/v1/me");
    await editor.command("Goals: Plan With What This Workspace Holds");
    await quick().getByText("react").waitFor();
    await editor.shot("29-workspace");
    await choose("left-pad");
    await editor.page.keyboard.press("Enter");
    const told = { languages: ["typescript"], dependencies: ["react"], consents: { mood: true, workspace: true } };
    await expect.poll(async () => ada.get<Profile>("/v1/me")).toEqual({ ...before, ...told });
    await editor.command("Goals: Forget What My Workspace Holds");
    await expect.poll(async () => ada.get<Profile>("/v1/me")).toEqual(before);
  });
});
