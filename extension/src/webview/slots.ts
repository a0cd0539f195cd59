const filled = new WeakMap<HTMLElement, string>();

/**
 * Puts `html` into the element with this id. What is there already is left alone, so that nothing a learner selects,
 * reads or has focused moves without need. Who pressed a button here and types in the editor by now is not called back:
 * a page's active element stays when its focus goes. Returns the element where it was another.
 */
export function fill(id: string, html: string): HTMLElement | null {
  const place = document.getElementById(id);
  if (!place || filled.get(place) === html) return null;
  const active = document.hasFocus() ? document.activeElement : null;
  const focused = place.contains(active) ? (active as HTMLElement) : null;
  filled.set(place, html);
  place.innerHTML = html;
  if (focused) refocus(place, focused.dataset);
  return place;
}

/** The same for plain words. A live region is told only what is new. */
export function text(id: string, words: string): void {
  const place = document.getElementById(id);
  if (place && place.textContent !== words) place.textContent = words;
}

function refocus(place: HTMLElement, { command, tab }: DOMStringMap): void {
  const wanted = command ? `[data-command="${command}"]` : tab ? `[data-tab="${tab}"]` : null;
  if (wanted) place.querySelector<HTMLElement>(wanted)?.focus();
}
