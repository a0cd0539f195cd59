import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { load, type Sheet } from "../../src/views/loading";
import type { FromPage } from "../../src/webview/messages";

let made: number;
/** Whether the page hears what is said to it. */
let answers: boolean;
let hear: (message: FromPage) => void;
let turn: () => void;
let close: () => void;
let sheet: Sheet & { visible: boolean };
const nothing = { dispose: () => undefined };

beforeEach(() => {
  vi.useFakeTimers();
  made = 0;
  answers = true;
  sheet = {
    visible: true,
    webview: {
      html: "",
      onDidReceiveMessage: (heard) => ((hear = heard), nothing),
      postMessage: ({ kind }) => answers && kind === "there" && hear({ type: "there" }),
    },
    onDidChangeViewState: (changed) => ((turn = changed), nothing),
    onDidDispose: (gone) => ((close = gone), nothing),
  };
  load(sheet, () => `page ${(made += 1)}`);
});
afterEach(() => vi.useRealTimers());

const sight = (visible: boolean) => {
  sheet.visible = visible;
  turn();
};

it("fills a page once that says it runs", () => {
  hear({ type: "ready" });
  vi.advanceTimersByTime(600_000);
  expect(sheet.webview.html).toBe("page 1");
});

it("fills a page anew that runs and hears nothing: it was never brought forward", () => {
  answers = false;
  hear({ type: "ready" });
  vi.advanceTimersByTime(5_000);
  expect(sheet.webview.html).toBe("page 2");
  answers = true;
  hear({ type: "ready" });
  vi.advanceTimersByTime(600_000);
  expect(made).toBe(2);
});

it("fills a page that stays white anew, with more patience each time, and not for ever", () => {
  vi.advanceTimersByTime(5_000);
  expect(sheet.webview.html).toBe("page 2");
  vi.advanceTimersByTime(9_000);
  expect(sheet.webview.html).toBe("page 2");
  vi.advanceTimersByTime(1_000);
  expect(sheet.webview.html).toBe("page 3");
  vi.advanceTimersByTime(6_000_000);
  expect(made).toBe(5);
});

it("waits for a page in sight only, and again for one that comes back into sight", () => {
  sight(false);
  vi.advanceTimersByTime(600_000);
  expect(made).toBe(1);
  sight(true);
  hear({ type: "ready" });
  vi.advanceTimersByTime(600_000);
  expect(made).toBe(1);
  sight(false);
  sight(true);
  turn();
  vi.advanceTimersByTime(5_000);
  expect(made).toBe(2);
});

it("lets a page go that was closed", () => {
  close();
  vi.advanceTimersByTime(600_000);
  expect(made).toBe(1);
});
