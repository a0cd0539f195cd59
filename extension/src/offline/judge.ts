import type { CaseView } from "../protocol/generated";
import type { Shown } from "../testing/cases";

/** What the learner's own interpreter did with one case. */
export interface Observed {
  id: string;
  outcome: string;
  value: unknown;
  shown: string;
  error: { type: string; message: string } | null;
  bases?: string[];
  line: number | null;
  stdout: string;
}

/** Whether this machine can judge a case: checks of the challenge's own are the server's alone. */
export function judgeable(one: CaseView, language: string): boolean {
  if (one.compare === "custom" || one.compare === "property") return false;
  if (Object.keys(one.files).length > 0) return false;
  return (
    language === "python" || (language === "javascript" && one.call !== "" && Object.keys(one.kwargs).length === 0)
  );
}

/** A verdict by the rule of the server (`shared/curriculum/compare.py`); it stays provisional all the same. */
export function judge(one: CaseView, seen: Observed): Shown {
  const passed = verdict(one, seen);
  return {
    id: one.id,
    subtask: one.subtask,
    visible: true,
    verdict: passed ? "passed" : seen.outcome === "returned" ? "failed" : seen.outcome,
    input: one.text,
    expected: one.expects,
    got: one.prints === null ? seen.shown : seen.stdout,
    line: seen.line,
    error: seen.error,
    stdout: seen.stdout,
    ms: null,
  };
}

function verdict(one: CaseView, seen: Observed): boolean {
  if (one.raises) return seen.outcome === "raised" && [seen.error?.type, ...(seen.bases ?? [])].includes(one.raises);
  if (seen.outcome !== "returned") return false;
  if (one.prints !== null) return lines(one.prints) === lines(seen.stdout);
  if (one.compare === "unordered") return pairUp(one.expected, seen.value);
  return same(one.expected, seen.value, one.compare === "approx" ? (one.tolerance ?? 0) : 0);
}

/** White space at the end of lines and empty lines at the end do not count. */
function lines(text: string): string {
  return text
    .replaceAll("\r\n", "\n")
    .split("\n")
    .map((line) => line.trimEnd())
    .join("\n")
    .trimEnd();
}

function same(expected: unknown, answer: unknown, tolerance: number): boolean {
  if (typeof expected === "number") return typeof answer === "number" && Math.abs(expected - answer) <= tolerance;
  if (Array.isArray(expected)) return sameList(expected, answer, tolerance);
  if (typeof expected === "object" && expected !== null) return sameObject(expected, answer, tolerance);
  return expected === answer || (expected === undefined && answer === null);
}

function sameList(expected: unknown[], answer: unknown, tolerance: number): boolean {
  if (!Array.isArray(answer) || expected.length !== answer.length) return false;
  return expected.every((each, i) => same(each, answer[i], tolerance));
}

function sameObject(expected: object, answer: unknown, tolerance: number): boolean {
  if (typeof answer !== "object" || answer === null || Array.isArray(answer)) return false;
  const other = new Map(Object.entries(answer));
  const entries = Object.entries(expected);
  return (
    entries.length === other.size &&
    entries.every(([key, value]) => other.has(key) && same(value, other.get(key), tolerance))
  );
}

function pairUp(expected: unknown, answer: unknown): boolean {
  if (!Array.isArray(expected) || !Array.isArray(answer) || expected.length !== answer.length) return false;
  const left: unknown[] = [...(answer as unknown[])];
  return expected.every((each) => {
    const found = left.findIndex((other) => same(each, other, 0));
    if (found >= 0) left.splice(found, 1);
    return found >= 0;
  });
}
