import type { GoalDetail, SeenCase } from "../protocol/generated";

/** What a case came to. `passed` is the server's word; others name how it failed. */
export type Verdict = string;

/** A case's result as it is shown, wherever it was judged. */
export type Shown = Partial<SeenCase> & { visible: boolean };

export const HIDDEN = "hidden";

/** The id of the item a result belongs to: a visible case has its own, the hidden ones of a sub-task share one. */
export function itemOf(seen: Shown): string | null {
  if (seen.visible) return seen.id ?? null;
  return typeof seen.subtask === "string" ? `${seen.subtask}/${HIDDEN}` : null;
}

/** How far a run has come: the visible cases one by one, the hidden ones of a sub-task together. */
export class Tally {
  readonly verdicts = new Map<string, Verdict>();
  passed = 0;
  seen = 0;

  constructor(readonly goal: GoalDetail) {}

  /** Which item now has which verdict. A hidden item passes with its last case and fails with its first. */
  add(result: Shown): { item: string; verdict: Verdict } | null {
    const item = itemOf(result);
    const verdict = result.verdict ?? "failed";
    if (item === null) return null;
    this.seen += 1;
    if (verdict === "passed") this.passed += 1;
    const before = this.verdicts.get(item);
    if (before === undefined || before === "passed") this.verdicts.set(item, verdict);
    return { item, verdict: this.verdicts.get(item) ?? verdict };
  }

  /** Sub-tasks of which every case seen has passed, and all were seen. */
  solved(subtask: string, subtasks: Record<string, boolean>): boolean {
    return subtasks[subtask] === true;
  }
}

/** One sentence for a failing case; the diff stands beside it. */
export function sentence(seen: Shown, say: { gives: string; raised: string; slow: string; hidden: string }): string {
  if (!seen.visible) return say.hidden;
  const input = text(seen.input);
  if (seen.verdict === "time") return fill(say.slow, input);
  const error = errorText(seen.error);
  if (error !== null) return fill(say.raised, input, error);
  return fill(say.gives, input, text(seen.expected), text(seen.got));
}

export function text(value: unknown): string {
  if (value === null || value === undefined) return "";
  return typeof value === "string" ? value : JSON.stringify(value);
}

function errorText(error: unknown): string | null {
  if (typeof error !== "object" || error === null) return typeof error === "string" ? error : null;
  const { type, message } = error as { type?: unknown; message?: unknown };
  return [type, message].filter((part) => typeof part === "string" && part !== "").join(": ");
}

function fill(sentence: string, ...values: string[]): string {
  return sentence.replace(/\{(\d)\}/g, (_, place: string) => values[Number(place)] ?? "");
}
