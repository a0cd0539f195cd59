import * as vscode from "vscode";
import type { Context } from "../context";
import { languagesOf, MANIFESTS, packagesOf } from "./manifests";
import { stands, state, stillStands } from "./stating";

const LANGUAGES = 20;
const DEPENDENCIES = 100;
const FILES = 5_000;
const READ = 50;
const BYTES = 1_000_000;
const SKIPPED = "node_modules,venv,env,target,build,dist,vendor,site-packages,.*";

/** Shows the learner which names their workspace gives, and sends those they leave ticked, with their consent. */
export async function shareWorkspace(context: Context): Promise<void> {
  const me = await stands(context);
  const { languages, dependencies } = await seen(context);
  if (languages.length + dependencies.length === 0)
    throw new Error(vscode.l10n.t("No language or package is known here: open the folder you work in."));
  const item = (label: string, kind: "language" | "package") => ({ label, of: kind, picked: true });
  const heading = (label: string) => ({ label, kind: vscode.QuickPickItemKind.Separator, of: null });
  const items = [
    heading(vscode.l10n.t("Languages")),
    ...languages.map((name) => item(name, "language")),
    heading(vscode.l10n.t("Packages")),
    ...dependencies.map((name) => item(name, "package")),
  ];
  const picked = await vscode.window.showQuickPick(items, {
    title: vscode.l10n.t("May the plan know what you work with?"),
    placeHolder: vscode.l10n.t("These names and nothing else are sent; untick what is not to be."),
    canPickMany: true,
    ignoreFocusOut: true,
  });
  if (!picked || picked.length === 0) return;
  const named = (kind: string) => picked.filter((one) => one.of === kind).map((one) => one.label);
  const now = await stillStands(context, me);
  const agreed = now.consents.workspace ? now : await state(context, now, { consent_workspace: true });
  const learner = context.require();
  const told = { languages: named("language"), dependencies: named("package") };
  const said = { languages: told.languages.join(" "), dependencies: told.dependencies.join(" ") };
  const { id } = await learner.outbox.say("goals.workspace.seen", said);
  learner.state.suppose("me", { ...agreed, ...told }, id);
  vscode.window.setStatusBarMessage(vscode.l10n.t("The next plans lean to what you work with."), 5_000);
}

/** Deletes what was ever sent of a workspace, and takes the consent back. */
export async function forgetWorkspace(context: Context): Promise<void> {
  const me = await stands(context);
  await context.require().api.forgetWorkspace(context.newId());
  if (me.consents.workspace) await state(context, me, { consent_workspace: false });
  vscode.window.setStatusBarMessage(vscode.l10n.t("What was known of your workspace is deleted."), 5_000);
}

/** Nothing hidden, installed or built, and no goal of ours; manifests are read, of other files only the names. */
async function seen(context: Context): Promise<{ languages: string[]; dependencies: string[] }> {
  const goals = (vscode.workspace.workspaceFolders ?? []).map(({ uri }) => `${context.config.folder(uri)}/**`);
  const skipped = `{${[`**/{${SKIPPED}}/**`, ...goals].join(",")}}`;
  const [files, manifests] = await Promise.all([
    vscode.workspace.findFiles("**/*.*", skipped, FILES),
    vscode.workspace.findFiles(`**/{${MANIFESTS.join(",")}}`, skipped, READ),
  ]);
  const named = await Promise.all(manifests.map(packagesIn));
  return {
    languages: languagesOf(
      files.map(({ path }) => path),
      LANGUAGES,
    ),
    dependencies: [...new Set(named.flat())].slice(0, DEPENDENCIES),
  };
}

async function packagesIn(uri: vscode.Uri): Promise<string[]> {
  try {
    if ((await vscode.workspace.fs.stat(uri)).size > BYTES) return [];
    const text = Buffer.from(await vscode.workspace.fs.readFile(uri)).toString("utf8");
    return packagesOf(uri.path.split("/").at(-1) ?? "", text);
  } catch {
    return []; // gone meanwhile
  }
}
