import type { Disposable } from "../disposable";
import type { FromPage, ToPage } from "../webview/messages";

/** Milliseconds in which a page that is in sight answers; each try has twice as long as the one before. */
const PATIENCE = 5_000;
const TRIES = 4;

/** What is needed of a `vscode.WebviewPanel`. */
export interface Sheet {
  readonly visible: boolean;
  readonly webview: {
    html: string;
    onDidReceiveMessage(heard: (message: FromPage) => void): Disposable;
    postMessage(message: ToPage): unknown;
  };
  onDidChangeViewState(changed: () => void): Disposable;
  onDidDispose(gone: () => void): Disposable;
}

/**
 * Fills a page, and fills it anew where it does not answer: on a busy machine VS Code has been seen to leave one white,
 * without the words it begins with. It loads a page behind the scenes and brings it forward with the first messages to
 * it; so it is not enough that the page says `ready`, it has to hear us too. `html`: another text each time (its nonce),
 * or nothing would be loaded.
 */
export function load(sheet: Sheet, html: () => string): void {
  let timer: NodeJS.Timeout | undefined;
  let tries = 0;
  let seen = sheet.visible;
  const wait = () => {
    clearTimeout(timer);
    if (tries < TRIES) timer = setTimeout(late, PATIENCE * 2 ** tries);
  };
  const late = () => {
    if (!sheet.visible) return;
    tries += 1;
    sheet.webview.html = html();
    wait();
  };
  sheet.webview.onDidReceiveMessage(({ type }) => {
    if (type === "ready") void sheet.webview.postMessage({ kind: "there" });
    if (type !== "there") return;
    clearTimeout(timer);
    tries = 0;
  });
  sheet.onDidChangeViewState(() => {
    if (sheet.visible && !seen) wait(); // VS Code loads a page that comes into sight from its text
    seen = sheet.visible;
  });
  sheet.onDidDispose(() => clearTimeout(timer));
  sheet.webview.html = html();
  wait();
}
