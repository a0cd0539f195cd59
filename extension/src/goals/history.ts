import * as vscode from "vscode";
import type { Context } from "../context";
import { said } from "../said";
import { Disposables } from "../disposable";
import type { GoalFolder } from "./folders";

const SCHEME = "goals-attempt";
const KEPT = ".history";

interface Attempt {
  label: string;
  detail: string;
  code: string;
  at: Date;
}

/** Everything the learner wrote for a goal: its runs, and what was put away by starting over. Nothing is destroyed. */
export class History extends Disposables {
  private readonly texts = new Map<string, string>();

  constructor(private readonly context: Context) {
    super();
    this.add(
      vscode.workspace.registerTextDocumentContentProvider(SCHEME, {
        provideTextDocumentContent: (uri) => this.texts.get(uri.toString()) ?? "",
      }),
    );
  }

  async show(where: GoalFolder): Promise<void> {
    const attempts = [...(await this.runs(where)), ...(await this.archived(where))].sort((a, b) => +b.at - +a.at);
    if (attempts.length === 0) {
      void vscode.window.showInformationMessage(vscode.l10n.t("No attempts yet."));
      return;
    }
    const placeHolder = vscode.l10n.t("Compare an attempt with your code now");
    const picked = await vscode.window.showQuickPick(attempts, { placeHolder, matchOnDetail: true });
    if (picked) await this.compare(where, picked.code, picked.at, picked.label);
  }

  /** Other code of a goal, of that moment, beside the learner's own as it is now. */
  async compare(where: GoalFolder, code: string, at: Date, label: string): Promise<void> {
    const name = where.file.path.split("/").at(-1) ?? "";
    const before = vscode.Uri.from({ scheme: SCHEME, path: `/${at.toISOString()}/${name}` });
    this.texts.set(before.toString(), code);
    await vscode.commands.executeCommand("vscode.diff", before, where.file, `${label} ↔ ${name}`);
  }

  /** Back to the starter, as an edit that can be undone; what was there is put away first. */
  async reset(where: GoalFolder): Promise<void> {
    const goal = await this.context.require().state.goalDetail(where.goal);
    const document = await vscode.workspace.openTextDocument(where.file);
    if (document.getText() === goal.starter) return;
    await this.putAway(where, document.getText());
    const edit = new vscode.WorkspaceEdit();
    edit.replace(where.file, new vscode.Range(0, 0, document.lineCount, 0), goal.starter);
    await vscode.workspace.applyEdit(edit);
    await vscode.window.showTextDocument(document);
  }

  /** Code that makes room for other code. */
  async putAway(where: GoalFolder, code: string): Promise<void> {
    await vscode.workspace.fs.writeFile(await this.place(where), Buffer.from(code, "utf8"));
  }

  /** What stands in the code's place and is none, as it is. */
  async putFileAway(where: GoalFolder): Promise<void> {
    await vscode.workspace.fs.rename(where.file, await this.place(where));
  }

  private async place(where: GoalFolder): Promise<vscode.Uri> {
    const stamp = this.context.now().toISOString().replace(/[:.]/g, "-");
    const name = where.file.path.split("/").at(-1) ?? "code";
    await vscode.workspace.fs.createDirectory(vscode.Uri.joinPath(where.folder, KEPT));
    return vscode.Uri.joinPath(where.folder, KEPT, `${stamp}-${name}`);
  }

  private async runs(where: GoalFolder): Promise<Attempt[]> {
    try {
      const { runs } = await this.context.require().api.runs(where.goal);
      return runs
        .filter((run) => run.code !== "")
        .map((run) => ({
          label: `${run.passed === run.total ? "$(pass-filled)" : "$(circle-outline)"} ${vscode.l10n.t("{0} of {1} cases", run.passed, run.total)}`,
          detail: `${new Date(run.at).toLocaleString(vscode.env.language)}${run.purpose === "submit" ? ` · ${vscode.l10n.t("submitted")}` : ""}`,
          code: run.code,
          at: new Date(run.at),
        }));
    } catch (error) {
      this.context.log.info(`no runs from the server: ${said(error)}`);
      return [];
    }
  }

  private async archived(where: GoalFolder): Promise<Attempt[]> {
    const folder = vscode.Uri.joinPath(where.folder, KEPT);
    const files = await Promise.resolve(vscode.workspace.fs.readDirectory(folder)).catch(() => []);
    return Promise.all(
      files
        .filter(([, type]) => type === vscode.FileType.File)
        .map(async ([name]) => {
          const uri = vscode.Uri.joinPath(folder, name);
          const [bytes, stat] = await Promise.all([vscode.workspace.fs.readFile(uri), vscode.workspace.fs.stat(uri)]);
          const at = this.context.clock.told(stat.mtime);
          return {
            label: `$(archive) ${vscode.l10n.t("Put away")}`,
            detail: at.toLocaleString(vscode.env.language),
            code: Buffer.from(bytes).toString("utf8"),
            at,
          };
        }),
    );
  }
}
