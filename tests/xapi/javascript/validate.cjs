// Reads an array of statements; prints for each what is wrong with it, as texts: what rule, and where.
const validate = require("@learninglocker/xapi-validation").default;

const statements = JSON.parse(require("node:fs").readFileSync(0, "utf8"));
const told = (warning) => `${warning.constructor.name} ${(warning.path ?? []).join(".")}`;
process.stdout.write(JSON.stringify(statements.map((statement) => validate(statement).map(told))));
