import type { CodeEdited } from "../protocol/generated";

/** Seconds without an edit after which the learner paused. */
const PAUSE = 30;
/** An insertion this long in one piece, or of several lines, was not typed. */
const TYPED = 80;

export interface Change {
  text: string;
  rangeLength: number;
}

/** Sizes and times of the edits on one goal. Never the text. Adding is a few additions: it runs with each keystroke. */
export class Summary {
  private inserted = 0;
  private deleted = 0;
  private pasted = 0;
  private active = 0;
  private idle = 0;
  private last: number | null = null;
  private begun = false;

  /** `now`: milliseconds of a clock that does not jump (a changed wall clock must not make hours of work). */
  add(changes: readonly Change[], now: number): void {
    const since = this.last === null ? 0 : (now - this.last) / 1_000;
    if (since > PAUSE) {
      if (!this.begun) this.idle = since;
    } else this.active += since;
    this.last = now;
    this.begun = true;
    for (const change of changes) {
      const size = change.text.length;
      this.inserted += size;
      this.deleted += change.rangeLength;
      if (size > TYPED || (size > 1 && change.text.trim().includes("\n"))) this.pasted += size;
    }
  }

  get empty(): boolean {
    return !this.begun;
  }

  /** What was gathered. */
  read(goal: string): CodeEdited {
    const round = (seconds: number) => Math.round(seconds * 10) / 10;
    const { inserted, deleted, pasted } = this;
    return { goal, inserted, deleted, pasted, seconds: round(this.active), idle: round(this.idle) };
  }

  /** Begins anew; only when the last edit was is remembered. */
  clear(): void {
    this.inserted = this.deleted = this.pasted = this.active = this.idle = 0;
    this.begun = false;
  }
}
