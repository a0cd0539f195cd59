/** What the pages are sent and say. Everything in `html` was made safe by the extension. */

/** `statement` null: a lesson by itself, without a task. */
export interface GoalPage {
  goal: string;
  title: string;
  because: string;
  facts: string[];
  tab: "task" | "lesson";
  /** Where the lesson explains what failed last; null: at its top. */
  anchor: string | null;
  /** How often the lesson was asked for: each time it begins there. */
  asked: number;
  statement: string | null;
  lesson: string | null;
  cases: {
    title: string;
    rows: { text: string; expects: string; verdict: string | null }[];
    hidden: string | null;
    solved: boolean;
  }[];
  running: boolean;
  standing: string | null;
  feedback: string | null;
  hints: { rung: number; html: string }[];
  words: Record<
    | "task"
    | "lesson"
    | "run"
    | "submit"
    | "hint"
    | "hints"
    | "feedback"
    | "cases"
    | "copy"
    | "tryIt"
    | "edit"
    | "loading"
    | "running"
    | "where"
    | "passed"
    | "failed"
    | "waiting",
    string
  >;
}

export interface Concept {
  concept: string;
  title: string;
  course: string;
  /** In [0, 1]; null before the first attempt. */
  shown: number | null;
  unassisted: number;
  assisted: number;
  attempts: number;
  because: string;
  needs: string[];
}

export interface ProgressPage {
  kind: "progress";
  /** Sentences with places {0}, {1}… */
  words: Record<
    | "title"
    | "known"
    | "streak"
    | "longest"
    | "solved"
    | "solvedIn"
    | "minutes"
    | "minutesIn"
    | "minutesOf"
    | "effort"
    | "effortIn"
    | "recall"
    | "recallBy"
    | "recallNote"
    | "kept"
    | "keptOf"
    | "map"
    | "mapNote"
    | "attempts"
    | "notYet"
    | "alone"
    | "helped"
    | "calendar"
    | "calendarNote"
    | "noWork"
    | "less"
    | "more"
    | "reviews"
    | "due"
    | "none"
    | "table"
    | "concept"
    | "mastery"
    | "why",
    string
  >;
  locale: string;
  mastery: Concept[];
  days: { day: string; runs: number; solved: number; minutes: number }[];
  /** Of all time; null from a server that does not tell. */
  total: { days: number; solved: number; minutes: number } | null;
  today: string;
  streak: { current: number; longest: number };
  reviews: { title: string; due: string; overdue: boolean }[];
  retention: { reviews: number; recalled: number } | null;
  recall: { from_days: number; until_days: number | null; reviews: number; recalled: number }[];
}

/** What a block of a page came to when it was tried. `note`: a sentence of ours about it. */
export interface Output {
  kind: "output";
  block: number;
  busy: boolean;
  text: string;
  note: string;
}

/** Of a goal's page only what has changed. */
/** `there`: is anybody there? It is answered in the same word. */
export type ToPage = { kind: "there" } | { kind: "goal"; changed: Partial<GoalPage> } | ProgressPage | Output;

export type FromPage =
  | { type: "ready" | "there" }
  | { type: "command"; command: "run" | "submit" | "hint" }
  | { type: "tab"; tab: "task" | "lesson" }
  | { type: "copy" | "try" | "edit"; block: number }
  | { type: "lesson"; concept: string };
