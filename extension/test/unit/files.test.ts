import { expect, it } from "vitest";
import { casesPage, entryLine, parseRecord } from "../../src/goals/files";
import { blocks, html } from "../../src/views/markdown";
import { runnable } from "../../src/views/runnable";
import type { GoalDetail } from "../../src/protocol/generated";
import { aCase } from "./builders";

it("finds the function to write in each language", () => {
  expect(entryLine("import math\n\ndef area(w):\n", "area")).toBe(2);
  expect(entryLine("// x\nexport function area(w) {}", "area")).toBe(1);
  expect(entryLine("const area = () => 1", "area")).toBe(0);
  expect(entryLine("package main\n\nfunc area(w int) int {", "area")).toBe(2);
  expect(entryLine("def areas(): pass", "area")).toBe(0);
});

it("tells where each case is written down", () => {
  const cases = [aCase({ id: "a", text: "f('`')" }), aCase({ id: "b" })];
  const goal = { title: "T", subtasks: [{ id: "s", title: "S" }], cases, hidden_cases: 2 } as unknown as GoalDetail;
  const { text, lines } = casesPage(goal, { hidden: "and 2 more" });
  expect(text.split("\n")[lines.get("b")!]).toBe("- `f(1)` → `2`");
  expect(text).toContain("- `` f('`') `` → `2`");
  expect(text).toContain("*and 2 more*");
});

it("takes no record that leads out of its folder", () => {
  const record = { goal: "g", server: "http://x", account: "a", file: "../../etc/passwd" };
  expect(parseRecord(JSON.stringify(record))).toBeNull();
  expect(parseRecord(JSON.stringify({ ...record, file: "f.py" }))?.file).toBe("f.py");
  expect(parseRecord("{")).toBeNull();
});

it("shows what a page says and executes none of it", () => {
  const page = html(
    '<a id="here"></a>Hi <script>alert(1)</script> <img src=x onerror=alert(1)> [x](javascript:alert(1))',
  );
  expect(page).toContain('<span id="here"></span>');
  expect(page).not.toMatch(/<script|<img|href="javascript/);
});

it("makes a transcript runnable", () => {
  const [block] = blocks("```python\n>>> x = 1\n>>> for i in range(x):\n...     print(i)\n0\n```\n");
  expect(block?.language).toBe("python");
  expect(runnable(block!.code)).toBe("x = 1\nfor i in range(x):\n    print(i)");
});
