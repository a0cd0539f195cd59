import type { GoalDetail } from "../protocol/generated";

/** The record that makes a folder a goal's; the command line writes the same. */
export const RECORD = ".goal.json";
export const STATEMENT = "statement.md";
export const CASES = "cases.md";

/** `file`: the name of the learner's code. `account`: an e-mail address. */
export interface GoalRecord {
  goal: string;
  server: string;
  account: string;
  file: string;
}

const SUFFIX: Record<string, string> = { python: ".py", javascript: ".js", typescript: ".ts", go: ".go" };

export function codeName(goal: Pick<GoalDetail, "challenge" | "language">): string {
  return goal.challenge.replaceAll("-", "_") + (SUFFIX[goal.language] ?? ".txt");
}

export function statement(goal: GoalDetail): string {
  return `# ${goal.title}\n\n${goal.statement.trimEnd()}\n`;
}

/** The visible cases as a page, and the line (from 0) on which each stands. */
export function casesPage(goal: GoalDetail, words: { hidden: string }): { text: string; lines: Map<string, number> } {
  const text: string[] = [`# ${goal.title}`, ""];
  const lines = new Map<string, number>();
  for (const subtask of goal.subtasks) {
    text.push(`## ${subtask.title}`, "");
    for (const one of goal.cases.filter((each) => each.subtask === subtask.id)) {
      lines.set(one.id, text.length);
      text.push(`- ${quoted(one.text)} → ${quoted(one.expects)}`);
    }
    if (text.at(-1) !== "") text.push("");
  }
  if (goal.hidden_cases > 0) text.push(`*${words.hidden}*`, "");
  return { text: text.join("\n"), lines };
}

/** Code in a line of Markdown, whatever backticks are in it (CommonMark 0.31, 6.1). */
function quoted(code: string): string {
  const longest = Math.max(0, ...[...code.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = "`".repeat(longest + 1);
  const room = longest > 0 ? " " : "";
  return `${fence}${room}${code.replaceAll("\n", "⏎")}${room}${fence}`;
}

export function parseRecord(text: string): GoalRecord | null {
  try {
    const read = JSON.parse(text) as Partial<GoalRecord> | null;
    const { goal, server, account, file } = read ?? {};
    if (typeof goal !== "string" || typeof server !== "string" || typeof file !== "string") return null;
    if (file.includes("/") || file.includes("\\")) return null; // a record may not lead elsewhere
    return { goal, server, account: account ?? "", file };
  } catch {
    return null;
  }
}

/** The line (from 0) on which the function to write begins; 0 where it is not found. */
export function entryLine(code: string, entry: string): number {
  if (entry === "") return 0;
  const name = entry.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  const start = new RegExp(`^\\s*(?:export\\s+|async\\s+)*(?:def|function|func|const|let|class)\\s+${name}\\b`);
  const found = code.split("\n").findIndex((line) => start.test(line));
  return Math.max(0, found);
}
