import * as vscode from "vscode";
import { type Context, setContext } from "../context";
import { Disposables } from "../disposable";
import type { Daily, GoalSummary } from "../protocol/generated";
import type { GoalTests } from "../testing/goalTests";
import { dayWord } from "../learner/choices";
import { opensChosen } from "./chosen";
import { kindWord } from "./goalPanel";
import { pressing, trouble } from "./trouble";

/** Kinds in the order of a learner's day. */
const ORDER = ["placement", "review", "daily", "course", "skill", "project"];
const CLOSED = new Set(["solved", "swapped", "abandoned"]);
/** Another goal has come in its place, or none was wanted. */
const PUT_AWAY = new Set(["swapped", "abandoned"]);
/** Milliseconds for which what a plan changed is told above the goals. */
const TELL = 120_000;
const OPEN = "goals.today.open";

/** The same object for as long as it is listed, so that VS Code can be told to draw it anew by itself. */
type Row = { kind: string } | { goal: string };
type Group = { kind: string; goals: GoalSummary[] };

/** Today's goals by kind, those of earlier days among them, with state, minutes and how far each is; what is done last. */
export class TodayView extends Disposables implements vscode.TreeDataProvider<Row> {
  private readonly changed = this.add(new vscode.EventEmitter<Row[] | undefined>());
  readonly onDidChangeTreeData = this.changed.event;
  private readonly view: vscode.TreeView<Row>;
  private readonly rows = new Map<string, Row>();
  private told: NodeJS.Timeout | undefined;
  private news = "";
  private order = "";
  private shown = new Map<Row, string>();

  constructor(
    private readonly context: Context,
    private readonly tests: GoalTests,
  ) {
    super();
    this.view = this.add(
      vscode.window.createTreeView<Row>("goals.today", { treeDataProvider: this, showCollapseAll: false }),
    );
    this.add(
      opensChosen(this.view, OPEN, (row) =>
        "goal" in row ? vscode.commands.executeCommand("goals.openGoal", row.goal) : undefined,
      ),
    );
    this.add(
      context.onLearner.on(() => {
        this.news = "";
        this.refresh();
      }),
    );
    this.add(context.onState.on((part) => (part === "daily" || part === "me") && this.refresh()));
    this.add(tests.onEnd.on(() => this.refresh()));
    this.add(context.onLine.on(() => this.say()));
    this.add(
      context.onStored.on((event) => {
        if (event.type === "goals.plan.changed") this.changedPlan(event.data.because);
        if (event.type === "goals.wish.answered" && !context.learner?.asked.here(event.data.wish))
          this.tell(vscode.l10n.t("Your wish: {0}", event.data.because));
      }),
    );
    this.add({ dispose: () => clearTimeout(this.told) });
  }

  getChildren(row?: Row): Row[] {
    if (row && "goal" in row) return [];
    const groups = this.groups();
    const within = row ? groups.find(({ kind }) => kind === row.kind) : groups.length === 1 ? groups[0] : undefined;
    if (within) return within.goals.map(({ goal }) => this.row({ goal }));
    return row ? [] : groups.map(({ kind }) => this.row({ kind }));
  }

  getTreeItem(row: Row): vscode.TreeItem {
    if ("kind" in row) return this.group(row.kind);
    const goal = this.daily?.goals.find((one) => one.goal === row.goal);
    return goal ? this.goal(goal) : new vscode.TreeItem("");
  }

  getParent(row: Row): Row | undefined {
    const groups = this.groups();
    if ("kind" in row || groups.length === 1) return undefined;
    const around = groups.find(({ goals }) => goals.some(({ goal }) => goal === row.goal));
    return around && this.row({ kind: around.kind });
  }

  private get daily(): Daily | undefined {
    return this.context.learner?.state.get("daily");
  }

  private row(row: Row): Row {
    const id = "goal" in row ? row.goal : row.kind;
    const kept = this.rows.get(id) ?? row;
    this.rows.set(id, kept);
    return kept;
  }

  private groups(): Group[] {
    const goals = (this.daily?.goals ?? []).filter(({ state }) => !PUT_AWAY.has(state));
    const kinds = [...new Set(goals.map((goal) => goal.kind))].sort((a, b) => ORDER.indexOf(a) - ORDER.indexOf(b));
    const all = kinds.map((kind) => ({ kind, goals: goals.filter((goal) => goal.kind === kind) }));
    const done = (group: Group) => group.goals.every(({ state }) => CLOSED.has(state));
    return [...all.filter((one) => !done(one)), ...all.filter(done)];
  }

  private group(kind: string): vscode.TreeItem {
    const goals = this.groups().find((one) => one.kind === kind)?.goals ?? [];
    const item = new vscode.TreeItem(kindWord(kind), vscode.TreeItemCollapsibleState.Expanded);
    item.id = `kind/${kind}`;
    const solved = goals.filter((goal) => goal.state === "solved").length;
    item.description = `${solved}/${goals.length}`;
    return item;
  }

  private goal(goal: GoalSummary): vscode.TreeItem {
    const item = new vscode.TreeItem(goal.title);
    item.id = goal.goal;
    item.contextValue = `goal ${goal.state}`;
    item.iconPath = icon(goal.state);
    const total = goal.total || this.tests.last.get(goal.goal)?.total || 0;
    const far = goal.runs > 0 && goal.state !== "solved" ? ` · ${goal.best}/${total}` : "";
    item.description = `${vscode.l10n.t("{0} min", goal.minutes)}${far}`;
    item.tooltip = new vscode.MarkdownString(`**${goal.title}** · ${stateWord(goal.state)}\n\n${goal.because}`);
    item.command = { command: OPEN, title: vscode.l10n.t("Open Goal") };
    const label = `${goal.title}, ${stateWord(goal.state)}, ${item.description}`;
    item.accessibilityInformation = { label, role: "treeitem" };
    return item;
  }

  private refresh(): void {
    const { daily } = this;
    const me = this.context.learner?.state.get("me");
    void setContext("newcomer", me !== undefined && me.level === null);
    void setContext("resting", !!me?.back);
    this.redraw();
    const left = daily?.goals.filter((goal) => !CLOSED.has(goal.state)).length ?? 0;
    this.view.badge = left > 0 ? { value: left, tooltip: vscode.l10n.t("{0} goals for today", left) } : undefined;
    this.view.description = daily ? standing(daily) : "";
    this.say();
  }

  /** Above the goals: what somebody has to do, or else until when nothing is planned, or what the plan is for. */
  private say(): void {
    const { daily } = this;
    const back = this.context.learner?.state.get("me")?.back;
    if (pressing(this.context)) this.view.message = trouble(this.context) ?? "";
    else if (back)
      this.view.message = vscode.l10n.t("Days off: you learn again on {0}. Nothing is lost.", dayWord(back));
    else this.view.message = this.news || (daily?.plan && daily.goals.length > 0 ? daily.plan.because : "");
  }

  /** Only the rows that are others: a click on a row in the moment in which it is drawn anew is lost. */
  private redraw(): void {
    const groups = this.groups();
    const before = { order: this.order, shown: this.shown };
    this.order = JSON.stringify(groups.map(({ kind, goals }) => [kind, goals.map(({ goal }) => goal)]));
    this.shown = new Map(groups.flatMap((group) => this.drawn(group)));
    const changed = [...this.shown].filter(([row, text]) => before.shown.get(row) !== text).map(([row]) => row);
    if (this.order !== before.order) this.changed.fire(undefined);
    else if (changed.length > 0) this.changed.fire(changed);
  }

  /** What the rows of a group show. */
  private drawn({ kind, goals }: Group): [Row, string][] {
    const rows = goals.map((goal): [Row, string] => [
      this.row({ goal: goal.goal }),
      JSON.stringify([goal, this.tests.last.get(goal.goal)?.total]),
    ]);
    const solved = goals.filter(({ state }) => state === "solved").length;
    return [[this.row({ kind }), `${solved}`], ...rows];
  }

  private changedPlan(because: string): void {
    if (!this.daily?.plan) return; // the first plan has changed nothing
    this.tell(vscode.l10n.t("Your plan has changed: {0}", because));
  }

  private tell(words: string): void {
    this.news = words;
    this.say();
    clearTimeout(this.told);
    this.told = setTimeout(() => {
      this.news = "";
      this.refresh();
    }, TELL);
  }
}

/** Minutes of solved goals, of today's; and the days in a row. */
export function standing(daily: Daily): string {
  const done = minutesDone(daily);
  const minutes = vscode.l10n.t("{0} of {1} min", done, daily.stats.minutes_planned);
  return daily.streak.current > 0 ? `${minutes} · ${days(daily.streak.current)}` : minutes;
}

function days(count: number): string {
  return count === 1 ? vscode.l10n.t("1 day in a row") : vscode.l10n.t("{0} days in a row", count);
}

export function minutesDone(daily: Daily): number {
  const solved = daily.goals.filter((goal) => goal.state === "solved" && goal.closed?.startsWith(daily.day) !== false);
  return solved.reduce((sum, goal) => sum + goal.minutes, 0);
}

function icon(state: string): vscode.ThemeIcon {
  const icons: Record<string, [string, string?]> = {
    assigned: ["circle-outline"],
    open: ["circle-large-filled", "charts.blue"],
    stuck: ["lightbulb", "charts.yellow"],
    paused: ["debug-pause", "disabledForeground"],
    solved: ["pass-filled", "testing.iconPassed"],
    swapped: ["arrow-swap", "disabledForeground"],
    abandoned: ["circle-slash", "disabledForeground"],
  };
  const [name, colour] = icons[state] ?? ["circle-outline"];
  return new vscode.ThemeIcon(name, colour === undefined ? undefined : new vscode.ThemeColor(colour));
}

function stateWord(state: string): string {
  const words: Record<string, string> = {
    assigned: vscode.l10n.t("not begun"),
    open: vscode.l10n.t("in work"),
    stuck: vscode.l10n.t("a hint may help"),
    paused: vscode.l10n.t("paused"),
    solved: vscode.l10n.t("solved"),
    swapped: vscode.l10n.t("swapped"),
    abandoned: vscode.l10n.t("laid aside"),
  };
  return words[state] ?? state;
}
