import type { ProgressPage } from "./messages";
import { esc } from "./esc";

const WEEKS = 18;
const CELL = 15;
const LEFT = 34;
const TOP = 20;

/** Weeks as columns, Monday first; the darker the more was done. */
export function calendar(page: ProgressPage): string {
  const { days, today, locale, words } = page;
  const worked = new Map(days.map((day) => [day.day, day]));
  const end = new Date(`${today}T12:00:00Z`);
  const weekday = (end.getUTCDay() + 6) % 7;
  const cells: string[] = [];
  const months: string[] = [];
  let month = -1;
  for (let week = 0; week < WEEKS; week++) {
    for (let row = 0; row < 7; row++) {
      const back = (WEEKS - 1 - week) * 7 + weekday - row;
      if (back < 0) continue;
      const date = new Date(end.getTime() - back * 86_400_000);
      const key = date.toISOString().slice(0, 10);
      const day = worked.get(key);
      if (row === 0 && date.getUTCMonth() !== month) {
        month = date.getUTCMonth();
        months.push(
          `<text x="${LEFT + week * CELL}" y="12">${esc(date.toLocaleDateString(locale, { month: "short", timeZone: "UTC" }))}</text>`,
        );
      }
      const done = day ? fill(words.calendarNote, day.solved, day.runs, day.minutes) : words.noWork;
      const spoken = date.toLocaleDateString(locale, { day: "numeric", month: "long", timeZone: "UTC" });
      cells.push(
        `<rect x="${LEFT + week * CELL}" y="${TOP + row * CELL}" width="12" height="12" rx="3" class="day day-${level(day)}"><title>${esc(`${spoken}: ${done}`)}</title></rect>`,
      );
    }
  }
  const monday = Date.UTC(2026, 0, 5, 12);
  const names = [0, 2, 4].map((row) => {
    const name = new Date(monday + row * 86_400_000).toLocaleDateString(locale, { weekday: "short", timeZone: "UTC" });
    return `<text x="${LEFT - 6}" y="${TOP + row * CELL + 10}" text-anchor="end">${esc(name)}</text>`;
  });
  const width = LEFT + WEEKS * CELL;
  const height = TOP + 7 * CELL;
  const spoken = `${words.calendar}: ${days.length}`;
  return `<svg viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" class="calendar" role="img" aria-label="${esc(spoken)}">${months.join("")}${names.join("")}${cells.join("")}</svg>`;
}

function level(day: ProgressPage["days"][number] | undefined): number {
  if (!day) return 0;
  return Math.min(4, 1 + day.solved);
}

/** A sentence with its places filled. */
export function fill(sentence: string, ...values: (string | number)[]): string {
  return sentence.replace(/\{(\d)\}/g, (_, at: string) => String(values[Number(at)] ?? ""));
}
