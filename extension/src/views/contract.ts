import * as vscode from "vscode";
import type { Context } from "../context";
import { said } from "../said";
import { Disposables } from "../disposable";
import type { ContractView } from "../protocol/generated";

interface Row {
  label: string;
  description: string;
  icon: string;
  context?: string;
}

/** What the contract still gives, and until when. */
export class ContractTree extends Disposables implements vscode.TreeDataProvider<Row> {
  private readonly changed = this.add(new vscode.EventEmitter<undefined>());
  readonly onDidChangeTreeData = this.changed.event;

  constructor(private readonly context: Context) {
    super();
    this.add(vscode.window.createTreeView<Row>("goals.contract", { treeDataProvider: this }));
    this.add(context.onLearner.on(() => this.changed.fire(undefined)));
    this.add(context.onState.on((part) => part === "contract" && this.changed.fire(undefined)));
  }

  async getChildren(row?: Row): Promise<Row[]> {
    if (row) return [];
    const contract = await this.context.learner?.state.need("contract");
    return contract ? rows(contract) : [];
  }

  getTreeItem(row: Row): vscode.TreeItem {
    const item = new vscode.TreeItem(row.label);
    item.description = row.description;
    item.iconPath = new vscode.ThemeIcon(row.icon);
    item.accessibilityInformation = { label: `${row.label}: ${row.description}`, role: "treeitem" };
    if (row.context !== undefined) item.contextValue = row.context;
    return item;
  }

  /** Shows what is asked for, and accepts the terms in force at the learner's word. */
  async accept(): Promise<void> {
    const learner = this.context.require();
    const contract = await learner.state.need("contract");
    if (!contract?.acceptance.required) return;
    const yes = vscode.l10n.t("Accept");
    const detail = vscode.l10n.t(
      "Version {0}. Consents asked for: {1}",
      contract.terms.version,
      contract.acceptance.missing.join(", ") || "–",
    );
    const choice = await vscode.window.showInformationMessage(
      vscode.l10n.t("Accept the terms in force?"),
      { modal: true, detail },
      yes,
    );
    if (choice !== yes) return;
    const { version, consents } = { version: contract.terms.version, consents: contract.acceptance.missing };
    await learner.api
      .accept({ id: this.context.newId(), version, consents: consents as never })
      .catch((error: unknown) => {
        throw new Error(said(error));
      });
  }
}

function rows(contract: ContractView): Row[] {
  const day = (at: string) => new Date(at).toLocaleDateString(vscode.env.language, { day: "numeric", month: "long" });
  const until = {
    label: standingWord(contract.standing),
    description: vscode.l10n.t("until {0} · days left: {1}", day(contract.terms.ends), contract.days_left),
    icon: "calendar",
  };
  const by = {
    label: contract.organisation,
    description: vscode.l10n.t("terms {0}", contract.terms.version),
    icon: "organization",
  };
  const quotas = contract.quotas.map((quota) => ({
    label: quotaWord(quota.kind),
    description: vscode.l10n.t("{0} of {1} left today", quota.left, quota.limit),
    icon: "pulse",
  }));
  const { required, by: due } = contract.acceptance;
  const accept = {
    label: vscode.l10n.t("Accept the terms"),
    description: due ? vscode.l10n.t("by {0}", day(due)) : "",
    icon: "warning",
    context: "acceptance",
  };
  return [...(required ? [accept] : []), until, ...quotas, by];
}

function standingWord(standing: string): string {
  const words: Record<string, string> = {
    waiting: vscode.l10n.t("Not begun"),
    kept: vscode.l10n.t("In force"),
    expiring: vscode.l10n.t("Ends soon"),
    grace: vscode.l10n.t("In its days of grace"),
    ended: vscode.l10n.t("Ended"),
  };
  return words[standing] ?? standing;
}

function quotaWord(kind: string): string {
  const words: Record<string, string> = {
    runs: vscode.l10n.t("Runs"),
    hints: vscode.l10n.t("Hints"),
    goals: vscode.l10n.t("Goals"),
  };
  return words[kind] ?? kind;
}
