// Programs in, what a proof needs of them out: one JSON object from stdin, one to stdout. Nothing is executed.
//
// in:  { "language": "javascript" | "typescript", "texts": [string] }
// out: { "read": [{ "broken": string | null, "functions": [...], "numbers": [...], "texts": [...], "mutants": [...] }] }
//
// Mutants are those of Stryker's instrumenter, and numbers by one (which it has not). Each is a whole program whose loops
// count: one that never ends throws after `PASSES` passes instead of costing the sandbox its whole second.
"use strict";
const { readFileSync } = require("node:fs");
const { parse } = require("@babel/parser");
const t = require("@babel/types");
const { default: traverse } = require("@babel/traverse");
const { default: generate } = require("@babel/generator");
const { Instrumenter } = require("@stryker-mutator/instrumenter");

const PASSES = 1_000_000;
const MOST = 200;
const silent = { isDebugEnabled: () => false };
for (const level of ["trace", "debug", "info", "warn", "error", "fatal"]) silent[level] = () => {};

const plugins = (language) => (language === "typescript" ? ["typescript"] : []);
const program = (text, language, more = {}) =>
  parse(text, { sourceType: "module", allowReturnOutsideFunction: false, plugins: plugins(language), ...more });
const same = (tree) => generate(tree, { comments: false, compact: true }).code;

function functionsOf(tree, text, language) {
  const found = [];
  for (let node of tree.program.body) {
    if (t.isExportNamedDeclaration(node) && node.declaration) node = node.declaration;
    if (t.isFunctionDeclaration(node)) found.push([node.id.name, node, node]);
    if (t.isVariableDeclaration(node))
      for (const one of node.declarations)
        if (t.isFunction(one.init) && t.isIdentifier(one.id)) found.push([one.id.name, one.init, node]);
  }
  return found.map(([name, made, whole]) => {
    const own = text.slice(whole.start, whole.end);
    return { name, text: own, parameters: made.params.length, tokens: tokensOf(own, language), build: buildOf(whole) };
  });
}

const KEPT = new Set([...Object.getOwnPropertyNames(globalThis), "console", "length", "undefined", "NaN"]);

function tokensOf(text, language) {
  const found = [];
  for (const token of program(text, language, { tokens: true }).tokens) {
    const label = token.type?.label;
    if (!label || label === "eof" || label === ";") continue;
    if (label === "name") found.push(KEPT.has(token.value) ? token.value : "n");
    else if (label === "num" || label === "bigint") found.push("0");
    else if (label === "string" || label === "template") found.push("''");
    else found.push(token.type.keyword ?? String(token.value ?? label));
  }
  return found;
}

function buildOf(node) {
  const kinds = [];
  t.traverseFast(node, (inner) => {
    if (!t.isIdentifier(inner) && !t.isLiteral(inner) && !inner.type.startsWith("TS")) kinds.push(inner.type);
  });
  return kinds;
}

function constantsOf(tree) {
  const numbers = new Set(), texts = new Set();
  t.traverseFast(tree.program, (node) => {
    if (t.isNumericLiteral(node)) numbers.add(node.value);
    if (t.isStringLiteral(node) && node.value) texts.add(node.value);
  });
  return { numbers: [...numbers], texts: [...texts] };
}

// What no case could notice: the words of an error (cases compare its class), types, imports.
function leftAlone(tree) {
  const spans = [];
  t.traverseFast(tree.program, (node) => {
    if (t.isThrowStatement(node) || t.isImportDeclaration(node) || node.type.startsWith("TSType"))
      spans.push([node.start, node.end]);
  });
  return ([start, end]) => spans.some(([from, to]) => from <= start && end <= to);
}

function offsets(text) {
  const starts = [0];
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
  return ({ line, column }) => starts[line] + column;
}

function numbersByOne(tree) {
  const found = [];
  t.traverseFast(tree.program, (node) => {
    if (t.isNumericLiteral(node))
      for (const by of [1, -1]) {
        const value = node.value + by;
        found.push({ operator: "Number", span: [node.start, node.end], after: value < 0 ? `(${value})` : `${value}` });
      }
  });
  return found;
}

function guarded(tree) {
  let loops = 0;
  traverse(tree, {
    Loop(path) {
      loops += 1;
      path.ensureBlock();
      const more = `if (++__passes > ${PASSES}) throw { name: "NeverEnds" };`;
      path.node.body.body.unshift(...parse(more).program.body);
    },
  });
  const counter = loops ? "let __passes = 0;\n" : "";
  return counter + generate(tree).code + "\n";
}

async function mutantsOf(text, tree, language) {
  const name = language === "typescript" ? "program.ts" : "program.js";
  const files = [{ name, mutate: true, content: text }];
  const options = { plugins: null, excludedMutations: [], ignorers: [], noHeader: true };
  const at = offsets(text);
  const { mutants } = await new Instrumenter(silent).instrument(files, options);
  const slips = mutants.map(({ mutatorName, location, replacement }) => ({
    operator: mutatorName,
    span: [at(location.start), at(location.end)],
    after: replacement,
  }));
  const alone = leftAlone(tree);
  const wanted = [...slips, ...numbersByOne(tree)].filter(({ span }) => !alone(span));
  wanted.sort((a, b) => a.span[0] - b.span[0] || a.span[1] - b.span[1]);
  const taken = wanted.length <= MOST ? wanted : wanted.filter((_, i) => i % Math.ceil(wanted.length / MOST) === 0);
  const seen = new Set([same(tree)]);
  const made = [];
  for (const { operator, span: [start, end], after } of taken) {
    let changed;
    try {
      changed = program(text.slice(0, start) + after + text.slice(end), language);
    } catch {
      continue; // no program
    }
    const key = same(changed);
    if (seen.has(key)) continue;
    seen.add(key);
    const line = text.slice(0, start).split("\n").length;
    made.push({ operator, line, before: text.slice(start, end), after, key, source: guarded(changed) });
  }
  return made;
}

async function read(text, language) {
  let tree;
  try {
    tree = program(text, language);
  } catch (error) {
    return { broken: String(error.message).split("\n")[0] };
  }
  return {
    broken: null,
    functions: functionsOf(tree, text, language),
    ...constantsOf(tree),
    mutants: await mutantsOf(text, tree, language),
  };
}

async function main() {
  const asked = JSON.parse(readFileSync(0, "utf8"));
  const found = [];
  for (const text of asked.texts) {
    try {
      found.push(await read(text, asked.language));
    } catch (error) {
      found.push({ broken: `it cannot be read: ${String(error.message).split("\n")[0]}` });
    }
  }
  process.stdout.write(JSON.stringify({ read: found }));
}

main();
