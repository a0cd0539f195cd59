import path from "node:path";

/** Folders of extensions that stand beside ours in tests: one that times calls into ours, and one that does nothing. */
export const TIMER = path.join(import.meta.dirname, "timer");
export const EMPTY = path.join(import.meta.dirname, "empty");
