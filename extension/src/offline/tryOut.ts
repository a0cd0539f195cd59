import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import javascript from "./block.cjs";
import python from "./block.py";
import { type Came, interpret } from "./interpreter";

/** Characters of a block's output that are shown. */
const LONGEST = 20_000;

/** A fenced block of a page: its info string ("python", "file walk.txt") and what is in it. */
export interface Block {
  language: string;
  code: string;
}

export interface Tried {
  came: Came | "unknown";
  output: string;
}

const NAMES: Record<string, "python" | "javascript"> = {
  python: "python",
  py: "python",
  js: "javascript",
  javascript: "javascript",
};

/**
 * Runs a block of a page on this machine as the page means it: after the blocks of its language before it, with the
 * files and the input that the page shows, in a folder of its own. `program`: what stands before all of them.
 */
export async function tryOut(blocks: Block[], at: number, interpreter: string, program = ""): Promise<Tried> {
  const block = blocks[at];
  const language = NAMES[block?.language ?? ""];
  if (!block || !language) return { came: "unknown", output: "" };
  const order = {
    code: block.code,
    before: [program, ...blocks.slice(0, at).flatMap((one) => (NAMES[one.language] === language ? [one.code] : []))],
    stdin: blocks.flatMap((one) => (one.language === "stdin" ? [one.code] : [])).join(""),
    files: Object.fromEntries(
      blocks.flatMap(({ language: info, code }) => (info.startsWith("file ") ? [[info.slice(5).trim(), code]] : [])),
    ),
  };
  const [command, args]: [string, string[]] =
    language === "python" ? [interpreter, ["-I", "-c", python]] : [process.execPath, ["-e", javascript]];
  const cwd = await mkdtemp(path.join(tmpdir(), "goals-lesson-"));
  let output = "";
  const out = (text: string, end: () => void) => {
    output += text;
    if (output.length > LONGEST) end();
  };
  try {
    const came = await interpret({ command, args, input: JSON.stringify(order), cwd, out });
    const cut = output.length > LONGEST ? `${output.slice(0, LONGEST)}…` : output;
    return { came, output: cut.trimEnd() };
  } finally {
    await rm(cwd, { recursive: true, force: true });
  }
}
