import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { getL10nJson } from "@vscode/l10n-dev";
import { expect, it } from "vitest";

const root = path.resolve(import.meta.dirname, "../..");
const json = (name: string) => JSON.parse(readFileSync(path.join(root, name), "utf8")) as Record<string, string>;
const places = (text: string) => [...text.matchAll(/\{\d\}/g)].map(([place]) => place).sort();

function sources(folder: string): { extension: ".ts"; contents: string }[] {
  return readdirSync(path.join(root, folder), { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(".ts"))
    .map((entry) => ({ extension: ".ts", contents: readFileSync(path.join(entry.parentPath, entry.name), "utf8") }));
}

it("says everything in Spanish too, with the same places, and nothing that is not said", async () => {
  const english = Object.keys(await getL10nJson(sources("src")));
  const spanish = json("l10n/bundle.l10n.es.json");
  expect(Object.keys(spanish).sort()).toEqual(english.sort());
  for (const [from, to] of Object.entries(spanish)) expect(places(to), from).toEqual(places(from));
});

it("contributes everything in both languages", () => {
  const [english, spanish] = [json("package.nls.json"), json("package.nls.es.json")];
  const used = [...readFileSync(path.join(root, "package.json"), "utf8").matchAll(/"%([\w.]+)%"/g)].map(
    ([, key]) => key!,
  );
  expect(Object.keys(english).sort()).toEqual([...new Set(used)].sort());
  expect(Object.keys(spanish).sort()).toEqual(Object.keys(english).sort());
});

it("declares every command it registers, and registers every command it declares", () => {
  const declared = [
    ...readFileSync(path.join(root, "package.json"), "utf8").matchAll(/"command": "goals\.(\w+)"/g),
  ].map(([, name]) => name!);
  const table =
    /return \{([\s\S]*?)\n {2}\};/.exec(readFileSync(path.join(root, "src/commands.ts"), "utf8"))?.[1] ?? "";
  const registered = [...table.matchAll(/^ {4}(\w+):/gm)].map(([, name]) => name!);
  expect([...new Set(declared)].sort()).toEqual(registered.sort());
});
