import * as vscode from "vscode";
import type { Context } from "../context";
import { said } from "../said";
import { Disposables } from "../disposable";
import type { Courses, Progress } from "../protocol/generated";
import type { FromPage, ProgressPage } from "../webview/messages";
import { ordered } from "./courses";
import { load } from "./loading";
import { frame, icons } from "./page";

/** Progress as pictures: what is mastered, when it was worked on, what returns. */
export class ProgressPanel extends Disposables {
  private panel: vscode.WebviewPanel | null = null;
  private ready = false;

  constructor(private readonly context: Context) {
    super();
    this.add(context.onState.on((part) => (part === "progress" || part === "courses") && void this.post()));
    this.add(context.onLearner.on((learner) => !learner && void this.panel?.dispose()));
    this.add({ dispose: () => void this.panel?.dispose() });
  }

  show(): void {
    this.context.require();
    if (this.panel) this.panel.reveal();
    else this.create();
  }

  private create(): void {
    const root = this.context.extension.extensionUri;
    const options = { enableScripts: true, localResourceRoots: [vscode.Uri.joinPath(root, "dist", "webview")] };
    const title = vscode.l10n.t("Progress");
    const panel = vscode.window.createWebviewPanel("goals.progress", title, vscode.ViewColumn.Active, options);
    panel.iconPath = icons(root);
    this.ready = false;
    panel.onDidDispose(() => (this.panel = null));
    panel.onDidChangeViewState(() => panel.visible && void this.post());
    panel.webview.onDidReceiveMessage((message: FromPage) => {
      if (message.type === "ready") this.ready = true;
      if (message.type === "ready") void this.post();
      if (message.type === "lesson")
        void vscode.commands.executeCommand("goals.openLesson", { concept: message.concept });
    });
    load(panel, () => frame(panel.webview, root, "progress.js", title));
    this.panel = panel;
  }

  private async post(): Promise<void> {
    const { panel } = this;
    const learner = this.context.learner;
    if (!learner || !panel?.visible || !this.ready) return;
    try {
      const [progress, courses] = await Promise.all([learner.state.need("progress"), learner.state.need("courses")]);
      const today = learner.state.get("daily")?.day ?? this.context.now().toISOString().slice(0, 10);
      if (progress && courses && panel === this.panel) void panel.webview.postMessage(page(progress, courses, today));
    } catch (error) {
      this.context.log.info(`progress: ${said(error)}`);
    }
  }
}

/** Concepts of the courses the learner is in, and any other they have worked on. */
function page(progress: Progress, courses: Courses, today: string): ProgressPage {
  const known = new Map(progress.mastery.map((one) => [one.concept, one]));
  const shown = ordered(courses.courses).flatMap((course) =>
    course.modules
      .flatMap((module) => module.concepts)
      .filter((concept) => course.enrolled || known.has(concept.concept))
      .map((concept) => {
        const mastery = known.get(concept.concept);
        return {
          concept: concept.concept,
          title: concept.title,
          course: course.title,
          shown: mastery?.shown ?? null,
          unassisted: mastery?.unassisted ?? 0,
          assisted: mastery?.assisted ?? 0,
          attempts: mastery?.attempts ?? 0,
          because: mastery?.because ?? concept.summary,
          needs: concept.prerequisites,
        };
      }),
  );
  const seen: Partial<Progress> = progress; // what an older server said has less
  return {
    kind: "progress",
    locale: vscode.env.language,
    mastery: shown,
    days: progress.days,
    total: seen.total ?? null,
    today,
    streak: progress.streak,
    reviews: progress.reviews.map(({ title, due, overdue }) => ({ title, due, overdue })),
    retention: progress.retention,
    recall: seen.recall ?? [],
    words: words(),
  };
}

function words(): ProgressPage["words"] {
  return {
    title: vscode.l10n.t("Progress"),
    known: vscode.l10n.t("concepts known"),
    streak: vscode.l10n.t("streak, in days"),
    longest: vscode.l10n.t("longest: {0}", "{0}"),
    solved: vscode.l10n.t("goals solved"),
    solvedIn: vscode.l10n.t("days of work: {0}", "{0}"),
    minutes: vscode.l10n.t("minutes of work"),
    minutesIn: vscode.l10n.t("since the beginning"),
    minutesOf: vscode.l10n.t("{0} min", "{0}"),
    effort: vscode.l10n.t("Minutes a day"),
    effortIn: vscode.l10n.t("{0} min in the last {1} days", "{0}", "{1}"),
    recall: vscode.l10n.t("What was kept"),
    recallBy: vscode.l10n.t("Reviews recalled without help, by how many days the concept had rested"),
    recallNote: vscode.l10n.t("after {0} days: {1} of {2}", "{0}", "{1}", "{2}"),
    kept: vscode.l10n.t("of reviews recalled"),
    keptOf: vscode.l10n.t("{0} of {1}, without help", "{0}", "{1}"),
    map: vscode.l10n.t("Mastery map"),
    mapNote: vscode.l10n.t(
      "A ring fills with what you can do on your own. Lines lead from what a concept rests on. Choose one for its lesson.",
    ),
    attempts: vscode.l10n.t("{0} attempts", "{0}"),
    notYet: vscode.l10n.t("not begun"),
    alone: vscode.l10n.t("on your own"),
    helped: vscode.l10n.t("with hints"),
    calendar: vscode.l10n.t("Days of work"),
    calendarNote: vscode.l10n.t("{0} solved, {1} runs, {2} min", "{0}", "{1}", "{2}"),
    noWork: vscode.l10n.t("no work"),
    less: vscode.l10n.t("less"),
    more: vscode.l10n.t("more"),
    reviews: vscode.l10n.t("What returns"),
    due: vscode.l10n.t("due now"),
    none: vscode.l10n.t("Nothing yet: reviews come a while after a goal is solved."),
    table: vscode.l10n.t("As a table"),
    concept: vscode.l10n.t("Concept"),
    mastery: vscode.l10n.t("Mastery"),
    why: vscode.l10n.t("Why"),
  };
}
