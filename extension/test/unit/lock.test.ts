import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { afterEach, beforeEach, expect, it } from "vitest";
import { exclusive } from "../../src/auth/lock";

/** Milliseconds after which a lock here is of a window that was killed. */
const STALE = 1_000;

let folder: string;
beforeEach(async () => (folder = await mkdtemp(path.join(tmpdir(), "goals-lock-"))));
afterEach(() => rm(folder, { recursive: true }));
const file = () => path.join(folder, "lock");

it("waits for the work of another window, however long it takes", async () => {
  const said: string[] = [];
  const one = exclusive(
    file(),
    STALE,
  )(async () => {
    said.push("one begins");
    await pause(3 * STALE);
    said.push("one ends");
  });
  await expect.poll(() => said).toEqual(["one begins"]);
  await exclusive(file(), STALE)(() => Promise.resolve(said.push("two")));
  await one;
  expect(said).toEqual(["one begins", "one ends", "two"]);
});

it("goes on after a window that was killed at its work", async () => {
  await writeFile(file(), "");
  expect(await exclusive(file(), STALE)(() => Promise.resolve("done"))).toBe("done");
});
