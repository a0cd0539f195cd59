// Beside ours in the same extension host, and before it: gives tests VS Code's API by `globalThis.timer.vscode` (through the
// inspector), and times each call of VS Code into our extension.
const Module = require("node:module");

const OURS = /[\\/]extension[\\/]dist[\\/]extension\.js$/;
/** While `recording`, each call into ours: its name, when it began and how long it took, in milliseconds. */
const calls = [];

function timed(name, work) {
  return function (...told) {
    const began = performance.now();
    try {
      return work.apply(this, told);
    } finally {
      if (globalThis.timer?.recording) calls.push([name, began, performance.now() - began]);
    }
  };
}

/** A provider of ours: each function VS Code may call of it. */
const provider = (name, ours) =>
  new Proxy(ours, {
    get: (target, key) =>
      typeof target[key] === "function" && String(key).startsWith("provide")
        ? timed(`${name}.${String(key)}`, target[key]).bind(target)
        : target[key],
  });

function listening(space, key, value) {
  if (/^on(Did|Will)/.test(key)) return (listener, ...rest) => value(timed(`${space}.${key}`, listener), ...rest);
  if (/^register.*Provider$/.test(key) && space === "languages")
    return (selector, ours, ...rest) => value.call(null, selector, provider(key, ours), ...rest);
  return value;
}

const view = (space, real) =>
  new Proxy(
    {},
    { get: (_, key) => (typeof real[key] === "function" ? listening(space, String(key), real[key]) : real[key]) },
  );

const load = Module._load;
Module._load = function (request, parent, ...rest) {
  const found = load.call(this, request, parent, ...rest);
  if (request !== "vscode" || !OURS.test(parent?.filename ?? "")) return found;
  return {
    ...found,
    workspace: view("workspace", found.workspace),
    window: view("window", found.window),
    languages: view("languages", found.languages),
  };
};

exports.activate = () => {
  globalThis.timer = { vscode: require("vscode"), calls, recording: false };
};
