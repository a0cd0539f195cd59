import { setTimeout as pause } from "node:timers/promises";
import { Disposables } from "../disposable";
import type { Stored } from "../protocol/cloudevent";
import type { GoalSummary } from "../protocol/generated";
import type { State } from "./state";

/** Milliseconds after the day has come, so that what the learner asks for comes first; and between two goals. */
const FIRST = 1_500;
const BETWEEN = 250;
/** Goals brought at a time, and files kept of all that was ever seen. */
const MOST = 12;
const FILES = 240;
const OVER = new Set(["solved", "swapped", "abandoned"]);

/**
 * Brings today's goals to this machine before anybody opens them: task, starter, visible cases, the page they point to,
 * the rungs opened and the code run last elsewhere. In the background, one at a time, and only what is new.
 */
export class Ahead extends Disposables {
  private timer: NodeJS.Timeout | undefined;
  private going = false;
  /** The day has changed while it was brought. */
  private changed = false;
  private over = false;

  constructor(
    private readonly state: State,
    private readonly online: () => boolean,
    private readonly prune: (files: number) => Promise<void>,
    private readonly first = FIRST,
    private readonly between = BETWEEN,
  ) {
    super();
    this.add(state.onChange.on((part) => part === "daily" && this.soon()));
    this.add({
      dispose: () => {
        this.over = true;
        clearTimeout(this.timer);
      },
    });
  }

  /** A page that was written for a goal is another than the one brought. */
  take(event: Stored): void {
    if (event.type !== "goals.lesson.written" || !event.data.goal) return;
    const { concept, goal } = event.data;
    void this.state.lesson(concept, goal).catch(() => null); // away: it is asked for when it is opened
  }

  private soon(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.bring(), this.first);
  }

  private async bring(): Promise<void> {
    if (this.going) {
      this.changed = true;
      return;
    }
    this.going = true;
    try {
      const goals = this.state.get("daily")?.goals ?? [];
      for (const goal of goals.filter(({ state }) => !OVER.has(state)).slice(0, MOST)) {
        if (this.over || !this.online()) return;
        if (await this.fetch(goal)) await pause(this.between);
      }
      await this.prune(FILES);
    } catch {
      return; // away, or busy: the next change of the day tries again
    } finally {
      this.going = false;
      if (this.changed && !this.over) this.soon();
      this.changed = false;
    }
  }

  /** Returns whether anything was asked for. */
  private async fetch({ goal, hints, runs }: GoalSummary): Promise<boolean> {
    const kept = await this.state.lastSeen(goal);
    const fresh = kept && kept.hints >= hints && kept.runs >= runs;
    const detail = fresh ? kept : await this.state.goalDetail(goal);
    const { concept } = detail.page;
    const page = await this.state.hasLesson(concept, goal);
    if (!page) await this.state.lesson(concept, goal);
    if (!fresh && runs > 0) await this.state.lastCode(goal);
    return !fresh || !page;
  }
}
