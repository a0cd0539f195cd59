import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import type { Session, Sessions } from "../../src/auth/sessions";
import { Clock } from "../../src/clock";
import { Learner } from "../../src/learner/learner";
import { Unreachable } from "../../src/server/errors";

let storage: string;
beforeEach(async () => (storage = await mkdtemp(path.join(tmpdir(), "goals-learner-"))));
afterEach(() => rm(storage, { recursive: true }));

const away = () => Promise.reject(new Unreachable("http://127.0.0.1:1", "away"));
const sessions = { tokens: () => ({ access: away, renew: away, erased: away }) } as unknown as Sessions;
const session = { id: "s", server: "http://127.0.0.1:1", learner: "l-1" } as Session;
let number = 0;
const open = () =>
  Learner.open(session, {
    storage,
    window: "w",
    sessions,
    after: null,
    newId: () => `e-${++number}`,
    clock: new Clock(() => 0),
    failed: () => undefined,
  });
const ids = ({ journal }: Learner) => journal.pending().map(({ id }) => id);

it("has what was said while a sign-in took the place of the one that had ended, once", async () => {
  const first = await open();
  const before = await first.outbox.say("goals.goal.opened", { goal: "g" });
  const ending = first.end();
  const during = await first.outbox.say("goals.goal.opened", { goal: "g" });
  await ending;
  const second = await open();
  const after = await first.outbox.say("goals.goal.opened", { goal: "g" });
  await second.takeOver(first);
  expect(ids(second)).toEqual([before.id, during.id, after.id]);
  await second.end();
  const third = await open();
  expect(ids(third)).toEqual([before.id, during.id, after.id]);
  await third.end();
});
