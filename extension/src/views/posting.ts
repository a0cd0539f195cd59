import type { Disposable } from "../disposable";

/** Milliseconds between two messages to a page: what comes faster than it is drawn is told together. */
const EVERY = 33;

/**
 * Keeps a page in step with what it shows: the first change at once, the next ones together, and only what is another
 * than the page has already. `model`: what it should show now; null while there is nothing or nobody looks.
 */
export class Posting<Page extends object> implements Disposable {
  private has: Partial<Record<keyof Page, string>> = {};
  private last = -Infinity;
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly model: () => Page | null,
    private readonly send: (changed: Partial<Page>) => void,
    private readonly now: () => number = () => performance.now(),
  ) {}

  /** Something may have changed. */
  ask(): void {
    if (this.timer !== undefined) return;
    const wait = this.last + EVERY - this.now();
    if (wait <= 0) this.post();
    else this.timer = setTimeout(() => this.post(), wait);
  }

  /** The page was loaded: it knows nothing. */
  afresh(): void {
    this.has = {};
    this.post();
  }

  dispose(): void {
    clearTimeout(this.timer);
  }

  private post(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    const page = this.model();
    if (page === null) return;
    const changed: Partial<Page> = {};
    for (const field of Object.keys(page) as (keyof Page)[]) {
      const text = JSON.stringify(page[field]);
      if (this.has[field] === text) continue;
      this.has[field] = text;
      changed[field] = page[field];
    }
    if (Object.keys(changed).length === 0) return;
    this.last = this.now();
    this.send(changed);
  }
}
