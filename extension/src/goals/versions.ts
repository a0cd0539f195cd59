/** What there is of a goal's code. */
export interface Versions {
  /** As it stands in the file. */
  here: string;
  starter: string;
  /** What this machine last ran or took over; null where that is not known. */
  agreed: Agreed | null;
  /** On the server, newest first. */
  runs: readonly Version[];
}

/** `at`: RFC 3339. */
export interface Version {
  code: string;
  at: string;
}

export type Agreed = Version;

/**
 * `same`: the file holds what was run last. `ahead`: that came from here. `behind`: it came from elsewhere, and here
 * nothing has changed since. `apart`: both have changed.
 */
export type Standing = "same" | "ahead" | "behind" | "apart";

/** How the file stands to the newest run, wherever that was. */
export function standing({ here, starter, agreed, runs }: Versions): Standing {
  const newest = last(runs);
  if (!newest) return "ahead";
  if (alike(newest.code, here)) return "same";
  if (agreed && (alike(newest.code, agreed.code) || Date.parse(newest.at) <= Date.parse(agreed.at))) return "ahead";
  const unchanged = agreed ? [agreed.code] : [starter, ...runs.map(({ code }) => code)];
  return unchanged.some((code) => alike(code, here)) ? "behind" : "apart";
}

/** The newest run whose code is known; it may have been erased. */
export function last<T extends Version>(runs: readonly T[]): T | undefined {
  return runs.find(({ code }) => code !== "");
}

/** Line ends and a byte-order mark are the editor's. */
function alike(one: string, other: string): boolean {
  return plain(one) === plain(other);
}

function plain(text: string): string {
  return text.replace(/^\uFEFF/, "").replaceAll("\r\n", "\n");
}
