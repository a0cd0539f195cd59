import { fill } from "./calendar";
import { esc } from "./esc";
import type { ProgressPage } from "./messages";

const DAYS = 28;
const DAY = 86_400_000;
const TALL = 96;
const LEFT = 34;
const TOP = 16;
const FOOT = 20;

interface Bar {
  /** In [0, 1] of the axis; null: there is nothing to show. */
  share: number | null;
  /** Under it; may be empty. */
  label: string;
  /** Above it; may be empty. */
  figure: string;
  /** All of it, for who points at it. */
  spoken: string;
}

interface Chart {
  name: string;
  bars: readonly Bar[];
  step: number;
  top: string;
}

/** Minutes of each of the last days. */
export function effort({ days, today, locale, words }: ProgressPage): string {
  const minutes = new Map(days.map((day) => [day.day, day.minutes]));
  const end = new Date(`${today}T12:00:00Z`).getTime();
  const rows = Array.from({ length: DAYS }, (_, at) => {
    const date = new Date(end - (DAYS - 1 - at) * DAY);
    return { date, minutes: minutes.get(date.toISOString().slice(0, 10)) ?? 0 };
  });
  const most = Math.max(10, Math.ceil(Math.max(...rows.map((row) => row.minutes)) / 10) * 10);
  const told = (date: Date, month: "long" | "short") =>
    date.toLocaleDateString(locale, { day: "numeric", month, timeZone: "UTC" });
  const bars = rows.map((row) => ({
    share: row.minutes / most,
    label: row.date.getUTCDay() === 1 ? told(row.date, "short") : "",
    figure: "",
    spoken: `${told(row.date, "long")}: ${fill(words.minutesOf, row.minutes)}`,
  }));
  const sum = rows.reduce((all, row) => all + row.minutes, 0);
  const name = `${words.effort}: ${fill(words.effortIn, sum, DAYS)}`;
  const worked = bars.filter((bar) => bar.share > 0).map((bar) => bar.spoken);
  return section(words.effort, fill(words.effortIn, sum, DAYS), chart({ name, bars, step: 9, top: String(most) }), {
    title: words.table,
    lines: worked,
  });
}

/** How much was recalled by how long it had rested; nothing before the first review. */
export function retention({ recall, words }: ProgressPage): string {
  if (recall.every((one) => one.reviews === 0)) return "";
  const bars = recall.map(({ from_days, until_days, reviews, recalled }) => {
    const label = until_days === null ? `${from_days}+` : `${from_days}–${until_days}`;
    const share = reviews === 0 ? null : recalled / reviews;
    const figure = share === null ? "–" : `${Math.round(share * 100)} %`;
    return { share, label, figure, spoken: fill(words.recallNote, label, recalled, reviews) };
  });
  const lines = bars.filter((bar) => bar.share !== null).map((bar) => bar.spoken);
  const name = `${words.recall}: ${lines.join("; ")}`;
  return section(words.recall, words.recallBy, chart({ name, bars, step: 45, top: "100 %" }), {
    title: words.table,
    lines,
  });
}

function section(title: string, note: string, picture: string, said: { title: string; lines: string[] }): string {
  const items = said.lines.map((line) => `<li>${esc(line)}</li>`).join("");
  const list = items && `<details><summary>${esc(said.title)}</summary><ul>${items}</ul></details>`;
  return `<section><h2>${esc(title)}</h2><p class="quiet">${esc(note)}</p>${picture}${list}</section>`;
}

/** Bars from the left to the right over one line; what it shows is said by its name. */
function chart({ name, bars, step, top }: Chart): string {
  const width = LEFT + bars.length * step;
  const height = TOP + TALL + FOOT;
  const line = (y: number) => `<path d="M${LEFT} ${y}H${width}" class="axis"/>`;
  const tick = (text: string, y: number) => `<text x="${LEFT - 6}" y="${y + 4}" text-anchor="end">${esc(text)}</text>`;
  const drawn = bars.map(({ share, label, figure, spoken }, at) => {
    const x = LEFT + at * step;
    const tall = Math.round((share ?? 0) * TALL);
    const middle = x + step / 2;
    const words = (text: string, y: number) =>
      text && `<text x="${middle}" y="${y}" text-anchor="middle">${esc(text)}</text>`;
    // The whole height can be pointed at, however small the bar is.
    return `<g><title>${esc(spoken)}</title><rect x="${x}" y="${TOP}" width="${step}" height="${TALL}" class="hover"/>
<rect x="${x + 2}" y="${TOP + TALL - tall}" width="${step - 4}" height="${tall}" rx="2" class="bar"/>${words(figure, TOP + TALL - tall - 4)}${words(label, height - 5)}</g>`;
  });
  return `<svg viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" class="bars" role="img" aria-label="${esc(name)}">${line(TOP)}${line(TOP + TALL)}${tick(top, TOP)}${tick("0", TOP + TALL)}${drawn.join("")}</svg>`;
}
