import type * as vscode from "vscode";
import { Observer } from "./activity/observer";
import { Knowledge } from "./ai/knowledge";
import { McpServer } from "./ai/mcp";
import { Participant } from "./ai/participant";
import { Tools } from "./ai/tools";
import { commands, register } from "./commands";
import { Context } from "./context";
import { Feedback } from "./feedback/feedback";
import { Lens } from "./feedback/lens";
import { Folders } from "./goals/folders";
import { History } from "./goals/history";
import { Newer } from "./goals/newer";
import { Opening } from "./goals/open";
import { Lake } from "./lake/lake";
import { Mood } from "./mood/mood";
import { LocalRunner } from "./offline/localRunner";
import { GoalTests } from "./testing/goalTests";
import { Answers } from "./views/answers";
import { ContractTree } from "./views/contract";
import { CourseTree } from "./views/course";
import { GoalPanel } from "./views/goalPanel";
import { LessonPanel } from "./views/lessonPanel";
import { ProgressPanel } from "./views/progress";
import { StatusBar } from "./views/statusBar";
import { TodayView } from "./views/today";

/** What is contributed, each part with what it rests on. */
function parts(context: Context) {
  const folders = context.add(new Folders(context));
  const history = context.add(new History(context));
  const newer = context.add(new Newer(context, history));
  const tests = context.add(new GoalTests(context, folders, newer, new LocalRunner(context)));
  const feedback = context.add(new Feedback(context, folders, tests));
  const panel = context.add(new GoalPanel(context, folders, tests, feedback));
  const opening = context.add(new Opening(context, folders, panel, newer));
  const knowledge = new Knowledge(context, opening, feedback);
  return {
    folders,
    tests,
    feedback,
    panel,
    opening,
    participant: context.add(new Participant(context, knowledge, feedback)),
    tools: context.add(new Tools(context, knowledge, feedback, folders, tests)),
    mcp: context.add(new McpServer(context)),
    history,
    lens: context.add(new Lens(context, folders, tests, feedback)),
    today: context.add(new TodayView(context, tests)),
    course: context.add(new CourseTree(context)),
    contract: context.add(new ContractTree(context)),
    progress: context.add(new ProgressPanel(context)),
    lesson: context.add(new LessonPanel(context)),
    statusBar: context.add(new StatusBar(context)),
    mood: context.add(new Mood(context)),
    answers: context.add(new Answers(context)),
    lake: context.add(new Lake(context)),
    observer: context.add(new Observer(context, folders, tests)),
  };
}

export type Parts = ReturnType<typeof parts>;

/** Nothing waits for the server or the disk here: the editor is ready at once, and what comes is shown as it comes. */
export function activate(extension: vscode.ExtensionContext): void {
  const context = new Context(extension);
  extension.subscriptions.push(context);
  register(context, commands(context, parts(context)));
  context.start().catch((error: unknown) => context.log.error(String(error)));
}
