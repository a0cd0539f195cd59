import { mkdirSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import { expect, vi } from "vitest";
import { Editor } from "./editor";
import type { Inspector } from "./inspector";
import { TITLE } from "./lighthouse";
import { TIMER } from "./beside";
import { type Account, type Goal, PASSWORD, Server } from "./server";

/** Bytes by which what is held may still fall from one look to the next. */
const STILL = 20_000;

/** One goal open, in an editor that can be looked into, under a contract that does not count its runs. */
export class Soak {
  runs = 0;

  private constructor(
    readonly server: Server,
    readonly ada: Account,
    readonly editor: Editor,
    readonly host: Inspector,
    private readonly goal: string,
  ) {}

  static async start(): Promise<Soak> {
    const server = await Server.start();
    const ada = await server.beginner();
    await server.amend(ada, { runs_per_day: 100_000 });
    const editor = await Editor.start(server.url, { inspected: true, beside: [TIMER] });
    const host = await editor.inspector();
    // The one beside ours has to be there first: a view that is opened would not wait for it.
    const there = async () => expect(await host.evaluate("typeof timer")).toBe("object");
    await vi.waitFor(there, { timeout: 60_000, interval: 200 });
    await editor.signIn(server.url, ada.email, PASSWORD);
    await editor.openGoal(TITLE);
    const { goals } = await ada.get<{ goals: Goal[] }>("/v1/goals");
    const goal = goals.find(({ title }) => title === TITLE)!.goal;
    return new Soak(server, ada, editor, host, goal);
  }

  /** Saves another wrong answer, and waits until the server has judged it. */
  async run(): Promise<void> {
    this.runs += 1;
    const { runs } = this;
    await this.editor.write(`def nights_of_light(litres, per_night):\n    return [litres, ${runs}]\n`);
    const counted = async () => (await this.ada.get<Goal>(`/v1/goals/${this.goal}`)).runs;
    await expect.poll(counted, { interval: 30, timeout: 30_000 }).toBe(runs);
  }

  /**
   * Bytes held by the extension host once nothing is under way: messages are kept until the window has acknowledged them,
   * which a busy one does late. With SNAPSHOTS in the environment, a snapshot is kept in that folder.
   */
  async held(): Promise<number> {
    const folder = process.env["SNAPSHOTS"];
    if (folder) mkdirSync(folder, { recursive: true });
    for (let before = Infinity; ;) {
      const now = await this.host.held(folder && `${folder}/${this.runs}.heapsnapshot`);
      if (before - now < STILL) return now;
      before = now;
      await pause(2_000);
    }
  }

  /**
   * Bytes that VS Code itself keeps of one run of as many cases, whoever made it: results are dropped after the 128th,
   * and what the extension host has of them is not (microsoft/vscode#336408).
   */
  async ofVsCode(runs = 200): Promise<number> {
    await this.host.evaluate(`(${bareRuns.toString()})(20)`);
    const before = await this.held();
    await this.host.evaluate(`(${bareRuns.toString()})(${runs})`);
    return ((await this.held()) - before) / runs;
  }

  async stop(): Promise<void> {
    this.host.close();
    await Promise.all([this.editor.stop(), this.server.stop()]);
  }
}

/** Runs in the extension host: runs of nine failing cases by nobody, of a tree such as a goal has. */
async function bareRuns(count: number): Promise<void> {
  interface Run {
    enqueued(item: unknown): void;
    failed(item: unknown, message: unknown): void;
    end(): void;
  }
  const { vscode } = (globalThis as unknown as { timer: { vscode: typeof import("vscode") } }).timer;
  const controller = vscode.tests.createTestController(`bare-${Math.random()}`, "Bare");
  const root = controller.createTestItem("00000000-0000-0000-0000-000000000000", "Bare");
  const leaves = [0, 1, 2].flatMap((part) => {
    const parent = controller.createTestItem(`${root.id}/part-${part}`, `part ${part}`);
    root.children.add(parent);
    return [0, 1, 2].map((at) => {
      const leaf = controller.createTestItem(`${root.id}/case-${part}-${at}`, `case ${at}`);
      parent.children.add(leaf);
      return leaf;
    });
  });
  controller.items.add(root);
  for (let n = 0; n < count; n++) {
    const run: Run = controller.createTestRun(new vscode.TestRunRequest([root]), "Bare", true);
    for (const leaf of leaves) run.enqueued(leaf);
    for (const leaf of leaves) run.failed(leaf, new vscode.TestMessage(`case ${n}`));
    run.end();
    await new Promise((done) => setTimeout(done, 15));
  }
  controller.dispose();
}
