import { readFileSync } from "node:fs";

export function visitorsFrom(file, town) {
  const names = [];
  for (const line of readFileSync(file, "utf8").split("\n")) {
    const [name, home = ""] = line.split(";");
    if (home.trim() === town) {
      names.push(name.trim());
    }
  }
  return names;
}
