import { execFileSync } from "node:child_process";
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import axe from "axe-core";
import { type Browser, type BrowserContext, chromium, type Frame, type Locator, type Page } from "playwright-core";
import { Inspector } from "./inspector";
import { freePort } from "./ports";
import { Probe } from "./probe";
import { Program } from "./process";

const EXTENSION = path.resolve(import.meta.dirname, "../..");
const SHOTS = path.join(EXTENSION, "dist/shots");
/** Milliseconds until what is waited for will not come: the machine may be busy. */
const PATIENCE = 60_000;
const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];
const SETTINGS = {
  "security.workspace.trust.enabled": false,
  "workbench.startupEditor": "none",
  "workbench.trustedDomains.promptInTrustedWorkspace": false,
  "extensions.autoUpdate": false,
  "extensions.autoCheckUpdates": false,
  "extensions.ignoreRecommendations": true,
  "git.enabled": false,
  "remote.autoForwardPorts": false,
  "chat.commandCenter.enabled": false,
  "editor.minimap.enabled": false,
  "workbench.secondarySideBar.defaultVisibility": "hidden",
  "files.autoSave": "off",
  "editor.autoClosingBrackets": "never",
  "editor.autoIndent": "none",
  "editor.quickSuggestions": { other: "off", comments: "off", strings: "off" },
};

/** Remembers each toast, however short it was there. */
const WATCH_TOASTS = `window.toasts = new Map();
new MutationObserver(() => {
  for (const toast of document.querySelectorAll(".notifications-toasts .notification-list-item"))
    window.toasts.set(toast, toast.innerText.trim());
}).observe(document, { childList: true, subtree: true, characterData: true });`;

export interface Options {
  settings?: Record<string, unknown>;
  language?: string;
  /** Of the extension host, besides this process's own. */
  env?: NodeJS.ProcessEnv;
  /** With another extension beside ours, which a test tells what to do. */
  probe?: boolean;
  /** Files of the workspace that are there before it is opened. */
  files?: Record<string, string>;
  /** Another workspace than a folder on disk, as an address. */
  folder?: string;
  /** Secrets outlive the page, as on a desktop. */
  secrets?: boolean;
  /** Folders of other extensions to install beside ours. */
  beside?: string[];
  /** Whether the extension host can be looked into (`inspector`). */
  inspected?: boolean;
}

/** What VS Code keeps of our extension for all workspaces, as text; this host does so in the browser. */
const GLOBAL_STATE = `new Promise((done, failed) => {
  const asked = indexedDB.open("vscode-web-state-db-global");
  asked.onerror = failed;
  asked.onsuccess = () => {
    const read = asked.result.transaction("ItemTable").objectStore("ItemTable").get("ai-goals-tracker.ai-goals-tracker");
    read.onsuccess = () => done(read.result ?? "");
    asked.result.close();
  };
})`;

/** Where this host lets a web page ask for half of the key to its secrets; the tests answer. */
const KEY = "/mint-key";

/** A real VS Code in a real browser with the extension in it. It can be killed and started again on the same data. */
export class Editor {
  page!: Page;
  private program: Program | null = null;
  private browser: Browser | null = null;
  private context: BrowserContext | null = null;
  private port = 0;

  private readonly settings: Record<string, unknown> = { ...SETTINGS };
  private probe_: Probe | null = null;
  private inspectAt = 0;

  private constructor(
    readonly home: string,
    private readonly options: Options,
  ) {}

  static async start(server: string, options: Options = {}): Promise<Editor> {
    const editor = new Editor(await mkdtemp(path.join(tmpdir(), "goals-editor-")), options);
    for (const each of ["ext", "probes", "server", "ws", "user/User", "user/Machine"])
      await mkdir(path.join(editor.home, each), { recursive: true });
    for (const folder of options.beside ?? [])
      await cp(folder, path.join(editor.home, "ext", `tests.${path.basename(folder)}-1.0.0`), { recursive: true });
    if (options.probe) {
      const place = path.join(editor.home, "ext/goals-tests.probe-0.0.1");
      await cp(path.join(import.meta.dirname, "probe"), place, { recursive: true });
    }
    await editor.configure({ "goals.server": server, ...options.settings });
    for (const [name, text] of Object.entries(options.files ?? {})) {
      await mkdir(path.dirname(path.join(editor.workspace, name)), { recursive: true });
      await writeFile(path.join(editor.workspace, name), text);
    }
    editor.browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: FLAGS });
    const view = { width: 1360, height: 850 };
    editor.context = await editor.browser.newContext({
      viewport: view,
      locale: options.language ?? "en-US",
      timezoneId: "Europe/Madrid",
      permissions: ["clipboard-read", "clipboard-write"],
    });
    editor.context.setDefaultTimeout(PATIENCE);
    if (options.secrets) await editor.context.route(`**${KEY}`, (route) => route.fulfill({ body: "k".repeat(32) }));
    await editor.up();
    return editor;
  }

  /** Other settings from now on, in the learner's file. */
  async configure(settings: Record<string, unknown>): Promise<void> {
    Object.assign(this.settings, settings);
    // The server's settings are this machine's too: those of the user do not reach a setting of the machine.
    for (const each of ["User", "Machine"])
      await writeFile(path.join(this.home, "user", each, "settings.json"), JSON.stringify(this.settings));
  }

  /** A second window of the same VS Code: its own extension host, the same storage. */
  async another(): Promise<Editor> {
    const twin = new Editor(this.home, this.options);
    twin.program = this.program;
    twin.context = this.context;
    twin.port = this.port;
    await twin.open();
    return twin;
  }

  get probe(): Probe {
    if (!this.probe_) throw new Error("started without a probe");
    return this.probe_;
  }

  get workspace(): string {
    return path.join(this.home, "ws");
  }

  /** Where the extension keeps what is a learner's. */
  kept(learner: string): string {
    const storage = path.join(this.home, "user/User/globalStorage/ai-goals-tracker.ai-goals-tracker");
    return path.join(storage, "learners", learner);
  }

  /** Starts the extension host and opens the workbench. */
  async up(): Promise<void> {
    const host = execFileSync(path.join(EXTENSION, "scripts/vscode-host"), { encoding: "utf8" }).trim();
    // The same port each time: the browser keeps secrets by origin.
    this.port ||= await freePort();
    const at = (name: string) => path.join(this.home, name);
    const args = [
      ...["out/server-main.js", "--host", "127.0.0.1", "--port", String(this.port), "--without-connection-token"],
      ...[
        "--accept-server-license-terms",
        "--telemetry-level",
        "all",
        "--extensions-dir",
        at("ext"),
        "--user-data-dir",
        at("user"),
      ],
      ...["--server-data-dir", at("server"), "--builtin-extensions-dir", path.join(host, "builtin")],
    ];
    this.program = Program.start(process.execPath, args, {
      cwd: host,
      env: {
        ...process.env,
        EXTENSIONS_GALLERY: "{}",
        GOALS_PROBES: at("probes"),
        XDG_DATA_HOME: at("data"),
        ...this.options.env,
      },
    });
    await this.program.answers(`http://127.0.0.1:${this.port}/version`, 60);
    await this.open();
  }

  private async open(): Promise<void> {
    if (this.options.inspected) this.inspectAt = await freePort();
    const payload = JSON.stringify([
      ["extensionDevelopmentPath", `vscode-remote://127.0.0.1:${this.port}${EXTENSION}`],
      ["enableProposedApi", ""],
      ["skipWelcome", "true"],
      ...(this.options.inspected ? [["inspect-extensions", String(this.inspectAt)]] : []),
    ]);
    this.page = await this.context!.newPage();
    await this.page.addInitScript(WATCH_TOASTS);
    // As a language pack does; of VS Code's own words there are only the English ones here.
    if (this.options.language)
      await this.page.addInitScript(`globalThis._VSCODE_NLS_LANGUAGE = "${this.options.language}"`);
    const address = `http://127.0.0.1:${this.port}/?folder=${this.options.folder ?? this.workspace}&payload=${encodeURIComponent(payload)}`;
    await this.page.goto(address, { waitUntil: "commit" });
    await this.page.locator(".monaco-workbench").waitFor();
    await this.page
      .locator('.activitybar [aria-label^="Goals"], .activitybar [aria-label^="Objetivos"]')
      .first()
      .waitFor();
    if (this.options.probe) this.probe_ = await Probe.find(path.join(this.home, "probes"));
  }

  /** The words of every toast there has been in this window. */
  async toasts(): Promise<string[]> {
    return this.page.evaluate<string[]>("[...window.toasts.values()]");
  }

  /** What a window that begins now would find in the extension's global state: VS Code writes it a moment after it is told. */
  globalState(): Promise<string> {
    return this.page.evaluate<string>(GLOBAL_STATE);
  }

  /** Of the extension host that runs now. */
  inspector(): Promise<Inspector> {
    return Inspector.open(this.inspectAt);
  }

  /** As when the machine loses power: the extension host has no time for anything. */
  async kill(): Promise<void> {
    await this.program?.end("SIGKILL");
    await this.page.close();
  }

  async stop(): Promise<void> {
    await this.page.goto("about:blank").catch(() => null);
    await this.browser?.close();
    await this.program?.end();
    await rm(this.home, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }

  /** A popup of the browser, as `openExternal` opens one. */
  async popup(open: () => Promise<void>): Promise<Page> {
    const [page] = await Promise.all([this.context!.waitForEvent("page"), open()]);
    return page;
  }

  /** The palette may still be closing after the last command: then it is opened again, and only then: a busy one takes its time. */
  async command(title: string): Promise<void> {
    const box = this.page.locator(".quick-input-widget input[type=text]").first();
    const focused = this.page.locator(".quick-input-list .monaco-list-row.focused", {
      hasText: title.split(": ").at(-1) ?? "",
    });
    const [wanted, end] = [`>${title}`, Date.now() + PATIENCE];
    for (let opens = true; ; opens = !(await box.isVisible())) {
      if (Date.now() > end) throw new Error(`the palette has no ${title}`);
      if (opens) await this.page.keyboard.press("F1");
      if (opens || (await box.inputValue({ timeout: 1_000 }).catch(() => "")) !== wanted)
        await box.fill(wanted, { timeout: 5_000 }).catch(() => null);
      else if (await focused.isVisible()) break;
      else await this.page.waitForTimeout(50);
    }
    await this.page.keyboard.press("Enter");
  }

  /** Until no editor is open, and no page: what is still closing is not what is opened next. */
  async closeAll(): Promise<void> {
    await this.command("View: Close All Editors");
    await this.page.locator(".editor-group-container .tab").first().waitFor({ state: "detached" });
  }

  /** Signs in as the learner would, on the server's page. */
  async signIn(server: string, email: string, password: string): Promise<void> {
    await this.showGoals();
    await this.page.getByRole("button", { name: "Sign In" }).first().click();
    await this.letIn(server, email, password);
    await this.page.locator(".statusbar-item", { hasText: "min" }).waitFor();
  }

  /** The part of a sign-in that comes after the wish for it. */
  async letIn(server: string, email: string, password: string, copy = "Copy Code"): Promise<void> {
    const dialog = this.page.locator(".monaco-dialog-box");
    await dialog.waitFor();
    const code = /[A-Z]{4}-[A-Z]{4}/.exec(await dialog.innerText())?.[0];
    await this.page.getByRole("button", { name: copy }).click();
    const reply = await fetch(`${server}/device`, {
      method: "POST",
      body: new URLSearchParams({ code: code ?? "", email, password }),
    });
    if (!reply.ok) throw new Error(`not let in: ${reply.status}`);
  }

  /** A click on the icon of a view that is open would close it. */
  async showGoals(): Promise<void> {
    await this.command("View: Show Goals");
    await this.page.locator(".pane").first().waitFor();
  }

  goal = (title: string | RegExp): Locator => this.page.locator(".pane").getByRole("treeitem", { name: title }).first();

  /** The webview whose page has `selector`. */
  async webview(selector: string): Promise<Frame> {
    const end = Date.now() + PATIENCE;
    while (Date.now() < end) {
      for (const frame of this.page.frames()) {
        const found = await frame
          .locator(selector)
          .first()
          .isVisible()
          .catch(() => false);
        if (found) return frame;
      }
      await this.page.waitForTimeout(100);
    }
    throw new Error(`no webview shows ${selector}; there are:\n${await this.framesSaid()}`);
  }

  /** Every frame there is, with the beginning of its words. */
  private async framesSaid(): Promise<string> {
    const each = this.page.frames().map(async (frame) => {
      const body = await frame.locator("body").innerText({ timeout: 2_000 }).catch(String);
      return `${frame.url().slice(0, 100)}: ${body.replace(/\s+/g, " ").slice(0, 100)}`;
    });
    return (await Promise.all(each)).join("\n");
  }

  /** What the extension has written to its log. */
  async log(): Promise<string> {
    const names = (await readdir(this.home, { recursive: true })).filter((name) =>
      name.endsWith("AI Goals Tracker.log"),
    );
    const texts = await Promise.all(names.map((name) => readFile(path.join(this.home, name), "utf8")));
    return texts.join("\n");
  }

  /** Replaces what the code's editor holds, as typing would, and saves. */
  async write(text: string, { save = true } = {}): Promise<void> {
    await this.page.locator(".editor-group-container .view-lines").first().click();
    await this.page.keyboard.press("Control+A");
    await this.page.keyboard.press("Delete");
    await this.page.keyboard.insertText(text);
    if (save) await this.save();
  }

  /** Until it is saved: a save that comes while another is going on is not one of its own. */
  async save(): Promise<void> {
    await this.page.keyboard.press("Control+S");
    await this.page.locator(".tab.active.dirty").waitFor({ state: "detached" });
  }

  /** Opens a goal from the view. */
  async openGoal(title: string): Promise<Frame> {
    await this.goal(new RegExp(`^${title}`)).click();
    try {
      return await this.webview(`h1:text-is("${title}")`);
    } catch (error) {
      await this.shot("failed-to-open"); // before a test begins nobody else looks
      throw error;
    }
  }

  /** What axe finds wrong with a page, as one line each. */
  async accessibility(frame: Frame): Promise<string[]> {
    await frame.evaluate(axe.source);
    const found = await frame.evaluate<{ violations: { id: string; nodes: { html: string }[] }[] }>(
      "axe.run(document)",
    );
    return found.violations.map(
      ({ id, nodes }) => `${id}: ${nodes.map((node) => node.html.slice(0, 120)).join(" | ")}`,
    );
  }

  async shot(name: string): Promise<void> {
    await mkdir(SHOTS, { recursive: true });
    await this.page.screenshot({ path: path.join(SHOTS, `${name}.png`) });
  }
}
