import * as vscode from "vscode";
import type { Context } from "../context";
import { Disposables, Signal } from "../disposable";
import type { GoalDetail } from "../protocol/generated";
import { CASES, casesPage, codeName, type GoalRecord, parseRecord, RECORD, STATEMENT, statement } from "./files";
import { exists, grow } from "./growing";

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
    this.add(vscode.workspace.onDidOpenTextDocument((document) => void this.notice(document.uri)));
    // What other programs do with the folders; what this editor does is told above, and told again here.
    const watcher = this.add(vscode.workspace.createFileSystemWatcher(`**/${RECORD}`, false, true, false));
    this.add(watcher.onDidCreate((uri) => void this.know(uri).then(() => this.onChange.fire())));
    this.add(watcher.onDidDelete((uri) => this.deleted([vscode.Uri.joinPath(uri, "..")])));
  }

  of = (uri: vscode.Uri): GoalFolder | undefined => this.byFile.get(uri.toString());
  where = (goal: string): GoalFolder | undefined => this.byGoal.get(goal);
  all = (): GoalFolder[] => [...this.byGoal.values()];

  /** Where a goal is now: its code may have got another name by another program, or gone with its folder. */
  async find(goal: string): Promise<GoalFolder | undefined> {
    const known = this.byGoal.get(goal);
    if (!known || (await exists(known.file))) return known;
    const record = await this.record(known.folder);
    if (record?.goal !== goal) {
      this.deleted([known.folder]);
      await this.scan();
      return this.byGoal.get(goal);
    }
    const file = await this.renamedTo(known, record);
    return file === null ? this.keep(record, known.folder) : this.rewrite({ ...record, file }, known.folder);
  }

  /** A folder that was moved by another program, where the system tells nobody of such things: its code is opened. */
  private async notice(uri: vscode.Uri): Promise<void> {
    if (uri.scheme !== "file" || this.of(uri) || !this.context.learner) return;
    const folder = vscode.Uri.joinPath(uri, "..");
    const record = await this.record(folder);
    if (record === null || vscode.Uri.joinPath(folder, record.file).path !== uri.path) return;
    if (await this.has(record.goal)) return; // a copy
    this.keep(record, folder);
    this.onChange.fire();
  }

  /** Whether the learner's code is on this machine. */
  async has(goal: string): Promise<boolean> {
    const known = this.byGoal.get(goal);
    return known !== undefined && exists(known.file);
  }

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
    await grow(folder);
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
    if (!(await exists(uri))) await fs.writeFile(uri, Buffer.from(text, "utf8"));
  }

  /** The one other file of the language in the folder, where there is just one. */
  private async renamedTo({ folder }: GoalFolder, { file }: GoalRecord): Promise<string | null> {
    if (await exists(vscode.Uri.joinPath(folder, file))) return file;
    const suffix = /\.\w+$/.exec(file)?.[0] ?? "";
    const inside = await Promise.resolve(fs.readDirectory(folder)).catch(() => []);
    const others = inside.filter(([name, type]) => type === vscode.FileType.File && name.endsWith(suffix));
    return others.length === 1 ? (others[0]?.[0] ?? null) : null;
  }

  private async rewrite(record: GoalRecord, folder: vscode.Uri): Promise<GoalFolder> {
    await fs.writeFile(vscode.Uri.joinPath(folder, RECORD), Buffer.from(JSON.stringify(record, null, 1) + "\n"));
    return this.keep(record, folder);
  }

  /** The code of a goal got another name or place, or a folder above it did: it stays the same goal. */
  private async renamed(files: readonly { oldUri: vscode.Uri; newUri: vscode.Uri }[]): Promise<void> {
    for (const { oldUri, newUri } of files) {
      const file = this.byFile.get(oldUri.toString());
      if (file) await this.moved(file, newUri);
      else {
        const above = `${oldUri.path}/`;
        const inside = this.all().filter((one) => `${one.folder.path}/`.startsWith(above));
        const place = (one: GoalFolder) =>
          newUri.with({ path: newUri.path + one.folder.path.slice(oldUri.path.length) });
        await Promise.all(inside.map((one) => this.know(vscode.Uri.joinPath(place(one), RECORD))));
      }
    }
    this.onChange.fire();
  }

  /** The record goes along, unless another goal lives there. */
  private async moved(before: GoalFolder, to: vscode.Uri): Promise<void> {
    const folder = vscode.Uri.joinPath(to, "..");
    const record = await this.record(before.folder);
    const there = await this.record(folder);
    if (record?.goal !== before.goal || (there && there.goal !== before.goal)) return;
    await this.rewrite({ ...record, file: to.path.split("/").at(-1) ?? record.file }, folder);
    if (folder.path !== before.folder.path) await fs.delete(vscode.Uri.joinPath(before.folder, RECORD));
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
