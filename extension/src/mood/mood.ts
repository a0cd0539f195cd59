import * as vscode from "vscode";
import type { Context } from "../context";
import { Disposables } from "../disposable";
import type { StoredOf } from "../protocol/cloudevent";
import type { MoodAnswered } from "../protocol/generated";

/** Hours after which a question that waited is not asked any more. */
const FRESH = 12;
const ASKED = "goals.mood.asked";
/** From good to bad, and then the two ways out; the wire keeps no order. */
const ORDER = ["great", "good", "flat", "stuck", "tired", "not_now", "never_ask"];

/** The question how it goes: when the server finds the moment good, one click, in one window, never twice. */
export class Mood extends Disposables {
  constructor(private readonly context: Context) {
    super();
    this.add(context.onStored.on((event) => event.type === "goals.mood.asked" && void this.asked(event)));
  }

  /** At the learner's own wish. */
  async answer(): Promise<void> {
    const items = [
      { answer: "great", label: `$(rocket) ${vscode.l10n.t("Great: more, please")}` },
      { answer: "good", label: `$(smiley) ${vscode.l10n.t("Good")}` },
      { answer: "flat", label: `$(dash) ${vscode.l10n.t("Flat: something I know")}` },
      { answer: "stuck", label: `$(debug-disconnect) ${vscode.l10n.t("Stuck: a smaller step")}` },
      { answer: "tired", label: `$(coffee) ${vscode.l10n.t("Tired: a break")}` },
    ] as const;
    const picked = await vscode.window.showQuickPick(items, { placeHolder: vscode.l10n.t("How does it go?") });
    if (picked) await this.say(picked.answer, null, null);
  }

  private async asked(event: StoredOf<"goals.mood.asked">): Promise<void> {
    const learner = this.context.learner?.session.learner;
    /** Also after the wait: it may have been a night, and they may have left. */
    const fits = () =>
      this.context.learner?.session.learner === learner &&
      this.context.now().getTime() - Date.parse(event.time) <= FRESH * 3_600_000 &&
      this.context.config.moodQuestions;
    if (!fits()) return;
    await this.focused();
    if (!fits()) return;
    if (this.context.extension.globalState.get<string>(ASKED) === event.id) return;
    await this.context.extension.globalState.update(ASKED, event.id);
    const { question, answers, because, goal } = event.data;
    const buttons = ORDER.filter((answer) => answer in answers).map((answer) => ({
      title: answers[answer] ?? answer,
      answer,
      isCloseAffordance: answer === "not_now",
    }));
    const picked = await vscode.window.showInformationMessage(question, { modal: true, detail: because }, ...buttons);
    if (this.context.learner?.session.learner !== learner) return;
    await this.say((picked?.answer ?? "not_now") as MoodAnswered["answer"], event.id, goal ?? null);
  }

  /** The window the learner is in asks; the others come too late. */
  private focused(): Promise<void> {
    if (vscode.window.state.focused) return Promise.resolve();
    return new Promise((resolve) => {
      const waiting = this.add(
        vscode.window.onDidChangeWindowState(({ focused }) => {
          if (!focused) return;
          waiting.dispose();
          resolve();
        }),
      );
    });
  }

  private async say(answer: MoodAnswered["answer"], question: string | null, goal: string | null): Promise<void> {
    await this.context.require().outbox.say("goals.mood.answered", { answer, question, goal });
  }
}
