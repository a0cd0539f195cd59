/** So many days ahead may the day be on which somebody learns again: the server takes no more. */
const LONGEST = 366;
const DAY = 86_400_000;

/** `at`, as the day it is in a time zone: 2026-11-30. */
export function dayIn(timezone: string, at: Date): string {
  return new Intl.DateTimeFormat("en-CA", { timeZone: timezone }).format(at);
}

export function later(day: string, days: number): string {
  return new Date(Date.parse(day) + days * DAY).toISOString().slice(0, 10);
}

/** Whether somebody who takes days off from `today` can be back on the day that `text` names. */
export function comesAfter(text: string, today: string): boolean {
  const at = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(text) : NaN;
  if (Number.isNaN(at) || new Date(at).toISOString().slice(0, 10) !== text) return false; // 2026-02-30 is none
  return text > today && text <= later(today, LONGEST);
}
