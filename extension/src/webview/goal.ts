import type { GoalPage, ToPage } from "./messages";
import { esc } from "./esc";
import { say } from "./vscode";

const root = document.getElementById("root") as HTMLElement;
let page: GoalPage | null = null;
let jumped = "";

function tabs({ statement, tab, words }: GoalPage): string {
  if (statement === null) return "";
  const one = (name: "task" | "lesson") =>
    `<button role="tab" id="tab-${name}" aria-controls="panel" aria-selected="${tab === name}" tabindex="${tab === name ? 0 : -1}" data-tab="${name}" class="tab">${esc(words[name])}</button>`;
  return `<div role="tablist" class="tabs">${one("task")}${one("lesson")}</div>`;
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

function task(model: GoalPage): string {
  const { words } = model;
  const hints = model.hints.map(({ rung, html }) => `<li value="${rung}">${html}</li>`).join("");
  return `<div class="prose">${model.statement ?? ""}</div>
<div class="actions"><button data-command="run">${esc(words.run)}</button><button data-command="submit" class="main">${esc(words.submit)}</button>${words.hint ? `<button data-command="hint">${esc(words.hint)}</button>` : ""}
<span class="quiet" role="status">${model.running ? esc(words.loading) : esc(model.standing ?? "")}</span></div>
${model.feedback ? `<aside class="said" aria-label="${esc(words.feedback)}"><h2>${esc(words.feedback)}</h2><p>${model.feedback}</p></aside>` : ""}
${hints ? `<section class="rungs"><h2>${esc(words.hints)}</h2><ol>${hints}</ol></section>` : ""}
<section><h2>${esc(words.cases)}</h2>${cases(model)}</section>`;
}

/** A lesson by itself has its own title. */
function header(model: GoalPage): string {
  if (model.statement === null) return "";
  const facts = model.facts.map((fact) => `<span>${esc(fact)}</span>`).join("");
  return `<header><p class="facts">${facts}</p><h1>${esc(model.title)}</h1><p class="quiet">${esc(model.because)}</p>${tabs(model)}</header>`;
}

function render(model: GoalPage): void {
  const focused =
    document.activeElement?.getAttribute("data-command") ?? document.activeElement?.getAttribute("data-tab");
  const body =
    model.tab === "task"
      ? task(model)
      : `<div class="prose">${model.lesson ?? `<p class="quiet">${esc(model.words.loading)}</p>`}</div>`;
  root.innerHTML = `${header(model)}
${model.statement === null ? body : `<div id="panel" role="tabpanel" aria-labelledby="tab-${model.tab}">${body}</div>`}`;
  const before = model.tab === "task" ? 0 : blockCount(model.statement ?? "");
  root.querySelectorAll(".code").forEach((code, place) => {
    const at = before + place;
    code.insertAdjacentHTML(
      "beforeend",
      `<div class="code-actions"><button data-copy="${at}">${esc(model.words.copy)}</button><button data-try="${at}">${esc(model.words.tryIt)}</button></div>`,
    );
  });
  root.querySelector<HTMLElement>(`[data-command="${focused}"],[data-tab="${focused}"]`)?.focus();
  jump(model);
}

const blockCount = (html: string): number => html.split('<div class="code"').length - 1;

/** To the paragraph that explains what failed, once for each time the server names another. */
function jump({ goal, tab, anchor, lesson }: GoalPage): void {
  if (tab !== "lesson" || lesson === null) return;
  const wanted = `${goal}#${anchor ?? ""}`;
  if (jumped === wanted) return;
  jumped = wanted;
  const target = anchor === null ? null : document.getElementById(anchor)?.closest("h3,p");
  if (!target) return;
  target.classList.add("here");
  target.scrollIntoView({ block: "start" });
}

root.addEventListener("click", (event) => {
  const at = (event.target as HTMLElement).closest<HTMLElement>("button,a[href^='#']");
  if (!at || !page) return;
  if (at.tagName === "A") {
    event.preventDefault();
    document.getElementById((at.getAttribute("href") ?? "#").slice(1))?.scrollIntoView();
  } else press(at.dataset);
});

function press({ command, tab, copy, try: tried }: DOMStringMap): void {
  if (command === "run" || command === "submit" || command === "hint") say({ type: "command", command });
  if (tab === "task" || tab === "lesson") choose(tab);
  if (copy !== undefined) say({ type: "copy", block: Number(copy) });
  if (tried !== undefined) say({ type: "try", block: Number(tried) });
}

root.addEventListener("keydown", (event) => {
  const tab = (event.target as HTMLElement).dataset["tab"];
  if (tab === undefined || (event.key !== "ArrowLeft" && event.key !== "ArrowRight")) return;
  choose(tab === "task" ? "lesson" : "task");
  root.querySelector<HTMLElement>("[aria-selected='true']")?.focus();
});

function choose(tab: "task" | "lesson"): void {
  if (!page) return;
  page = { ...page, tab };
  say({ type: "tab", tab });
  render(page);
}

window.addEventListener("message", ({ data }: MessageEvent<ToPage>) => {
  if (data.kind !== "goal") return;
  if (page?.goal !== data.goal) jumped = "";
  page = data;
  render(data);
});
say({ type: "ready" });
