import { describe, expect, it } from "vitest";
import { Spoilers } from "../../src/ai/spoilers";

/** What is shown of an answer that comes in parts of `size` characters. */
function shown(answer: string, entry = "nights", size = 7): string {
  const spoilers = new Spoilers(entry, "left out");
  let text = "";
  for (let at = 0; at < answer.length; at += size) text += spoilers.push(answer.slice(at, at + size));
  return text + spoilers.end();
}

const block = (code: string) => `Look:\n\n\`\`\`\n${code}\n\`\`\`\n\nThat is all.`;

describe("a model's answer", () => {
  it.each([
    "def nights(litres, per_night):\n    return litres // per_night",
    "function nights(a, b) { return Math.floor(a / b) }",
    "const nights = (a, b) => Math.floor(a / b)",
    "nights = lambda a, b: a // b",
    "func nights(a, b int) int { return a / b }",
    "export async function nights(a) { return a }",
    "let nights: (a: number) => number = (a) => a",
  ])("is shown without code that defines the goal's function: %s", (code) => {
    for (const size of [1, 7, 1_000]) {
      expect(shown(block(code), "nights", size)).toBe("Look:\n\n_left out_\n\nThat is all.");
      expect(shown(`Write ${code.split("\n")[0]}.`, "nights", size)).toBe("_left out_\n");
    }
    expect(shown(`\`\`\`python\n${code}`)).toBe("_left out_\n"); // cut off in the middle
  });

  it.each([
    block("nights(9, 3)"),
    block("def nights_before(x):\n    return x"),
    block("def other():\n    return nights(1, 2)"),
    "Think of `nights(9, 3)`: how many whole nights are in nine litres?\nAnd with ten?",
    "~~~\nprint(nights == 3)\n~~~",
    "",
  ])("is shown as it is otherwise: %s", (answer) => {
    for (const size of [1, 7, 1_000]) expect(shown(answer, "nights", size)).toBe(answer);
  });

  it("takes names with signs as they are", () => {
    expect(shown(block("const $a = (x) => x"), "$a")).toContain("left out");
  });
});
