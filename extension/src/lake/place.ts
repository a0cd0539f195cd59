import os from "node:os";
import path from "node:path";

/** Where copies lie, the same place as the command line's (`goals lake sync`): the system's folder for data of programs. */
export function copyFolder(server: string, learner: string, base = copiesHome()): string {
  if (!/^(?!\.)[A-Za-z0-9._-]{1,80}$/.test(learner)) throw new Error(`${learner.slice(0, 80)} is no learner's id`);
  const { hostname, port } = new URL(server);
  const place = port ? `${hostname}-${port}` : hostname;
  return path.join(base, place.replace(/[^A-Za-z0-9.-]/g, "-"), learner);
}

function copiesHome(): string {
  const told = process.platform === "win32" ? process.env["APPDATA"] : process.env["XDG_DATA_HOME"];
  const home = os.homedir();
  if (process.platform === "win32") return path.join(told ?? path.join(home, "AppData", "Roaming"), "goals", "copies");
  if (process.platform === "darwin") return path.join(home, "Library", "Application Support", "goals", "copies");
  return path.join(told?.startsWith("/") ? told : path.join(home, ".local", "share"), "goals", "copies");
}
