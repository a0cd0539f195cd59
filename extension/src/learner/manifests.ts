import { parse } from "smol-toml";

const SUFFIXES: Record<string, string> = {
  py: "python",
  js: "javascript",
  mjs: "javascript",
  jsx: "javascript",
  ts: "typescript",
  tsx: "typescript",
  go: "go",
  rs: "rust",
  java: "java",
  kt: "kotlin",
  c: "c",
  cpp: "c++",
  cs: "c#",
  rb: "ruby",
  php: "php",
  swift: "swift",
  sql: "sql",
  sh: "shell",
  r: "r",
};
const NAME = /^[a-z0-9][a-z0-9._+#-]{0,39}$/;

/** Of files by their paths, the languages they are in, those with most files first. */
export function languagesOf(paths: string[], most: number): string[] {
  const counts = new Map<string, number>();
  for (const path of paths) {
    const language = SUFFIXES[/\.(\w+)$/.exec(path)?.[1]?.toLowerCase() ?? ""];
    if (language !== undefined) counts.set(language, (counts.get(language) ?? 0) + 1);
  }
  return [...counts]
    .sort(([, one], [, other]) => other - one)
    .slice(0, most)
    .map(([name]) => name);
}

type Table = Record<string, unknown>;
const table = (value: unknown): Table =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Table) : {};
const list = (value: unknown): string[] => (Array.isArray(value) ? value.filter((one) => typeof one === "string") : []);

/** The names before what says which version. */
const requirements = (lines: string[]): string[] =>
  lines.flatMap((line) => /^[A-Za-z0-9][A-Za-z0-9._-]*/.exec(line.trim())?.[0] ?? []);

const READERS: Record<string, (text: string) => string[]> = {
  "requirements.txt": (text) => requirements(text.split("\n")),
  "pyproject.toml": (text) => {
    const project = table(table(parse(text))["project"]);
    const groups = [project["dependencies"], ...Object.values(table(project["optional-dependencies"]))];
    return requirements(groups.flatMap(list));
  },
  "package.json": (text) => {
    const found = table(JSON.parse(text));
    return ["dependencies", "devDependencies"].flatMap((group) => Object.keys(table(found[group])));
  },
  "go.mod": (text) => [...text.matchAll(/^\s*(?:require\s+)?(\S+\.\S+\/\S+)\s+v/gm)].map(([, name]) => name ?? ""),
};

/** Manifests that are read, by their names. */
export const MANIFESTS = Object.keys(READERS);

/** The packages a manifest names, without scope, path and version; none where it cannot be read. */
export function packagesOf(manifest: string, text: string): string[] {
  let names: string[];
  try {
    names = READERS[manifest]?.(text) ?? [];
  } catch {
    return [];
  }
  return names.map((name) => name.split("/").at(-1)?.toLowerCase() ?? "").filter((name) => NAME.test(name));
}
