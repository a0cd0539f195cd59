import { execFileSync } from "node:child_process";
import path from "node:path";
import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { judge, judgeable, type Observed } from "../../src/offline/judge";
import type { CaseView } from "../../src/protocol/generated";
import { aCase } from "./builders";

const source = (name: string) => readFileSync(path.join(import.meta.dirname, "../../src/offline", name), "utf8");

function python(code: string, cases: CaseView[]): Observed[] {
  const input = JSON.stringify({ code, file: "f.py", cases });
  return lines(execFileSync("python3", ["-I", "-c", source("cases.py")], { input, encoding: "utf8" }));
}

function node(code: string, cases: CaseView[]): Observed[] {
  const input = JSON.stringify({ code, file: "f.js", cases });
  return lines(execFileSync(process.execPath, ["-e", source("cases.cjs")], { input, encoding: "utf8" }));
}

const lines = (text: string) =>
  text
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Observed);
const verdict = (one: CaseView, seen: Observed | undefined) => judge(one, seen!).verdict;

it.each([
  ["def f(x):\n    return x + 1", {}, "passed"],
  ["def f(x):\n    return x", {}, "failed"],
  ["def f(x):\n    return True", { expected: 1 }, "failed"],
  ["def f(x):\n    return (1, 2)", { expected: [1, 2] }, "passed"],
  ["def f(x):\n    return 2.0001", { compare: "approx", tolerance: 0.01 }, "passed"],
  ["def f(x):\n    return [2, 1]", { expected: [1, 2], compare: "unordered" }, "passed"],
  ["def f(x):\n    return [2, 1]", { expected: [1, 2] }, "failed"],
  ["def f(x):\n    return {1, 2}", { expected: [1, 2] }, "failed"],
  ["def f(x):\n    raise ValueError('no')", { raises: "ValueError", expected: null }, "passed"],
  ["def f(x):\n    raise UnicodeError('no')", { raises: "ValueError", expected: null }, "passed"],
  ["def f(x):\n    return 1 / 0", {}, "raised"],
  ["def g(x):\n    return 1", {}, "missing_function"],
  ["def f(x)\n    return 1", {}, "compile_error"],
  ["print('hello  ')", { call: "", args: [], prints: "hello\n", expected: null }, "passed"],
  ["print(input()[::-1])", { call: "", args: [], stdin: "abc\n", prints: "cba", expected: null }, "passed"],
] as const)("judges %j in Python as the server does", (code, over, expected) => {
  const one = aCase(over as Partial<CaseView>);
  expect(verdict(one, python(code, [one])[0])).toBe(expected);
});

it.each([
  ["function f(x) { return x + 1; }", {}, "passed"],
  ["export_ = 1; const f = (x) => [x];", { expected: [1] }, "passed"],
  ["function f(x) {}", { expected: null }, "failed"],
  ["function f(x) { throw new RangeError('no'); }", { raises: "RangeError", expected: null }, "passed"],
  ["function f(x) { while (true); }", {}, "time"],
  ["function f(x) {", {}, "compile_error"],
] as const)("judges %j in JavaScript as the server does", (code, over, expected) => {
  const one = aCase(over);
  expect(verdict(one, node(code, [one])[0])).toBe(expected);
});

it("names the line of an error", () => {
  const one = aCase();
  expect(judge(one, python("def f(x):\n    y = 0\n    return x / y", [one])[0]!)).toMatchObject({ line: 3 });
});

it("leaves checks of the challenge's own and files to the server", () => {
  expect(judgeable(aCase({ compare: "custom" }), "python")).toBe(false);
  expect(judgeable(aCase({ files: { "a.txt": "" } }), "python")).toBe(false);
  expect(judgeable(aCase(), "go")).toBe(false);
  expect(judgeable(aCase(), "python")).toBe(true);
});
