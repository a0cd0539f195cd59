import { appendFile, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { JournalFolder } from "../../src/outbox/folder";
import { Journal } from "../../src/outbox/journal";
import { edited } from "./builders";

let folder: string;
beforeEach(async () => (folder = await mkdtemp(path.join(tmpdir(), "journal-"))));
afterEach(async () => {
  await Promise.all(opened.splice(0).map((journal) => journal.close()));
  await rm(folder, { recursive: true });
});
const opened: Journal[] = [];
async function open(journal: Promise<Journal>): Promise<Journal> {
  opened.push(await journal);
  return journal;
}
const ids = (journal: Journal) => journal.pending().map((event) => event.id);
const file = () => path.join(folder, "j.jsonl");

it("finds again what was said and not sent, in its order, without having been closed", async () => {
  const journal = await open(Journal.open(file()));
  await Promise.all(["a", "b", "c"].map((id) => journal.put(edited(id))));
  await journal.done("b");
  expect(ids(await open(Journal.open(file())))).toEqual(["a", "c"]);
});

it("takes a torn last line as not said, and goes on after it", async () => {
  const journal = await open(Journal.open(file()));
  await journal.put(edited("a"));
  await appendFile(file(), '{"put":{"id":"torn","da');
  const again = await open(Journal.open(file()));
  await again.put(edited("b"));
  expect(ids(await open(Journal.open(file())))).toEqual(["a", "b"]);
});

it("sends a draft only once it is finished, and after a crash as it stood", async () => {
  const journal = await open(Journal.open(file()));
  await journal.draft(edited("a", { inserted: 1 }));
  await journal.draft(edited("a", { inserted: 7 }));
  expect(ids(journal)).toEqual([]);
  const [left] = (await open(Journal.open(file()))).pending();
  expect(left?.data).toMatchObject({ inserted: 7 });
  await journal.put(edited("a", { inserted: 9 }));
  expect(journal.pending()).toHaveLength(1);
});

it("begins anew when nothing is left, so that it does not grow for ever", async () => {
  const journal = await open(Journal.open(file()));
  for (let i = 0; i < 400; i++) {
    await journal.put(edited(`e-${i}`));
    await journal.done(`e-${i}`);
  }
  expect((await stat(file())).size).toBeLessThan(80_000);
});

it("takes over what a window that is gone left, once, and leaves a living one alone", async () => {
  const windows = (pid: number, name: string) => new JournalFolder(folder, name, pid, (other) => other === 3);
  const gone = await open(windows(2, "gone").own());
  await gone.put(edited("left"));
  const living = await open(windows(3, "living").own());
  await living.put(edited("its-own"));
  const [first, second] = [windows(4, "first"), windows(5, "second")];
  const [one, two] = [await open(first.own()), await open(second.own())];
  const adopted = await Promise.all([first.adopt(one), second.adopt(two)]);
  expect([...ids(one), ...ids(two)]).toEqual(["left"]);
  expect(adopted[0] + adopted[1]).toBe(1);
  expect((await readdir(folder)).some((name) => name.startsWith("3-"))).toBe(true);
});

it("takes over what was left in the middle of a taking over", async () => {
  await writeFile(path.join(folder, "2-gone.jsonl.4-taker.taken"), JSON.stringify({ put: edited("left") }) + "\n");
  const mine = new JournalFolder(folder, "mine", 5, () => false);
  const own = await open(mine.own());
  await mine.adopt(own);
  expect(ids(own)).toEqual(["left"]);
  expect(await readFile(path.join(folder, "5-mine.jsonl"), "utf8")).toContain("left");
});

it("writes what is said in the very moment in which the last writing ends", async () => {
  for (let steps = 0; steps < 8; steps++) {
    const place = path.join(folder, `learner-${steps}`);
    await writeFile(place, "a file where the folder should be");
    const journal = await open(Journal.open(path.join(place, "j.jsonl")));
    let late: Promise<void> = Promise.resolve();
    journal.onHealth.on((error) => {
      if (error === null) late = after(steps).then(() => journal.put(edited("late")));
    });
    await rm(place);
    await journal.again();
    await late;
    expect(await readFile(path.join(place, "j.jsonl"), "utf8")).toContain("late");
  }
});

/** So many turns of the queue of microtasks later. */
async function after(steps: number): Promise<void> {
  for (let n = 0; n < steps; n++) await Promise.resolve();
}
