import { execFileSync } from "node:child_process";
import { mkdtemp, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, it } from "vitest";

const EXTENSION = path.resolve(import.meta.dirname, "../..");
const MB = 1_000_000;

it("is a package of less than a megabyte with everything its README and manifest name", async () => {
  const folder = await mkdtemp(path.join(tmpdir(), "goals-vsix-"));
  const file = path.join(folder, "goals.vsix");
  try {
    const run = (command: string, ...args: string[]) =>
      execFileSync(command, args, { cwd: EXTENSION, encoding: "utf8" });
    run("npm", "run", "package", "--", "--out", file);
    expect((await stat(file)).size).toBeLessThan(MB);
    const listed = run(
      "python3",
      "-c",
      "import sys, zipfile; print(*zipfile.ZipFile(sys.argv[1]).namelist(), sep='\\n')",
      file,
    );
    const names = new Set(listed.trim().split("\n"));
    const readme = await readFile(path.join(EXTENSION, "README.md"), "utf8");
    const pictures = [...readme.matchAll(/!\[[^\]]*\]\(([^)]+)\)/g)].map(([, where]) => where!);
    const manifest = JSON.parse(await readFile(path.join(EXTENSION, "package.json"), "utf8")) as { main: string };
    expect(pictures).not.toEqual([]);
    for (const each of [...pictures, path.normalize(manifest.main)]) expect(names).toContain(`extension/${each}`);
    for (const name of names) expect(name).not.toMatch(/node_modules|\/(src|test)\/|\.map$/);
  } finally {
    await rm(folder, { recursive: true });
  }
});
