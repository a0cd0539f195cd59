import type { Concept } from "./messages";
import { esc } from "./esc";

const RADIUS = 30;
const COLUMN = 150;
const ROW = 122;
const KNOWN = 0.9;

export interface Placed extends Concept {
  x: number;
  y: number;
}

/**
 * Concepts from left to right by how much they rest on (the longest way from one that rests on nothing), so that every
 * line leads to the right.
 */
export function place(concepts: readonly Concept[]): Placed[] {
  const bySlug = new Map(concepts.map((one) => [one.concept, one]));
  const depths = new Map<string, number>();
  const depth = (slug: string, way: readonly string[] = []): number => {
    const kept = depths.get(slug);
    if (kept !== undefined) return kept;
    const needs = (bySlug.get(slug)?.needs ?? []).filter((need) => bySlug.has(need) && !way.includes(need));
    const found = needs.length === 0 ? 0 : 1 + Math.max(...needs.map((need) => depth(need, [...way, slug])));
    depths.set(slug, found);
    return found;
  };
  const rows = new Map<number, number>();
  return concepts.map((one) => {
    const column = depth(one.concept);
    const row = rows.get(column) ?? 0;
    rows.set(column, row + 1);
    return { ...one, x: COLUMN * (column + 0.5), y: ROW * row + RADIUS + 14 };
  });
}

/** The map as SVG; each concept is a button that opens its lesson. */
export function map(concepts: readonly Concept[], words: { notYet: string }): string {
  const placed = place(concepts);
  const at = new Map(placed.map((one) => [one.concept, one]));
  const width = Math.max(COLUMN, ...placed.map((one) => one.x + COLUMN / 2));
  const height = Math.max(ROW, ...placed.map((one) => one.y + ROW - RADIUS - 14));
  const lines = placed.flatMap((to) =>
    to.needs.flatMap((need) => {
      const from = at.get(need);
      if (!from) return [];
      const bend = (from.x + to.x) / 2;
      const path = `M${from.x + RADIUS + 3} ${from.y}C${bend} ${from.y} ${bend} ${to.y} ${to.x - RADIUS - 3} ${to.y}`;
      return [`<path d="${path}" class="edge${(from.shown ?? 0) >= KNOWN ? " edge-known" : ""}"/>`];
    }),
  );
  const nodes = placed.map((one) => node(one, words));
  return `<svg viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" class="map" role="group">${lines.join("")}${nodes.join("")}</svg>`;
}

function node(one: Placed, { notYet }: { notYet: string }): string {
  const round = 2 * Math.PI * RADIUS;
  const figure = one.shown === null ? "–" : `${Math.round(one.shown * 100)}`;
  const state = one.shown === null ? "new" : one.shown >= KNOWN ? "known" : "open";
  const name = esc(one.concept);
  const arc = (share: number, kind: string) =>
    `<circle r="${RADIUS}" class="${kind}" stroke-dasharray="${(share * round).toFixed(1)} ${round.toFixed(1)}" transform="rotate(-90)"/>`;
  const said = one.shown === null ? notYet : `${figure} %`;
  return `<g role="button" tabindex="0" aria-labelledby="label-${name} figure-${name}" data-concept="${name}" class="node node-${state}" transform="translate(${one.x} ${one.y})">
<circle r="${RADIUS}" class="ring"/>${arc(Math.max(one.assisted, one.shown ?? 0), "arc-helped")}${arc(one.shown ?? 0, "arc")}
${title(one.title, name)}<text id="figure-${name}" class="figure" dy=".35em">${figure}</text><title>${esc(`${one.title}: ${said}\n${one.because}`)}</title></g>`;
}

/** At most three short lines below the ring. */
function title(text: string, name: string): string {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const last = lines.at(-1);
    if (last !== undefined && (last + word).length < 19) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  const shown = lines.slice(0, 3);
  return `<text id="label-${name}" class="label">${shown.map((line, at) => `<tspan x="0" y="${RADIUS + 18 + at * 14}">${esc(line)} </tspan>`).join("")}</text>`;
}
