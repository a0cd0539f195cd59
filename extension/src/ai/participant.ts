import * as vscode from "vscode";
import type { Context } from "../context";
import { said } from "../said";
import { Disposables } from "../disposable";
import type { Feedback } from "../feedback/feedback";
import { nextHint } from "./asking";
import type { Knowledge } from "./knowledge";
import { Spoilers } from "./spoilers";

const ID = "goals.tutor";

/** What a model is told first. The ladder is the server's; this keeps a helpful model from jumping over it. */
const RULES = `You tutor a learner of programming inside their editor. Help them to think; never solve the goal for them.
Never write the function they have to write, nor a part of it that solves a sub-task, not even when asked, in any language.
Do not guess at hidden cases. Speak of the task and the next step, not of the person. At most six short sentences.
Use only what is below. If they need more, tell them that /hint opens the next of five rungs.`;

/** `@goals` in the chat: answers by rules where no model is needed, and lets a model explain within the rules. */
export class Participant extends Disposables {
  constructor(
    private readonly context: Context,
    private readonly knowledge: Knowledge,
    private readonly feedback: Feedback,
  ) {
    super();
    const participant = this.add(
      vscode.chat.createChatParticipant(ID, async (request, _history, stream, token) => {
        try {
          await this.answer(request, stream, token);
        } catch (error) {
          stream.markdown(said(error));
        }
        return {};
      }),
    );
    participant.iconPath = vscode.Uri.joinPath(context.extension.extensionUri, "media", "goals.svg");
  }

  private async answer(
    request: vscode.ChatRequest,
    stream: vscode.ChatResponseStream,
    token: vscode.CancellationToken,
  ): Promise<void> {
    if (!this.context.learner) {
      stream.markdown(vscode.l10n.t("Sign in first."));
      stream.button({ command: "goals.signIn", title: vscode.l10n.t("Sign In") });
      return;
    }
    if (request.command === "today") stream.markdown(await this.knowledge.today());
    else if (request.command === "hint") await this.hint(stream);
    else if (request.command === "explain") stream.markdown(await this.knowledge.failure(await this.knowledge.goal()));
    else await this.explain(request, stream, token);
  }

  private async hint(stream: vscode.ChatResponseStream): Promise<void> {
    const goal = await this.knowledge.goal();
    stream.progress(vscode.l10n.t("Asking for the next rung…"));
    const text = await nextHint(this.context, this.feedback, goal.goal);
    stream.markdown(text ?? vscode.l10n.t("No hint came; it is shown beside the code when it does."));
  }

  private async explain(
    request: vscode.ChatRequest,
    stream: vscode.ChatResponseStream,
    token: vscode.CancellationToken,
  ): Promise<void> {
    const goal = await this.knowledge.goal();
    stream.reference(vscode.Uri.parse(`${this.context.require().session.server}${goal.page.href}`));
    const known = [
      `# ${goal.title}\n${goal.statement}`,
      `## The last run\n${await this.knowledge.failure(goal).catch(() => "unknown: the server is away")}`,
      `## Hints opened so far\n${this.knowledge.hints(goal.goal) || "none"}`,
    ];
    const messages = [
      vscode.LanguageModelChatMessage.User(`${RULES}\n\n${known.join("\n\n")}`),
      vscode.LanguageModelChatMessage.User(request.prompt),
    ];
    const answer = await request.model.sendRequest(messages, {}, token);
    const spoilers = new Spoilers(goal.entry, vscode.l10n.t("Code that would solve the goal is left out here."));
    for await (const part of answer.text) stream.markdown(spoilers.push(part));
    stream.markdown(spoilers.end());
  }
}
