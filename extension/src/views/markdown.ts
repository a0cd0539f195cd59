import hljs from "highlight.js/lib/core";
import go from "highlight.js/lib/languages/go";
import javascript from "highlight.js/lib/languages/javascript";
import python from "highlight.js/lib/languages/python";
import typescript from "highlight.js/lib/languages/typescript";
import MarkdownIt from "markdown-it";

for (const [name, language] of Object.entries({ go, javascript, python, typescript }))
  hljs.registerLanguage(name, language);

const md = new MarkdownIt({
  html: false, // what a page says is shown, never executed
  linkify: false,
  highlight: (code, language) =>
    hljs.getLanguage(language) ? hljs.highlight(code, { language, ignoreIllegals: true }).value : "",
});

/** The anchors of our own pages: `<a id="x"></a>`, and nothing else of HTML. */
md.inline.ruler.before("html_inline", "anchor", (state, silent) => {
  const found = /^<a id="([a-z0-9-]+)"><\/a>/.exec(state.src.slice(state.pos, state.pos + 120));
  if (!found) return false;
  if (!silent) state.push("anchor", "", 0).content = found[1] ?? "";
  state.pos += found[0].length;
  return true;
});
md.renderer.rules["anchor"] = (tokens, place) => `<span id="${tokens[place]?.content ?? ""}"></span>`;

/** Code blocks are regions a keyboard reaches (they scroll), and carry what the learner may do with them. */
const fence = md.renderer.rules.fence;
md.renderer.rules.fence = (tokens, place, options, env, self) =>
  `<div class="code" data-language="${md.utils.escapeHtml(tokens[place]?.info.trim() ?? "")}">${fence?.(tokens, place, options, env, self).replace("<pre>", '<pre tabindex="0">') ?? ""}</div>`;

/** Markdown as HTML that is safe to show. */
export function html(text: string): string {
  return md.render(text);
}

/** One paragraph; null for nothing. */
export function inline(text: string | undefined): string | null {
  return text === undefined ? null : md.renderInline(text);
}

/** The code of each block of a page, in order. */
export function blocks(text: string): { language: string; code: string }[] {
  return md
    .parse(text, {})
    .filter((token) => token.type === "fence")
    .map((token) => ({ language: token.info.trim(), code: token.content }));
}
