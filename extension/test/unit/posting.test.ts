import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { Posting } from "../../src/views/posting";

interface Page {
  title: string;
  cases: string[];
}

let page: Page | null;
let sent: Partial<Page>[];
let posting: Posting<Page>;

beforeEach(() => {
  vi.useFakeTimers({ now: 0 });
  page = { title: "Oil", cases: [] };
  sent = [];
  posting = new Posting(
    () => page,
    (changed) => sent.push(changed),
    () => Date.now(),
  );
});
afterEach(() => {
  posting.dispose();
  vi.useRealTimers();
});

it("tells the first change at once, and those that follow fast together", () => {
  posting.ask();
  for (const name of ["a", "b", "c"]) {
    page = { title: "Oil", cases: [...page!.cases, name] };
    posting.ask();
  }
  expect(sent).toEqual([{ title: "Oil", cases: [] }]);
  vi.advanceTimersByTime(40);
  expect(sent.slice(1)).toEqual([{ cases: ["a", "b", "c"] }]);
});

it("says nothing where nothing has changed", () => {
  posting.ask();
  vi.advanceTimersByTime(1_000);
  page = { title: "Oil", cases: [] };
  posting.ask();
  vi.advanceTimersByTime(1_000);
  expect(sent).toHaveLength(1);
});

it("tells a page that was loaded anew everything", () => {
  posting.ask();
  posting.afresh();
  expect(sent).toEqual([page, page]);
});

it("keeps what changed while nobody looked for when somebody does", () => {
  posting.ask();
  vi.advanceTimersByTime(1_000);
  page = null;
  posting.ask();
  page = { title: "Oil", cases: ["a"] };
  posting.ask();
  expect(sent).toEqual([{ title: "Oil", cases: [] }, { cases: ["a"] }]);
});

it("ends with its panel", () => {
  posting.ask();
  page = { title: "Water", cases: [] };
  posting.ask();
  posting.dispose();
  vi.advanceTimersByTime(1_000);
  expect(sent).toHaveLength(1);
});
