import { rm } from "node:fs/promises";
import path from "node:path";
import * as vscode from "vscode";
import { exclusive } from "../auth/lock";
import type { Session } from "../auth/sessions";
import type { Context } from "../context";
import { said } from "../said";
import { Disposables } from "../disposable";
import type { Learner } from "../learner/learner";
import { sync } from "./copy";
import { copyFolder } from "./place";

/** Milliseconds after sign-in, and between syncs: the copy follows the log by half a minute anyway. */
const FIRST = 20_000;
const EVERY = 10 * 60_000;

/** Keeps the learner's own data on their own disk, in the background. */
export class Lake extends Disposables {
  constructor(private readonly context: Context) {
    super();
    this.add(context.onLearner.on((learner) => learner && this.attend(learner)));
    this.add(context.sessions.onErased.on((session) => void this.forget(session)));
  }

  folder(learner = this.context.require()): string {
    return copyFolder(learner.session.server, learner.session.learner);
  }

  /** At the learner's wish: brings it up to date and shows it. */
  async open(): Promise<void> {
    const learner = this.context.require();
    await this.sync(learner);
    await vscode.commands.executeCommand("revealFileInOS", vscode.Uri.file(this.folder(learner)));
  }

  async sync(learner: Learner): Promise<void> {
    const folder = this.folder(learner);
    const source = {
      manifest: (after: number, etag: string) => learner.api.manifest(after, etag),
      fetch: async (url: string) => {
        const reply = await fetch(url);
        if (!reply.ok) throw new Error(`status ${reply.status}`);
        return new Uint8Array(await reply.arrayBuffer());
      },
    };
    await exclusive(path.join(folder, ".lock.editor"))(() =>
      sync(folder, learner.session.server, source, this.context.now),
    );
  }

  private attend(learner: Learner): void {
    const quietly = () => {
      if (!this.context.config.lake || learner.live.line.state !== "open") return;
      this.sync(learner).catch((error: unknown) => this.context.log.info(`copy not synced: ${said(error)}`));
    };
    const first = setTimeout(quietly, FIRST);
    const again = setInterval(quietly, EVERY);
    learner.add({
      dispose: () => {
        clearTimeout(first);
        clearInterval(again);
      },
    });
  }

  /** An erased account takes its copy with it; a sync that is at work ends first, with the account. */
  private async forget({ server, learner }: Session): Promise<void> {
    const folder = copyFolder(server, learner);
    const drop = () => rm(folder, { recursive: true, force: true });
    await exclusive(path.join(folder, ".lock.editor"))(drop);
  }
}
