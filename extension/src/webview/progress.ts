import { effort, retention } from "./bars";
import { calendar, fill } from "./calendar";
import { map } from "./map";
import type { ProgressPage, ToPage } from "./messages";
import { esc } from "./esc";
import { say } from "./vscode";

const KNOWN = 0.9;
const root = document.getElementById("root") as HTMLElement;

function card(figure: string, what: string, note: string): string {
  return `<li class="card"><span class="card-figure">${esc(figure)}</span><span>${esc(what)}</span><span class="quiet">${esc(note)}</span></li>`;
}

function cards({ mastery, total, streak, retention, words }: ProgressPage): string {
  const known = mastery.filter((one) => (one.shown ?? 0) >= KNOWN).length;
  const kept = retention && retention.reviews > 0 ? retention : null;
  return `<ul class="cards">${[
    card(`${known}/${mastery.length}`, words.known, ""),
    card(String(streak.current), words.streak, fill(words.longest, streak.longest)),
    ...(total
      ? [
          card(String(total.solved), words.solved, fill(words.solvedIn, total.days)),
          card(String(total.minutes), words.minutes, words.minutesIn),
        ]
      : []),
    ...(kept
      ? [
          card(
            `${Math.round((100 * kept.recalled) / kept.reviews)} %`,
            words.kept,
            fill(words.keptOf, kept.recalled, kept.reviews),
          ),
        ]
      : []),
  ].join("")}</ul>`;
}

function maps({ mastery, words }: ProgressPage): string {
  const courses = [...new Set(mastery.map((one) => one.course))];
  const drawn = courses.map(
    (course) =>
      `<h3>${esc(course)}</h3><div class="scroll">${map(
        mastery.filter((one) => one.course === course),
        words,
      )}</div>`,
  );
  const rows = mastery.map((one) => {
    const figure =
      one.shown === null
        ? words.notYet
        : `${Math.round(one.shown * 100)} % (${words.alone} ${Math.round(one.unassisted * 100)} %, ${words.helped} ${Math.round(one.assisted * 100)} %)`;
    return `<tr><th scope="row">${esc(one.title)}</th><td>${esc(figure)}</td><td>${esc(fill(words.attempts, one.attempts))}</td><td>${esc(one.because)}</td></tr>`;
  });
  return `<section><h2>${esc(words.map)}</h2><p class="quiet">${esc(words.mapNote)}</p>${drawn.join("")}
<details><summary>${esc(words.table)}</summary><table><thead><tr><th>${esc(words.concept)}</th><th>${esc(words.mastery)}</th><th>${esc(fill(words.attempts, "").trim())}</th><th>${esc(words.why)}</th></tr></thead><tbody>${rows.join("")}</tbody></table></details></section>`;
}

function days(page: ProgressPage): string {
  const { words } = page;
  const steps = [0, 1, 2, 3, 4].map(
    (level) =>
      `<svg width="12" height="12" aria-hidden="true"><rect width="12" height="12" rx="3" class="day day-${level}"/></svg>`,
  );
  return `<section><h2>${esc(words.calendar)}</h2><div class="scroll">${calendar(page)}</div><p class="legend quiet">${esc(words.less)} ${steps.join("")} ${esc(words.more)}</p></section>`;
}

function reviews({ reviews: rows, locale, words }: ProgressPage): string {
  if (rows.length === 0)
    return `<section><h2>${esc(words.reviews)}</h2><p class="quiet">${esc(words.none)}</p></section>`;
  const sorted = [...rows].sort((a, b) => a.due.localeCompare(b.due));
  const items = sorted.map(({ title, due, overdue }) => {
    const day = new Date(due).toLocaleDateString(locale, { weekday: "short", day: "numeric", month: "long" });
    return `<li><span>${esc(title)}</span><span class="${overdue ? "due" : "quiet"}">${esc(overdue ? words.due : day)}</span></li>`;
  });
  return `<section><h2>${esc(words.reviews)}</h2><ul class="reviews">${items.join("")}</ul></section>`;
}

function choose(event: Event): void {
  const concept = (event.target as Element).closest("[data-concept]")?.getAttribute("data-concept");
  if (concept) say({ type: "lesson", concept });
}

root.addEventListener("click", choose);
root.addEventListener("keydown", (event) => {
  if (event.key === "Enter" || event.key === " ") choose(event);
});
window.addEventListener("message", ({ data }: MessageEvent<ToPage>) => {
  if (data.kind !== "progress") return;
  root.innerHTML = `<div class="wide"><h1>${esc(data.words.title)}</h1>${cards(data)}${maps(data)}<div class="two">${days(data)}${effort(data)}${retention(data)}${reviews(data)}</div></div>`;
});
say({ type: "ready" });
