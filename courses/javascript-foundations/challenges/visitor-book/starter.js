import { readFileSync } from "node:fs";

export function visitorsFrom(file, town) {
  const text = readFileSync(file, "utf8");
  return text.split("\n");
}
