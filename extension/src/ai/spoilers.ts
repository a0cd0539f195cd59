/** Opens or closes a block of code in Markdown. */
const FENCE = /^\s*(```|~~~)/;

/**
 * A model's answer on its way to the learner: words line by line, a block of code when it is whole. Code that defines the
 * function the learner has to write is left out, whatever the model was asked for.
 */
export class Spoilers {
  private rest = "";
  private block: string[] | null = null;
  private readonly defines: RegExp;

  /** `instead`: what stands where code was left out. */
  constructor(
    entry: string,
    private readonly instead: string,
  ) {
    const name = entry.replace(/[^\w]/g, "\\$&");
    const declared = `\\b(?:def|function\\s*\\*?|func|const|let|var)\\s+${name}\\b`;
    const assigned = `\\b${name}\\s*(?::[^=]+)?=\\s*(?:async\\b|lambda\\b|function\\b|\\()`;
    this.defines = new RegExp(`${declared}|${assigned}`);
  }

  /** What may be shown now that `part` of the answer has come. */
  push(part: string): string {
    const lines = (this.rest + part).split("\n");
    this.rest = lines.pop() ?? "";
    return lines.map((line) => this.take(`${line}\n`)).join("");
  }

  /** The rest of what may be shown: the answer is over, also in the middle of a block. */
  end(): string {
    const shown = this.take(this.rest);
    const open = this.block;
    this.rest = "";
    this.block = null;
    return open ? shown + this.judged(open) : shown;
  }

  private take(line: string): string {
    if (this.block === null && !FENCE.test(line)) return this.judged([line]);
    if (this.block === null) {
      this.block = [line];
      return "";
    }
    this.block.push(line);
    if (!FENCE.test(line)) return "";
    const whole = this.block;
    this.block = null;
    return this.judged(whole);
  }

  private judged(lines: string[]): string {
    const text = lines.join("");
    return this.defines.test(text) ? `_${this.instead}_\n` : text;
  }
}
