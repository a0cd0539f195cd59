import { esc } from "./esc";
import type { GoalPage, Output } from "./messages";

const RUNS = new Set(["python", "py", "js", "javascript"]);
const CODE = new Set([...RUNS, "ts", "typescript", "go"]);

/** Buttons for each block of code below `root`; `from`: how many blocks the page has before these. */
export function dress(root: HTMLElement | null, from: number, words: GoalPage["words"]): void {
  root?.querySelectorAll<HTMLElement>(".code").forEach((code, place) => {
    const at = from + place;
    const language = code.dataset["language"] ?? "";
    const button = (wish: string, word: string) => `<button data-${wish}="${at}">${esc(word)}</button>`;
    const run = RUNS.has(language) ? button("try", words.tryIt) : "";
    const edit = CODE.has(language) ? button("edit", words.edit) : "";
    code.dataset["block"] = String(at);
    code.insertAdjacentHTML("beforeend", `<div class="code-actions">${button("copy", words.copy)}${edit}${run}</div>`);
  });
}

export const count = (root: HTMLElement | null): number => root?.querySelectorAll(".code").length ?? 0;

/** What a block came to, below it; told to a screen reader when it is there. */
export function shown({ block, busy, text, note }: Output): void {
  const code = document.querySelector(`.code[data-block="${block}"]`);
  if (!code) return;
  const place = code.querySelector(".output") ?? code.appendChild(document.createElement("div"));
  place.className = "output";
  place.setAttribute("role", "status");
  place.setAttribute("aria-busy", String(busy));
  place.innerHTML = `${text === "" ? "" : `<pre tabindex="0">${esc(text)}</pre>`}${note === "" ? "" : `<p class="quiet">${esc(note)}</p>`}`;
  if (!busy) place.scrollIntoView({ block: "nearest" });
}
