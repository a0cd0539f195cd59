import * as vscode from "vscode";
import type { Context } from "../context";
import { Disposables } from "../disposable";
import type { ConceptView, CourseView, ModuleView } from "../protocol/generated";
import { opensChosen } from "./chosen";
import { courseWays, ordered } from "./courses";

/** Mastery from which a concept counts as known, and opens what rests on it. */
const KNOWN = 0.9;
const OPEN = "goals.course.open";

type Node = { course: CourseView } | { module: ModuleView } | { concept: ConceptView };

/** Courses, modules, concepts: what is mastered, what is open, and what a locked one waits for. */
export class CourseTree extends Disposables implements vscode.TreeDataProvider<Node> {
  private readonly changed = this.add(new vscode.EventEmitter<undefined>());
  readonly onDidChangeTreeData = this.changed.event;

  constructor(private readonly context: Context) {
    super();
    const view = vscode.window.createTreeView<Node>("goals.course", { treeDataProvider: this, showCollapseAll: true });
    this.add(view);
    this.add(
      opensChosen(view, OPEN, (node) =>
        "concept" in node
          ? vscode.commands.executeCommand("goals.openLesson", { concept: node.concept.concept })
          : undefined,
      ),
    );
    this.add(context.onLearner.on(() => this.changed.fire(undefined)));
    this.add(context.onState.on((part) => part === "courses" && this.changed.fire(undefined)));
  }

  async getChildren(node?: Node): Promise<Node[]> {
    if (!node) {
      const courses = (await this.context.learner?.state.need("courses"))?.courses ?? [];
      return ordered(courses).map((course) => ({ course }));
    }
    if ("course" in node) return node.course.modules.map((module) => ({ module }));
    return "module" in node ? node.module.concepts.map((concept) => ({ concept })) : [];
  }

  getTreeItem(node: Node): vscode.TreeItem {
    if ("course" in node) return this.course(node.course);
    if ("module" in node) return this.module(node.module);
    return this.concept(node.concept);
  }

  private course(course: CourseView): vscode.TreeItem {
    const state = course.enrolled
      ? vscode.TreeItemCollapsibleState.Expanded
      : vscode.TreeItemCollapsibleState.Collapsed;
    const item = new vscode.TreeItem(course.title, state);
    item.id = `course/${course.course}`;
    item.contextValue = ["course", ...courseWays(course)].join(" ");
    item.iconPath = new vscode.ThemeIcon("repo");
    item.tooltip = new vscode.MarkdownString(
      `${course.summary}\n\n${course.goals.map((goal) => `- ${goal}`).join("\n")}`,
    );
    const known = course.modules.flatMap((module) => module.concepts).filter(isKnown).length;
    const all = course.modules.reduce((sum, module) => sum + module.concepts.length, 0);
    item.description = course.enrolled ? `${known}/${all}` : apart(course);
    return item;
  }

  private module(module: ModuleView): vscode.TreeItem {
    const item = new vscode.TreeItem(module.title, vscode.TreeItemCollapsibleState.Expanded);
    item.id = `module/${module.module}`;
    return item;
  }

  private concept(concept: ConceptView): vscode.TreeItem {
    const item = new vscode.TreeItem(concept.title);
    const waits = this.waitsFor(concept);
    item.id = `concept/${concept.concept}`;
    item.contextValue = concept.shown === null ? "concept" : "concept measured";
    item.iconPath = symbol(concept, waits);
    const figure = concept.shown === null ? "" : `${Math.round(concept.shown * 100)} %`;
    item.description = waits.length > 0 ? vscode.l10n.t("after {0}", waits.join(", ")) : figure;
    item.tooltip = concept.summary;
    item.command = { command: OPEN, title: vscode.l10n.t("Open the Lesson") };
    item.accessibilityInformation = {
      label: `${concept.title}, ${item.description || vscode.l10n.t("not begun")}`,
      role: "treeitem",
    };
    return item;
  }

  /** Titles of what has to be known first and is not. */
  private waitsFor(concept: ConceptView): string[] {
    const all = (this.context.learner?.state.get("courses")?.courses ?? []).flatMap((course) =>
      course.modules.flatMap((one) => one.concepts),
    );
    const needed = concept.prerequisites.flatMap((slug) => all.filter((one) => one.concept === slug));
    return concept.shown === null ? needed.filter((one) => !isKnown(one)).map((one) => one.title) : [];
  }
}

/** How they stand in a course that they do not learn in now. */
function apart({ state, covered }: CourseView): string {
  if (state === "paused") return vscode.l10n.t("laid aside");
  return covered ? vscode.l10n.t("not enrolled") : vscode.l10n.t("not in your contract");
}

function isKnown({ shown }: ConceptView): boolean {
  return (shown ?? 0) >= KNOWN;
}

function symbol(concept: ConceptView, waits: string[]): vscode.ThemeIcon {
  if (isKnown(concept)) return new vscode.ThemeIcon("pass-filled", new vscode.ThemeColor("testing.iconPassed"));
  if (waits.length > 0) return new vscode.ThemeIcon("lock", new vscode.ThemeColor("disabledForeground"));
  return concept.shown
    ? new vscode.ThemeIcon("circle-large-filled", new vscode.ThemeColor("charts.blue"))
    : new vscode.ThemeIcon("circle-outline");
}
