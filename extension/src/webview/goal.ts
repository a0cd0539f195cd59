import { count, dress, shown } from "./blocks";
import { esc } from "./esc";
import type { GoalPage, ToPage } from "./messages";
import { fill, text } from "./slots";
import { say } from "./vscode";

type Tab = GoalPage["tab"];

const root = document.getElementById("root") as HTMLElement;
let page: Partial<GoalPage> = {};
let shape = "";
let jumped = "";
/** Where each tab was read to. */
const places: Record<Tab, number> = { task: 0, lesson: 0 };

/** What stands still while its parts change; a lesson by itself has no task and its own title. */
function frame(model: GoalPage): void {
  const wanted = `${model.goal} ${model.statement === null}`;
  if (shape === wanted) return;
  shape = wanted;
  places.task = places.lesson = 0;
  root.innerHTML =
    model.statement === null
      ? `<div class="prose" id="lesson"></div>`
      : `<header id="header"></header><div role="tablist" class="tabs" id="tabs"></div>
<div role="tabpanel" id="panel-task" aria-labelledby="tab-task"><div class="prose" id="statement"></div>
<div class="actions"><span id="actions" class="contents"></span><span class="quiet" role="status" id="standing"></span></div>
<div id="said"></div><div id="rungs"></div><section><h2 id="cases-title"></h2><div id="cases"></div></section></div>
<div role="tabpanel" id="panel-lesson" aria-labelledby="tab-lesson"><div class="prose" id="lesson"></div></div>`;
}

function render(model: GoalPage): void {
  frame(model);
  const { words } = model;
  if (model.statement !== null) {
    fill("header", header(model));
    fill("tabs", tabs(model));
    for (const tab of ["task", "lesson"] as const)
      document.getElementById(`panel-${tab}`)?.toggleAttribute("hidden", tab !== model.tab);
    dress(fill("statement", model.statement), 0, words);
    fill("actions", actions(model));
    text("standing", model.running ? words.running : (model.standing ?? ""));
    fill("said", said(model));
    fill("rungs", rungs(model));
    text("cases-title", words.cases);
    fill("cases", cases(model));
  }
  const lesson = fill("lesson", model.lesson ?? `<p class="quiet">${esc(words.loading)}</p>`);
  dress(lesson, count(document.getElementById("statement")), words);
}

function header({ facts, title, because }: GoalPage): string {
  const told = facts.map((fact) => `<span>${esc(fact)}</span>`).join("");
  return `<p class="facts">${told}</p><h1>${esc(title)}</h1><p class="quiet">${esc(because)}</p>`;
}

function tabs({ tab, words }: GoalPage): string {
  const one = (name: Tab) =>
    `<button role="tab" id="tab-${name}" aria-controls="panel-${name}" aria-selected="${tab === name}" tabindex="${tab === name ? 0 : -1}" data-tab="${name}" class="tab">${esc(words[name])}</button>`;
  return one("task") + one("lesson");
}

function actions({ words }: GoalPage): string {
  const hint = words.hint ? `<button data-command="hint">${esc(words.hint)}</button>` : "";
  return `<button data-command="run">${esc(words.run)}</button><button data-command="submit" class="main">${esc(words.submit)}</button>${hint}`;
}

function said({ feedback, words }: GoalPage): string {
  if (!feedback) return "";
  return `<aside class="said" aria-label="${esc(words.feedback)}"><h2>${esc(words.feedback)}</h2><p>${feedback}</p></aside>`;
}

function rungs({ hints, words }: GoalPage): string {
  const items = hints.map(({ rung, html }) => `<li value="${rung}">${html}</li>`).join("");
  return items && `<section class="rungs"><h2>${esc(words.hints)}</h2><ol>${items}</ol></section>`;
}

function verdict(word: string | null, { words }: GoalPage): string {
  const [sign, name, label] =
    word === null
      ? ["○", "waiting", words.waiting]
      : word === "passed"
        ? ["✓", "passed", words.passed]
        : ["✕", "failed", words.failed];
  return `<span class="mark mark-${name}" role="img" aria-label="${esc(label)}">${sign}</span>`;
}

function cases(model: GoalPage): string {
  return model.cases
    .map(
      (part) => `<section class="part${part.solved ? " part-solved" : ""}"><h3>${esc(part.title)}</h3><ul>
${part.rows.map((row) => `<li>${verdict(row.verdict, model)}<code>${esc(row.text)}</code><span aria-hidden="true">→</span><code>${esc(row.expects)}</code></li>`).join("")}
<li>${verdict(part.hidden, model)}<span class="quiet">${esc(model.words.where)}</span></li></ul></section>`,
    )
    .join("");
}

/** The lesson marks what explains the failure, and begins there each time it is asked for or the place is another. */
function begin({ goal, tab, anchor, asked, lesson }: GoalPage): void {
  const target = anchor === null ? null : (document.getElementById(anchor)?.closest("h3,p") ?? null);
  for (const other of document.querySelectorAll(".here")) if (other !== target) mark(other, false);
  if (target) mark(target, true);
  const wanted = `${goal}#${anchor ?? ""} ${asked}`;
  if (tab !== "lesson" || lesson === null || jumped === wanted) return;
  jumped = wanted;
  target?.scrollIntoView({ block: "start" });
}

function mark(place: Element, here: boolean): void {
  place.classList.toggle("here", here);
  if (here) place.setAttribute("aria-current", "location");
  else place.removeAttribute("aria-current");
}

root.addEventListener("click", (event) => {
  const at = (event.target as HTMLElement).closest<HTMLElement>("button,a[href^='#']");
  if (!at) return;
  if (at.tagName === "A") {
    event.preventDefault();
    document.getElementById((at.getAttribute("href") ?? "#").slice(1))?.scrollIntoView();
  } else press(at.dataset);
});

function press({ command, tab, copy, edit, try: tried }: DOMStringMap): void {
  if (command === "run" || command === "submit" || command === "hint") say({ type: "command", command });
  if (tab === "task" || tab === "lesson") choose(tab);
  if (copy !== undefined) say({ type: "copy", block: Number(copy) });
  if (edit !== undefined) say({ type: "edit", block: Number(edit) });
  if (tried !== undefined) say({ type: "try", block: Number(tried) });
}

root.addEventListener("keydown", (event) => {
  const tab = (event.target as HTMLElement).dataset["tab"];
  if (tab === undefined || (event.key !== "ArrowLeft" && event.key !== "ArrowRight")) return;
  choose(tab === "task" ? "lesson" : "task");
  root.querySelector<HTMLElement>("[aria-selected='true']")?.focus();
});

function choose(tab: Tab): void {
  if (page.tab === undefined || page.tab === tab) return;
  say({ type: "tab", tab });
  turn({ tab });
}

/** Another tab is shown as far down as it was read, unless the lesson has somewhere to begin. */
function turn(changed: Partial<GoalPage>): void {
  const before = page.tab;
  const after = changed.tab ?? before;
  if (before !== undefined && after !== before) places[before] = scrollY;
  page = { ...page, ...changed };
  render(page as GoalPage);
  if (before !== undefined && after !== undefined && after !== before) scrollTo(0, places[after]);
  begin(page as GoalPage);
}

window.addEventListener("message", ({ data }: MessageEvent<ToPage>) => {
  if (data.kind === "output") shown(data);
  if (data.kind !== "goal") return;
  if (data.changed.goal !== undefined && page.goal !== data.changed.goal) jumped = "";
  turn(data.changed);
});
say({ type: "ready" });
