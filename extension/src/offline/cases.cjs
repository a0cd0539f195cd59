// Runs the visible cases of a goal in the learner's own Node: JSON on stdin, a line of JSON for each case.
const vm = require("node:vm");
const order = JSON.parse(require("node:fs").readFileSync(0, "utf8"));
const place = (error) =>
  Number(new RegExp(`${order.file.replace(/[.*+?^$()|[\]\\]/g, "\\$&")}:(\\d+)`).exec(error.stack ?? "")?.[1]) || null;
const told = (error) => ({ type: error?.name ?? "Error", message: String(error?.message ?? error) });

function judge(one) {
  let stdout = "";
  const log = (...words) =>
    (stdout += words.map((word) => (typeof word === "string" ? word : JSON.stringify(word))).join(" ") + "\n");
  const seen = { outcome: "returned", value: null, shown: "", error: null, line: null };
  try {
    const module = { exports: {} };
    const space = vm.createContext({
      console: { log, info: log, warn: log, error: log },
      module,
      exports: module.exports,
      require,
    });
    vm.runInContext(order.code, space, { filename: order.file, timeout: 2_000 });
    const found =
      vm.runInContext(`typeof ${one.call} === "undefined" ? undefined : ${one.call}`, space) ??
      module.exports[one.call];
    if (typeof found !== "function") return { ...seen, outcome: "missing_function", stdout };
    space.__args = one.args;
    space.__call = found;
    const value = vm.runInContext("__call(...__args)", space, { timeout: 2_000 });
    seen.value = value === undefined ? null : JSON.parse(JSON.stringify(value));
    seen.shown = value === undefined ? "undefined" : JSON.stringify(value);
    if (value === undefined) seen.value = { "not plain": "undefined" };
  } catch (error) {
    seen.outcome =
      error?.code === "ERR_SCRIPT_EXECUTION_TIMEOUT"
        ? "time"
        : error?.name === "SyntaxError"
          ? "compile_error"
          : "raised";
    seen.error = told(error);
    seen.line = place(error);
    seen.bases = [told(error).type, "Error"];
  }
  return { ...seen, stdout };
}

for (const one of order.cases) process.stdout.write(JSON.stringify({ id: one.id, ...judge(one) }) + "\n");
