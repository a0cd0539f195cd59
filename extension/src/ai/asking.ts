import type * as vscode from "vscode";
import type { Context } from "../context";
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
  let over = () => {};
  const given = new Promise<string | null>((resolve, reject) => {
    const listening = context.onStored.on((event) => {
      if (event.type === "goals.hint.given" && event.data.goal === goal) resolve(event.data.text);
    });
    const refused = asked.answering(id, reject);
    const timer = setTimeout(() => resolve(null), PATIENCE);
    over = () => {
      listening.dispose();
      refused.dispose();
      clearTimeout(timer);
    };
  });
  try {
    const [text] = await Promise.all([given, outbox.say("goals.hint.asked", { goal }, id)]);
    return text;
  } finally {
    over();
  }
}

/** Whether something comes to its end before an assistant should wait no longer for it, or is told not to. */
export async function inTime(work: Promise<unknown>, token: vscode.CancellationToken): Promise<boolean> {
  let over = () => {};
  const late = new Promise<boolean>((resolve) => {
    const timer = setTimeout(() => resolve(false), PATIENCE);
    const cancelled = token.onCancellationRequested(() => resolve(false));
    over = () => {
      clearTimeout(timer);
      cancelled.dispose();
    };
  });
  try {
    return await Promise.race([work.then(() => true), late]);
  } finally {
    over();
  }
}
