import type * as vscode from "vscode";
import type { Context } from "../context";
import { Disposables } from "../disposable";
import type { Feedback } from "../feedback/feedback";

/** Milliseconds until a hint or the end of a run is given up on. */
const PATIENCE = 20_000;

/**
 * The next rung, as the server gives it: one at a time, and each is on record. Null where it did not come in time.
 * Raises Answered where it will not come.
 */
export async function nextHint(context: Context, feedback: Feedback, goal: string): Promise<string | null> {
  if (feedback.rung(goal) >= 5) return feedback.hints(goal).at(-1)?.text ?? null;
  const { asked, outbox } = context.require();
  const id = context.newId();
  const listening = new Disposables();
  const given = new Promise<string>((resolve, reject) => {
    listening.add(
      context.onStored.on((event) => {
        if (event.type === "goals.hint.given" && event.data.goal === goal) resolve(event.data.text);
      }),
    );
    listening.add(asked.answering(id, reject));
  });
  try {
    const [text] = await Promise.all([inTime(given), outbox.say("goals.hint.asked", { goal }, id)]);
    return text;
  } finally {
    listening.dispose();
  }
}

/** What comes of `work`; null where an assistant should wait no longer for it, or is told not to. */
export async function inTime<T>(work: Promise<T>, token?: vscode.CancellationToken): Promise<T | null> {
  const waiting = new Disposables();
  const late = new Promise<null>((resolve) => {
    const timer = setTimeout(() => resolve(null), PATIENCE);
    waiting.add({ dispose: () => clearTimeout(timer) });
    if (token) waiting.add(token.onCancellationRequested(() => resolve(null)));
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    waiting.dispose();
  }
}
