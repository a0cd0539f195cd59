import { describe, expect, it } from "vitest";
import { languagesOf, packagesOf } from "../../src/learner/manifests";

describe("what a workspace is written in", () => {
  it("is told by its files, most first", () => {
    const paths = ["a.py", "b/c.PY", "web/x.ts", "web/y.tsx", "z.mjs", "notes.md", "Makefile", ".gitignore", "d.py"];
    expect(languagesOf(paths, 20)).toEqual(["python", "typescript", "javascript"]);
    expect(languagesOf(paths, 1)).toEqual(["python"]);
  });
});

describe("what a workspace is built on", () => {
  it.each([
    [
      "requirements.txt",
      "# mine\nNumPy==2.1\n-r other.txt\nfastapi[all]>=0.1 ; python_version > '3'\n\n",
      ["numpy", "fastapi"],
    ],
    [
      "pyproject.toml",
      '[project]\nname = "x"\ndependencies = ["httpx>=0.27", "pydantic"]\n[project.optional-dependencies]\ntest = ["pytest"]\n',
      ["httpx", "pydantic", "pytest"],
    ],
    [
      "package.json",
      '{"name": "x", "dependencies": {"react": "19"}, "devDependencies": {"@types/node": "20", "vite": "7"}}',
      ["react", "node", "vite"],
    ],
    [
      "go.mod",
      "module x\nrequire (\n\tgithub.com/gorilla/mux v1.8.0\n)\nrequire golang.org/x/net v0.1.0\n",
      ["mux", "net"],
    ],
  ])("is told by %s", (name, text, names) => expect(packagesOf(name, text)).toEqual(names));

  it.each([
    ["pyproject.toml", "[project\n"],
    ["pyproject.toml", "project = 7"],
    ["package.json", "{"],
    ["package.json", "[]"],
    ["package.json", '{"dependencies": ["react"], "devDependencies": null}'],
    ["unknown.lock", "numpy"],
  ])("nothing comes of %s where it holds %s", (name, text) => {
    expect(packagesOf(name, text)).toEqual([]);
  });

  it("has names only: no addresses, no code", () => {
    expect(packagesOf("package.json", '{"dependencies": {"../evil": "1", "a b": "1", "{}": "1", "ok": "1"}}')).toEqual([
      "evil",
      "ok",
    ]);
  });
});
