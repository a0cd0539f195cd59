import * as vscode from "vscode";
import type { Context } from "../context";
import { Disposables } from "../disposable";
import type { Accepted, ContractView } from "../protocol/generated";

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

  /** Accepts the terms in force at the learner's word, with the consents they give: none is theirs unless they tick it. */
  async accept(): Promise<void> {
    const learner = this.context.require();
    const contract = await learner.state.need("contract");
    if (!contract || contract.acceptance.by === null) return;
    const given = contract.terms.consents.length > 0 ? await consents(contract) : await agreed(contract);
    if (given === undefined) return;
    await learner.api.accept({ id: this.context.newId(), version: contract.terms.version, consents: given });
  }
}

type Consent = NonNullable<Accepted["consents"]>[number];

/** Those that the terms ask for, by name; what was given before stays ticked, since an acceptance states them all. */
async function consents({ terms, acceptance }: ContractView): Promise<Consent[] | undefined> {
  const items = terms.consents.map((consent) => ({
    ...consentWord(consent),
    consent,
    picked: acceptance.consents.includes(consent),
  }));
  const picked = await vscode.window.showQuickPick(items, {
    title: vscode.l10n.t("Accept version {0} of the terms, and agree to what is ticked?", terms.version),
    placeHolder: vscode.l10n.t(
      "You may leave any out; learning then goes on only until {0}.",
      day(acceptance.by ?? ""),
    ),
    canPickMany: true,
    ignoreFocusOut: true,
  });
  return picked?.map(({ consent }) => consent);
}

async function agreed({ terms }: ContractView): Promise<Consent[] | undefined> {
  const yes = vscode.l10n.t("Accept");
  const question = vscode.l10n.t("Accept version {0} of the terms?", terms.version);
  return (await vscode.window.showInformationMessage(question, { modal: true }, yes)) === yes ? [] : undefined;
}

function consentWord(consent: Consent): { label: string; detail: string } {
  switch (consent) {
    case "mood":
      return {
        label: vscode.l10n.t("How it goes"),
        detail: vscode.l10n.t("You may be asked, and what you answer is kept until you delete it."),
      };
    case "workspace":
      return {
        label: vscode.l10n.t("What your workspace holds"),
        detail: vscode.l10n.t("Names of languages and packages, where you send them."),
      };
    case "models":
      return {
        label: vscode.l10n.t("Language models"),
        detail: vscode.l10n.t("Texts of yours may be sent to a language model."),
      };
    case "progress":
      return {
        label: vscode.l10n.t("Your progress"),
        detail: vscode.l10n.t("Your organisation may see it."),
      };
  }
}

const day = (at: string): string =>
  new Date(at).toLocaleDateString(vscode.env.language, { day: "numeric", month: "long" });

function rows(contract: ContractView): Row[] {
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
  const due = contract.acceptance.by;
  const accept = {
    label: vscode.l10n.t("Accept the terms"),
    description: due === null ? "" : vscode.l10n.t("by {0}", day(due)),
    icon: "warning",
    context: "acceptance",
  };
  return [...(due === null ? [] : [accept]), until, ...quotas, by];
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
