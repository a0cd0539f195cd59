"use strict";
// Runs a learner's JavaScript and answers each call. Executed by node inside the sandbox, beside hostile code; its
// parent is `launch.py`, which gives each answer its nonce. Nothing here is a secret and nothing decides a verdict.
//
// In: a JSON line for each order on descriptor 3. Out: one line on descriptor 4, its key and an observation's fields.
// The learner's program is `solution.js` beside this file (`solution.ts` has been made into it, with a source map).

const fs = require("node:fs");
const vm = require("node:vm");
const { createRequire, registerHooks, syncBuiltinESMExports } = require("node:module");
const threads = require("node:worker_threads");
const { inspect, types } = require("node:util");

const FOLDER = __dirname;
const TYPED = process.argv[2] === "typescript";
const VALUE_BYTES = Number(process.argv[3]);
const FILE = TYPED ? "solution.ts" : "solution.js";
const MODULE = "file:///solution.mjs";
const DEPTH = 60;
process.argv.splice(1, process.argv.length, FILE);
for (const name of Object.keys(process.env)) delete process.env[name];
threads.Worker = class Worker {
  // It would need more address space than a run has: so that it is said, instead of ending the program.
  constructor() {
    throw Object.assign(new Error("worker threads cannot be started here"), { code: "ERR_WORKER_INIT_FAILED" });
  }
};
syncBuiltinESMExports();
process.abort = () => process.reallyExit(134); // an abort is how node dies for want of memory
const LOADED = '"outcome":"loaded"';
const DISALLOWED = new Set(["EPERM", "EACCES", "EROFS", "ERR_ACCESS_DENIED"]);
const FILES = new Set(["EMFILE", "EFBIG", "ENOSPC", "EDQUOT"]);

class TooLarge extends Error {}

// ---------------------------------------------------------------- values out

/** A value as tagged JSON of at most `left` characters (`values.py` reads it). */
class Encoder {
  constructor(left) {
    this.left = left;
  }

  spend(text) {
    this.left -= text.length;
    if (this.left < 0) throw new TooLarge();
    return text;
  }

  text(x) {
    if (x.length > this.left) throw new TooLarge();
    return this.spend(ascii(JSON.stringify(x)));
  }

  encode(x, depth = 0) {
    switch (typeof x) {
      case "boolean":
        return this.spend(String(x));
      case "number":
        return this.number(x);
      case "string":
        return this.text(x);
      case "bigint":
        return this.spend('{"$int":"') + this.spend(String(x)) + '"}';
      case "object":
        if (x === null) return this.spend("null");
        if (depth < DEPTH && !types.isProxy(x)) return this.object(x, depth) ?? this.shown(x);
    }
    return this.shown(x);
  }

  number(x) {
    if (Number.isNaN(x)) return this.spend('{"$float":"nan"}');
    if (!Number.isFinite(x)) return this.spend(x > 0 ? '{"$float":"inf"}' : '{"$float":"-inf"}');
    return this.spend(String(x)); // whole numbers are ints to the host, as they are to a learner; -0 is 0
  }

  /** Undefined for what is no value: a function, an instance of a class, a promise … */
  object(x, depth) {
    if (Array.isArray(x)) return this.items(x, depth);
    if (types.isMap(x)) return this.map(x, depth);
    if (types.isSet(x)) return this.set(x, depth);
    if (types.isDate(x)) {
      return Number.isNaN(x.getTime()) ? undefined : this.spend(`{"$date":"${x.toISOString()}"}`);
    }
    if (types.isBoxedPrimitive(x)) return this.encode(x.valueOf(), depth);
    if (types.isUint8Array(x)) return this.octets(x);
    if (types.isTypedArray(x)) return this.items(x, depth);
    const prototype = Object.getPrototypeOf(x);
    if (prototype === null || Object.getPrototypeOf(prototype) === null) return this.plain(x, depth);
    return undefined;
  }

  items(x, depth) {
    const parts = [];
    for (let i = 0; i < x.length; i++) {
      this.left -= 1; // the comma: also an endless list of nothing ends
      parts.push(this.encode(x[i], depth + 1));
    }
    return `[${parts.join(",")}]`;
  }

  octets(x) {
    if (x.length * 2 > this.left) throw new TooLarge();
    return this.spend(`{"$bytes":"${Buffer.from(x).toString("hex")}"}`);
  }

  map(x, depth) {
    const pairs = [];
    for (const [key, value] of Map.prototype.entries.call(x)) {
      if (!simple(key)) return undefined;
      this.left -= 3;
      pairs.push(`[${this.encode(key, depth + 1)},${this.encode(value, depth + 1)}]`);
    }
    return this.spend('{"$dict":[') + pairs.join(",") + "]}";
  }

  set(x, depth) {
    const parts = [];
    for (const item of Set.prototype.values.call(x)) {
      if (!simple(item)) return undefined;
      this.left -= 1;
      parts.push(this.encode(item, depth + 1));
    }
    return this.spend('{"$set":[') + parts.join(",") + "]}";
  }

  plain(x, depth) {
    const keys = Object.keys(x);
    const tagged = keys.some((key) => key.startsWith("$"));
    const parts = [];
    for (const key of keys) {
      this.left -= 3;
      const [name, value] = [this.text(key), this.encode(x[key], depth + 1)];
      parts.push(tagged ? `[${name},${value}]` : `${name}:${value}`);
    }
    return tagged ? `{"$dict":[${parts.join(",")}]}` : `{${parts.join(",")}}`;
  }

  shown(x) {
    const kind = x === undefined ? "undefined" : typeof x === "object" ? className(x) : typeof x;
    return this.spend(`{"$repr":${ascii(JSON.stringify(short(x)))},"$type":${ascii(JSON.stringify(kind))}}`);
  }
}

/** What Python can hold as a key or in a set. */
function simple(x) {
  return x === null || ["string", "number", "boolean", "bigint"].includes(typeof x);
}

function ascii(json) {
  return json.replace(/[^\x20-\x7e]/g, (c) => "\\u" + c.charCodeAt(0).toString(16).padStart(4, "0"));
}

function className(x) {
  try {
    return String(Object.getPrototypeOf(x)?.constructor?.name || "object").slice(0, 80);
  } catch {
    return "object";
  }
}

function short(x) {
  try {
    const options = { depth: 3, maxArrayLength: 20, maxStringLength: 160, breakLength: Infinity, customInspect: false };
    const shown = inspect(x, options);
    return shown.length > 160 ? shown.slice(0, 159) + "…" : shown;
  } catch {
    return "<cannot be shown>";
  }
}

// ---------------------------------------------------------------- errors

let map; // of solution.ts, read when first needed

/** [line, column] in the learner's file, both 1-based, of a place in what node runs. */
function original(line, column) {
  if (!TYPED) return [line, column];
  if (map === undefined) {
    const { SourceMap } = require("node:module");
    map = new SourceMap(JSON.parse(fs.readFileSync(`${FOLDER}/solution.js.map`, "utf8")));
  }
  const entry = map.findEntry(line - 1, column - 1);
  return entry.originalLine === undefined ? [null, null] : [entry.originalLine + 1, entry.originalColumn + 1];
}

function place(error) {
  try {
    const found = /(?:solution\.js|solution\.mjs):(\d+):(\d+)/.exec(String(error.stack));
    return found ? original(Number(found[1]), Number(found[2])) : [null, null];
  } catch {
    return [null, null];
  }
}

function bases(error) {
  const names = [];
  try {
    for (let p = Object.getPrototypeOf(error); p !== null && names.length < 16; p = Object.getPrototypeOf(p)) {
      const name = p.constructor?.name;
      if (name && !names.includes(name)) names.push(String(name).slice(0, 80));
    }
  } catch {
    // a learner's class may throw when it is looked at
  }
  return names;
}

/** Its name; where a learner's class has not set one, the class's. */
function kind(error) {
  const [name, own] = [String(error.name || ""), className(error)];
  return ["", "Error"].includes(name) && !["Object", "NodeError"].includes(own) ? own : name || "Error";
}

function described(error, [line, column]) {
  let [type, message] = ["Error", ""];
  try {
    const isObject = typeof error === "object" && error !== null;
    type = isObject ? kind(error) : typeof error;
    message = isObject && "message" in error ? String(error.message) : short(error);
  } catch {
    // a learner's getter may throw
  }
  const fields = { type: type.slice(0, 80), message: message.slice(0, 400), line, column, bases: bases(error) };
  return ascii(JSON.stringify(fields));
}

function outcomeOf(error) {
  try {
    if (error instanceof TooLarge) return "output";
    const { code } = error;
    if (code === "ERR_MEMORY_ALLOCATION_FAILED") return "memory";
    if (error instanceof RangeError && /allocation failed/i.test(error.message)) return "memory";
    if (DISALLOWED.has(code)) return "disallowed";
    if (FILES.has(code)) return "files";
    if (code === "EAGAIN" || code === "ERR_WORKER_INIT_FAILED") return "processes";
  } catch {
    // as above
  }
  return "raised";
}

function failed(error) {
  const outcome = outcomeOf(error);
  if (outcome === "output") return '"outcome":"output"';
  const [line] = place(error);
  return `"outcome":"${outcome}","error":${described(error, [line, null])},"line":${line ?? "null"}`;
}

/** node says where a script's syntax is wrong on the first lines of the stack, and for a module nowhere. */
function badSyntax(error, source) {
  let where = /^solution\.js:(\d+)\n[^\n]*\n( *)\^/.exec(String(error.stack));
  if (where === null) {
    const blank = (text) => text.replace(/[^\n]/g, " ");
    const script = source
      .replace(/^[ \t]*import\b(?!\s*[.(])[^;'"]*(['"])[^'"]*\1[ \t]*;?/gm, blank)
      .replace(/^[ \t]*export[ \t]+(default\b(?![ \t]*(async|function|class))|default\b)?/gm, blank);
    try {
      new vm.Script(`async()=>{${script}\n}`, { filename: "solution.js", columnOffset: -10 });
    } catch (again) {
      where = again.message === error.message ? /^solution\.js:(\d+)\n[^\n]*\n( *)\^/.exec(String(again.stack)) : null;
      if (where !== null && where[1] === "1") where[2] = where[2].slice(10);
    }
  }
  const ends = /^solution\.js:(\d+)\n/.exec(String(error.stack)); // where the program ends too early
  const [line, column] =
    where !== null ? original(Number(where[1]), where[2].length + 1) : [ends === null ? null : Number(ends[1]), null];
  return `"outcome":"syntax_error","error":${described(error, [line, column])},"line":${line ?? "null"}`;
}

// ---------------------------------------------------------------- the program

const IDENTIFIER = /^[\p{ID_Start}$_][\p{ID_Continue}$\u200c\u200d]*$/u;
const NEEDS_MODULE = /import statement|import\.meta|Unexpected token 'export'|await is only valid|reserved word/;

let find; // the value a name has at the top level of the learner's program

/** A plain script, with its names in the global scope; or a module, when only a module may say what it says. */
async function load() {
  const source = fs.readFileSync(`${FOLDER}/solution.js`, "utf8");
  let script;
  try {
    script = new vm.Script(source, {
      filename: "solution.js",
      importModuleDynamically: vm.constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
    });
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    if (!NEEDS_MODULE.test(error.message)) return badSyntax(error, source);
    return loadModule(source);
  }
  const module = { exports: {} };
  Object.assign(globalThis, { module, exports: module.exports, require: createRequire("/") });
  script.runInThisContext();
  find = (name) => {
    const own = new vm.Script(`typeof ${name} === "undefined" ? undefined : ${name}`).runInThisContext();
    return own === undefined ? module.exports?.[name] : own;
  };
  return LOADED;
}

async function loadModule(source) {
  // What is not exported is to be found as well; on the last line, so that no other moves.
  const text = `${source}\n;export const __goals_find__ = (name) => eval(name);`;
  registerHooks({
    resolve: (name, context, next) =>
      name === MODULE ? { url: MODULE, format: "module", shortCircuit: true } : next(name, context),
    load: (url, context, next) =>
      url === MODULE ? { format: "module", source: text, shortCircuit: true } : next(url, context),
  });
  let exported;
  try {
    exported = await import(MODULE);
  } catch (error) {
    if (error instanceof SyntaxError && place(error)[0] === null) return badSyntax(error, source);
    throw error;
  }
  find = (name) => {
    try {
      return exported.__goals_find__(`typeof ${name} === "undefined" ? undefined : ${name}`) ?? exported[name];
    } catch {
      return exported[name];
    }
  };
  return LOADED;
}

async function call(name, args) {
  const target = IDENTIFIER.test(name) ? find(name) : undefined;
  if (typeof target !== "function") return '"outcome":"missing_function"';
  const value = await target(...args);
  return '"outcome":"returned","value":' + new Encoder(VALUE_BYTES).encode(value);
}

// ---------------------------------------------------------------- the conversation

let asking = ""; // the key of the order that still has no answer
let main = false;

/** The answer to the order `key`, if it is still wanted; then, of a program that is called, the next order. */
function answer(key, fields) {
  if (key !== asking || key === "") return;
  asking = "";
  let line = Buffer.from(`${key} ${fields}\n`);
  while (line.length > 0) line = line.subarray(fs.writeSync(4, line));
  if (!main) setImmediate(next);
}

let unread = "";

function nextOrder() {
  const chunk = Buffer.alloc(65536);
  for (;;) {
    const end = unread.indexOf("\n");
    if (end >= 0) {
      const line = unread.slice(0, end);
      unread = unread.slice(end + 1);
      return JSON.parse(line);
    }
    const size = fs.readSync(3, chunk, 0, chunk.length, null);
    if (size === 0) process.reallyExit(0);
    unread += chunk.toString("latin1", 0, size); // orders are ASCII
  }
}

/** Each call finds its own input at the beginning, also by `process.stdin`. */
function freshInput() {
  let made;
  Object.defineProperty(process, "stdin", {
    configurable: true,
    enumerable: true,
    get: () => (made ??= new fs.ReadStream(null, { fd: 0, autoClose: false })),
  });
}

async function carriedOut(order) {
  try {
    return await (order.do === "call" ? call(order.function, order.args) : load());
  } catch (error) {
    if (main) ended(error);
    return failed(error);
  }
}

async function next() {
  const order = nextOrder();
  const { key } = order;
  asking = key;
  freshInput();
  if (order.do === "main") {
    main = true;
    process.on("exit", (code) => answer(key, exited(code)));
  }
  const fields = await carriedOut(order);
  if (!main || fields !== LOADED) answer(key, fields);
}

function exited(code) {
  if (code === 0) return '"outcome":"returned","value":null';
  const error = { type: "Exit", message: `the program ended with exit code ${code}`, bases: ["Exit"] };
  return `"outcome":"raised","error":${JSON.stringify(error)}`;
}

/** What nobody catches: a whole program ends by it, as under node; of a called one it is the call's end. */
function ended(error) {
  if (main) {
    try {
      const [line, column] = place(error);
      const said = types.isNativeError(error) ? `${kind(error)}: ${error.message}` : short(error);
      fs.writeSync(2, `Uncaught ${said}\n` + (line === null ? "" : `    at ${FILE}:${line}:${column}\n`));
    } catch {
      // stderr is closed, or full
    }
  }
  answer(asking, failed(error));
  if (main) process.reallyExit(1);
}

process.on("uncaughtException", ended);
process.on("beforeExit", () => {
  if (main) return;
  answer(asking, '"outcome":"raised","error":{"type":"Unsettled","message":"the promise was never settled"}');
});
next();
