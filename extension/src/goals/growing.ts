import { setTimeout as pause } from "node:timers/promises";
import * as vscode from "vscode";

const fs = vscode.workspace.fs;
/** Milliseconds until a folder that the editor says nothing of is built in all the same. */
const UNSEEN = 500;

/**
 * Makes a folder and those above it that are missing. Each is seen by the editor's watcher before anything is made in
 * it: what is made in a new folder before it is watched would never be, and what other programs or another window
 * change there would go unseen (https://github.com/parcel-bundler/watcher).
 */
export async function grow(folder: vscode.Uri): Promise<void> {
  const missing: vscode.Uri[] = [];
  for (let at = folder; at.path !== "/" && !(await exists(at)); at = vscode.Uri.joinPath(at, "..")) missing.unshift(at);
  for (const each of missing.slice(0, -1)) await seen(each);
  await fs.createDirectory(folder);
}

async function seen(folder: vscode.Uri): Promise<void> {
  const name = folder.path.split("/").at(-1) ?? "";
  const pattern = new vscode.RelativePattern(vscode.Uri.joinPath(folder, ".."), name);
  const watcher = vscode.workspace.createFileSystemWatcher(pattern, false, true, true);
  try {
    const told = new Promise<void>((done) => watcher.onDidCreate(() => done()));
    await fs.createDirectory(folder);
    await Promise.race([told, pause(UNSEEN)]);
  } finally {
    watcher.dispose();
  }
}

export async function exists(uri: vscode.Uri): Promise<boolean> {
  return Promise.resolve(fs.stat(uri)).then(
    () => true,
    () => false,
  );
}
