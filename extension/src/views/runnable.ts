/** What of a block one can run: a transcript (`>>>`) without its prompts and answers. */
export function runnable(code: string): string {
  if (!/^>>> /m.test(code)) return code;
  return code
    .split("\n")
    .filter((line) => /^(>>>|\.\.\.)( |$)/.test(line))
    .map((line) => line.slice(4))
    .join("\n");
}
