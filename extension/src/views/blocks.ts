import * as vscode from "vscode";
import type { Context } from "../context";
import { type Block, tryOut, type Tried } from "../offline/tryOut";
import type { FromPage, Output } from "../webview/messages";
import { runnable } from "./runnable";

type Wish = Extract<FromPage, { block: number }>;

/** What a learner may do with the code of a page: copy it, change it in a file of its own, and run it where it stands. */
export class Blocks {
  constructor(
    private readonly context: Context,
    /** Gives where to show what a block of this very page came to: by then another may be in its place. */
    private readonly page: () => (output: Output) => unknown,
  ) {}

  /**
   * `blocks`: those that belong together, of which the page has `from` others before. `program`: what stands before
   * them, which is the learner's own code where the page is their task.
   */
  async heard(wish: Wish, blocks: Block[], { from = 0, program = "" } = {}): Promise<void> {
    const block = blocks[wish.block - from];
    if (!block) return;
    if (wish.type === "copy") await vscode.env.clipboard.writeText(block.code);
    else if (wish.type === "edit") await scratch(block);
    else
      await this.run(wish.block, block, () => tryOut(blocks, wish.block - from, this.context.config.python, program));
  }

  /** On this machine, in a workspace the learner trusts; elsewhere the block is laid before them as a file. */
  private async run(at: number, block: Block, work: () => Promise<Tried>): Promise<void> {
    const post = this.page();
    const show = (told: Partial<Output>) =>
      post({ kind: "output", block: at, busy: false, text: "", note: "", ...told });
    if (this.context.config.localRuns === "never") {
      await scratch(block);
      show({ note: forbidden() });
      return;
    }
    show({ busy: true, note: vscode.l10n.t("Running") });
    const tried = await work();
    if (tried.came === "missing" || tried.came === "unknown") await scratch(block);
    show({ text: tried.output, note: this.note(tried, block) });
  }

  private note({ came, output }: Tried, block: Block): string {
    if (came === "missing")
      return vscode.l10n.t(
        "{0} was not found on this machine (setting goals.python): here is the code as a file.",
        this.context.config.python,
      );
    if (came === "unknown")
      return vscode.l10n.t("{0} cannot be run from a page: here is the code as a file.", block.language);
    if (came === "late") return vscode.l10n.t("It went on for too long and was ended.");
    return output === "" ? vscode.l10n.t("It ran, and printed nothing.") : "";
  }
}

function forbidden(): string {
  return vscode.workspace.isTrusted
    ? vscode.l10n.t("Runs on this machine are off (setting goals.localRuns): here is the code as a file.")
    : vscode.l10n.t("Code runs on this machine only in a workspace you trust: here it is as a file.");
}

/** A file of its own beside the page, ready to be changed. */
async function scratch(block: Block): Promise<void> {
  const language = block.language.split(" ")[0] ?? "";
  const document = await vscode.workspace.openTextDocument({
    language: LANGUAGES[language] ?? language,
    content: runnable(block.code),
  });
  await vscode.window.showTextDocument(document, vscode.ViewColumn.One);
}

const LANGUAGES: Record<string, string> = { js: "javascript", ts: "typescript", py: "python", file: "plaintext" };
