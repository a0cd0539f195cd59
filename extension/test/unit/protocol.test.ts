import { execFileSync } from "node:child_process";
import path from "node:path";
import { expect, it } from "vitest";

const root = path.resolve(import.meta.dirname, "../..");

it("is generated from what the server says now", () => {
  expect(() =>
    execFileSync(process.execPath, ["scripts/protocol.mjs", "--check"], { cwd: root, stdio: "pipe" }),
  ).not.toThrow();
});
