import { rm } from "node:fs/promises";
import path from "node:path";

/** A journal or a copy that is being closed may hold its folder for a moment. */
const WHOLE = { recursive: true, force: true, maxRetries: 5, retryDelay: 100 };

/** A learner's own folder in the extension's storage: `seen`, what the server said, and `outbox`, what it has yet to be told. */
export function home(storage: string, learner: string): string {
  return path.join(storage, "learners", learner);
}

/** After signing out: what was seen goes; what is still to be sent stays until they are back. */
export async function forgetSeen(storage: string, learner: string): Promise<void> {
  await rm(path.join(home(storage, learner), "seen"), WHOLE);
}

/** After an erasure nothing of them stays. */
export async function forgetAll(storage: string, learner: string): Promise<void> {
  await rm(home(storage, learner), WHOLE);
}
