import type { Context } from "../context";
import type { Feedback } from "../feedback/feedback";

/** Milliseconds until a hint or the end of a run is given up on. */
const PATIENCE = 20_000;

/** The next rung, as the server gives it: one at a time, and each is on record. Null where it did not come in time. */
export async function nextHint(context: Context, feedback: Feedback, goal: string): Promise<string | null> {
  if (feedback.rung(goal) >= 5) return feedback.hints(goal).at(-1)?.text ?? null;
  const given = new Promise<string | null>((resolve) => {
    const listening = context.onStored.on((event) => {
      if (event.type !== "goals.hint.given" || event.data.goal !== goal) return;
      listening.dispose();
      resolve(event.data.text);
    });
    setTimeout(() => {
      listening.dispose();
      resolve(null);
    }, PATIENCE);
  });
  await context.require().outbox.say("goals.hint.asked", { goal });
  return given;
}
