import { expect, it } from "vitest";
import { type Block, tryOut } from "../../src/offline/tryOut";

const py = (code: string): Block => ({ language: "python", code });
const js = (code: string): Block => ({ language: "js", code });
const run = async (...blocks: Block[]) => (await tryOut(blocks, blocks.length - 1, "python3")).output;

it("runs a block of Python and shows its last value", async () => {
  expect(await run(py("total = 0\nfor n in range(4):\n    total += n\nprint('sum')\ntotal\n"))).toBe("sum\n6");
});

it("shows a transcript as it was typed", async () => {
  expect(await run(py(">>> weeks = 3\n>>> weeks * 7\n21\n"))).toBe(">>> weeks = 3\n>>> weeks * 7\n21");
});

it("knows what the blocks before it have made, and keeps their words to themselves", async () => {
  const lesson = [
    py("def double(n):\n    print('here')\n    return 2 * n\n"),
    py("double(1)\n"),
    py(">>> double(4)\n"),
  ];
  expect(await run(...lesson)).toBe(">>> double(4)\nhere\n8");
});

it("shows an error as Python does, with the learner's lines only", async () => {
  expect(await run(py("def f():\n    return [][1]\n\nf()\n"))).toBe(
    "Traceback (most recent call last):\n  line 4, in <module>\n  line 2, in f\nIndexError: list index out of range",
  );
  expect(await run(py("if True\n    1\n"))).toContain("SyntaxError: expected ':'");
});

it("finds the files and the input that the page shows", async () => {
  const file = { language: "file walk.txt", code: "mill\ngate\n" };
  const stdin = { language: "stdin", code: "4\n" };
  expect(await run(file, stdin, py("print(open('walk.txt').readline().strip(), int(input()) + 1)\n"))).toBe("mill 5");
});

it("writes no file outside its own folder", async () => {
  const file = { language: "file ../../goals-escaped.txt", code: "x" };
  expect(await run(file, py("import os\nos.listdir()\n"))).toBe("['goals-escaped.txt']");
});

it("shows the values of a page's JavaScript, and what is thrown", async () => {
  expect(await run(js("const half = (n) => n / 2;"), js("half(3) // → 1.5\nnull.x; // throws TypeError\n"))).toBe(
    "> half(3)\n1.5\n> null.x\nTypeError: Cannot read properties of null (reading 'x')",
  );
  expect(await run(js("console.log('a', [1]);\n"))).toBe("a [ 1 ]");
  expect(await run(js("let x = ;\n"))).toContain("SyntaxError");
});

it("tells a language this machine does not run from an interpreter it does not have", async () => {
  expect((await tryOut([{ language: "go", code: "package main" }], 0, "python3")).came).toBe("unknown");
  expect((await tryOut([py("1")], 0, "no-such-python")).came).toBe("missing");
});

it("ends what does not end by itself", async () => {
  const [endless, loud] = await Promise.all([
    tryOut([py("while True:\n    pass\n")], 0, "python3"),
    tryOut([py("while True:\n    print('x' * 1000)\n")], 0, "python3"),
  ]);
  expect(endless.came).toBe("late");
  expect(loud.output.length).toBeLessThan(20_010);
});

it("begins with the learner's own code where a task shows what to call", async () => {
  const seen = await tryOut([py(">>> nights(9)\n")], 0, "python3", "def nights(litres):\n    return litres // 3\n");
  expect(seen.output).toBe(">>> nights(9)\n3");
});
