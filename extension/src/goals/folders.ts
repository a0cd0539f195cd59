import * as vscode from "vscode";
import type { Context } from "../context";
import { Disposables, Signal } from "../disposable";
import type { GoalDetail } from "../protocol/generated";
import { CASES, casesPage, codeName, type GoalRecord, parseRecord, RECORD, STATEMENT, statement } from "./files";

/** A goal's folder on this machine. `file`: the learner's code. */
export interface GoalFolder {
  goal: string;
  folder: vscode.Uri;
  file: vscode.Uri;
}

const fs = vscode.workspace.fs;
const MOST = 500;

/** Which goals are on this machine, and where. What the learner wrote is never overwritten. */
export class Folders extends Disposables {
  readonly onChange = new Signal<void>();
  private readonly byGoal = new Map<string, GoalFolder>();
  private readonly byFile = new Map<string, GoalFolder>();

  constructor(private readonly context: Context) {
    super();
    this.add(vscode.workspace.onDidRenameFiles((event) => void this.renamed(event.files)));
    this.add(vscode.workspace.onDidDeleteFiles((event) => this.deleted(event.files)));
    this.add(vscode.workspace.onDidChangeWorkspaceFolders(() => void this.scan()));
  }

  of = (uri: vscode.Uri): GoalFolder | undefined => this.byFile.get(uri.toString());
  where = (goal: string): GoalFolder | undefined => this.byGoal.get(goal);
  all = (): GoalFolder[] => [...this.byGoal.values()];

  /** Finds the goals of this server that are in the workspace, or in the extension's own folder. */
  async scan(): Promise<void> {
    const own = new vscode.RelativePattern(this.home(), `*/${RECORD}`);
    const [inside, outside] = await Promise.all([
      vscode.workspace.findFiles(`**/${RECORD}`, "**/node_modules/**", MOST),
      Promise.resolve(vscode.workspace.findFiles(own, null, MOST)).catch(() => []),
    ]);
    await Promise.all([...inside, ...outside].map((uri) => this.know(uri)));
    this.onChange.fire();
  }

  /** Makes the goal's folder with what is missing in it. `code`: what the learner wrote last, on another machine. */
  async write(goal: GoalDetail, account: string, code: string | null): Promise<GoalFolder> {
    const kept = this.byGoal.get(goal.goal);
    const folder = kept?.folder ?? (await this.free(goal));
    const record = (kept && (await this.record(kept.folder))) ?? {
      goal: goal.goal,
      server: this.context.require().session.server,
      account,
      file: codeName(goal),
    };
    await fs.createDirectory(folder);
    const hidden = vscode.l10n.t("and {0} hidden cases", goal.hidden_cases);
    await this.writeNew(vscode.Uri.joinPath(folder, record.file), code ?? goal.starter);
    await this.writeNew(vscode.Uri.joinPath(folder, STATEMENT), statement(goal));
    await this.writeNew(vscode.Uri.joinPath(folder, CASES), casesPage(goal, { hidden }).text);
    await this.writeNew(vscode.Uri.joinPath(folder, RECORD), JSON.stringify(record, null, 1) + "\n");
    const opened = this.keep(record, folder);
    this.onChange.fire();
    return opened;
  }

  private home(): vscode.Uri {
    const workspace = vscode.workspace.workspaceFolders?.find(
      (one) => fs.isWritableFileSystem(one.uri.scheme) === true,
    );
    const local = workspace?.uri.scheme === "file" || workspace?.uri.scheme === "vscode-remote";
    if (!workspace || !local) return vscode.Uri.joinPath(this.context.extension.globalStorageUri, "goals");
    return vscode.Uri.joinPath(workspace.uri, this.context.config.folder(workspace.uri));
  }

  private async free(goal: GoalDetail): Promise<vscode.Uri> {
    const wanted = vscode.Uri.joinPath(this.home(), goal.challenge);
    const other = await this.record(wanted);
    if (other === null || other.goal === goal.goal) return wanted;
    return vscode.Uri.joinPath(this.home(), `${goal.challenge}-${goal.goal.slice(0, 8)}`);
  }

  private async record(folder: vscode.Uri): Promise<GoalRecord | null> {
    try {
      return parseRecord(Buffer.from(await fs.readFile(vscode.Uri.joinPath(folder, RECORD))).toString("utf8"));
    } catch {
      return null;
    }
  }

  private async know(uri: vscode.Uri): Promise<void> {
    const folder = vscode.Uri.joinPath(uri, "..");
    const record = await this.record(folder);
    if (record) this.keep(record, folder);
  }

  private keep(record: GoalRecord, folder: vscode.Uri): GoalFolder {
    const known: GoalFolder = { goal: record.goal, folder, file: vscode.Uri.joinPath(folder, record.file) };
    const before = this.byGoal.get(record.goal);
    if (before) this.byFile.delete(before.file.toString());
    this.byGoal.set(record.goal, known);
    this.byFile.set(known.file.toString(), known);
    return known;
  }

  private async writeNew(uri: vscode.Uri, text: string): Promise<void> {
    try {
      await fs.stat(uri);
    } catch {
      await fs.writeFile(uri, Buffer.from(text, "utf8"));
    }
  }

  /** The code of a goal got another name, or its folder another place: it stays the same goal. */
  private async renamed(files: readonly { oldUri: vscode.Uri; newUri: vscode.Uri }[]): Promise<void> {
    for (const { oldUri, newUri } of files) {
      const file = this.byFile.get(oldUri.toString());
      if (file) {
        const folder = vscode.Uri.joinPath(newUri, "..");
        const record = await this.record(file.folder);
        if (!record || folder.toString() !== file.folder.toString()) continue;
        const moved = { ...record, file: newUri.path.split("/").at(-1) ?? record.file };
        await fs.writeFile(vscode.Uri.joinPath(folder, RECORD), Buffer.from(JSON.stringify(moved, null, 1) + "\n"));
        this.keep(moved, folder);
      } else {
        const inside = this.all().filter((one) => one.folder.toString() === oldUri.toString());
        await Promise.all(inside.map(() => this.know(vscode.Uri.joinPath(newUri, RECORD))));
      }
    }
    this.onChange.fire();
  }

  private deleted(files: readonly vscode.Uri[]): void {
    for (const known of this.all()) {
      const gone = files.some((uri) => `${known.file.toString()}/`.startsWith(`${uri.toString()}/`));
      if (!gone) continue;
      this.byGoal.delete(known.goal);
      this.byFile.delete(known.file.toString());
    }
    this.onChange.fire();
  }
}
