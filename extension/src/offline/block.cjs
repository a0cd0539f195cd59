// Runs a block of a lesson in the learner's own Node, after the blocks before it: JSON on stdin, its words on stdout.
// All blocks of a page are one program; a line `expression // → value` shows the value, as on the page.
const fs = require("node:fs");
const path = require("node:path");
const { inspect } = require("node:util");
const order = JSON.parse(fs.readFileSync(0, "utf8"));
for (const [name, text] of Object.entries(order.files)) fs.writeFileSync(path.basename(name), text);

const EXAMPLE = /^(\S.*?);?[ \t]*\/\/[ \t]*(→|prints\b|throws\b)[ \t]*(.*)$/;
const ours = `__goals_${process.pid}`;
const body = (code) =>
  code
    .split("\n")
    .map((line) => {
      const [, shown, kind] = EXAMPLE.exec(line) ?? [];
      return shown === undefined
        ? line
        : `await ${ours}.show(${JSON.stringify(shown)}, "${kind}", async () => (${shown}));`;
    })
    .join("\n");

let quiet = true;
const say = (text) => quiet || process.stdout.write(`${text}\n`);
const log = (...words) => say(words.map((one) => (typeof one === "string" ? one : inspect(one))).join(" "));
const tools = {
  begin: () => (quiet = false),
  async show(text, kind, work) {
    if (kind !== "prints") say(`> ${text}`);
    try {
      const value = await work();
      if (kind !== "prints") say(inspect(value));
    } catch (error) {
      say(`${error?.name ?? "Error"}: ${error?.message ?? error}`);
    }
  },
};
const program = [...order.before.map(body), `${ours}.begin();`, body(order.code)].join("\n");
const Whole = Object.getPrototypeOf(async () => undefined).constructor;
(async () => {
  try {
    const whole = new Whole("console", "require", ours, program);
    await whole({ log, info: log, warn: log, error: log, table: log }, require, tools);
  } catch (error) {
    quiet = false;
    say(`${error?.name ?? "Error"}: ${error?.message ?? error}`);
  }
})();
