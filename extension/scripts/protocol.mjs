// src/protocol/generated.ts, from docs/openapi.json and docs/events/ (both written by `make schemas` from the server's
// own models). `--check` writes nothing and fails where the file is not what would be written.
import { readdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { compile } from "json-schema-to-typescript";

const here = path.dirname(fileURLToPath(import.meta.url));
const docs = path.resolve(here, "../../docs");
const file = path.resolve(here, "../src/protocol/generated.ts");
const BANNER =
  "// Written by `npm run protocol` from docs/openapi.json and docs/events/: not to be edited. A test compares.\n\n";

const json = async (name) => JSON.parse(await readFile(path.join(docs, name), "utf8"));

/** References of either document, as references into ours. */
function relink(node) {
  if (Array.isArray(node)) return node.map(relink);
  if (node === null || typeof node !== "object") return node;
  const { title: _, discriminator: __, example: ___, ...rest } = node;
  const entries = Object.entries(rest).map(([key, value]) => {
    if (key === "properties") return [key, Object.fromEntries(Object.entries(value).map(([k, v]) => [k, relink(v)]))];
    return [key, key === "$ref" ? value.replace(/^#\/(components\/schemas|\$defs)\//, "#/$defs/") : relink(value)];
  });
  return Object.fromEntries(entries);
}

const pascal = (type) =>
  type
    .split(/[._]/)
    .map((word) => word[0].toUpperCase() + word.slice(1))
    .join("");

/** The newest version of each event, by type. */
async function events() {
  const newest = new Map();
  for (const name of (await readdir(path.join(docs, "events"))).sort()) {
    const found = /^(goals\..+)\.(\d+)\.json$/.exec(name);
    if (found && Number(found[2]) >= (newest.get(found[1])?.version ?? 0)) {
      newest.set(found[1], { version: Number(found[2]), schema: await json(`events/${name}`) });
    }
  }
  return newest;
}

/** Fields with a default are always there in what the server says (but for those of a problem). */
function answered(schema) {
  if (schema.type === "object" && schema.properties && schema.additionalProperties === false) {
    return { ...schema, required: Object.keys(schema.properties) };
  }
  return schema;
}

async function text() {
  const openapi = await json("openapi.json");
  const catalogue = await events();
  const $defs = {};
  const asked = JSON.stringify(
    Object.values(openapi.paths).flatMap((item) => Object.values(item).map((one) => one.requestBody ?? null)),
  );
  const interactions = new Set(
    Object.values(openapi.components.schemas.Interaction.discriminator.mapping).map((ref) =>
      ref.replace(/^.*\/(\w+)Event$/, "$1"),
    ),
  );
  for (const [name, schema] of Object.entries(openapi.components.schemas)) {
    if (name.endsWith("Event") || name === "Interaction") continue;
    const sent = asked.includes(`/${name}"`) || interactions.has(name);
    $defs[name] = relink(sent ? schema : answered(schema));
  }
  const types = [];
  const said = [];
  const newer = [];
  for (const [type, { schema, version }] of catalogue) {
    const bare = pascal(type.replace(/^goals\./, ""));
    const name = bare in $defs && !schema["x-from-clients"] ? `${bare}Event` : bare; // an answer may be called the same
    const { $defs: own = {}, $id: _, $schema: __, ...rest } = schema;
    for (const [each, inner] of Object.entries(own)) $defs[each] ??= relink(inner);
    const fromClients = schema["x-from-clients"];
    $defs[name] = relink(fromClients ? rest : answered(rest));
    types.push(`  "${type}": ${name};`);
    if (fromClients) said.push(`"${type}"`);
    if (fromClients && version > 1) newer.push(`  "${type}": ${version},`);
  }
  const made = await compile({ $defs, type: "object", additionalProperties: false }, "Unused", {
    additionalProperties: false,
    bannerComment: "",
    format: true,
    style: { printWidth: 120 },
    unreachableDefinitions: true,
    ignoreMinAndMaxItems: true,
    enableConstEnums: false,
  });
  const bare = made
    .replace(/export interface Unused \{[^}]*\}\n/, "")
    .replace(/\/\*\*\n(?: \*[^\n]*\n)*? \* via the `definition` "[^"]*"\.\n \*\/\n/g, (comment) =>
      comment
        .replace(/ \*\n \* This interface was referenced by[^\n]*\n \* via[^\n]*\n/, "")
        .replace(/^\/\*\*\n \* This interface[^\n]*\n \* via[^\n]*\n \*\/\n/, ""),
    )
    .trim();
  return (
    `${BANNER}${bare}\n\n` +
    `/** What each stored event carries. */\nexport interface EventData {\n${types.join("\n")}\n}\n\n` +
    `/** The events that clients may send. */\nexport type InteractionType =\n  | ${said.join("\n  | ")};\n\n` +
    `/** In which version they are written here, where it is not the first. */\n` +
    `export const VERSIONS: Partial<Record<InteractionType, number>> = {\n${newer.join("\n")}\n};\n`
  );
}

const wanted = await text();
if (process.argv.includes("--check")) {
  const found = await readFile(file, "utf8").catch(() => "");
  if (found !== wanted) {
    console.error("src/protocol/generated.ts is not what the server's documents say: run `npm run protocol`");
    process.exitCode = 1;
  }
} else {
  await writeFile(file, wanted);
}
