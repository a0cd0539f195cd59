import { type FileHandle, mkdir, open, readFile } from "node:fs/promises";
import path from "node:path";
import { Signal } from "../disposable";
import type { Interaction } from "../protocol/cloudevent";

/** Bytes of a journal in which nothing is left to send, before it is begun anew. */
const SMALL = 65_536;
/** Milliseconds after which a disk that refused is tried again. */
const AGAIN = 5_000;

type Line = { put: Interaction } | { draft: Interaction } | { done: string };

/**
 * What is still to be sent, on disk: an append-only file of JSON lines. A line that was written survives the editor
 * being killed; the last one may be torn, and is then as if it had not been said. `draft`: not to be sent yet, since it
 * still grows (a summary of edits); a draft nobody finished is sent as it stands after a crash.
 */
export class Journal {
  /** Whether what is said reaches the disk: false carries why (disk full…); it is kept in memory and tried again. */
  readonly onHealth = new Signal<Error | null>();
  private readonly waiting = new Map<string, Interaction>();
  private readonly drafts = new Map<string, Interaction>();
  private unwritten: Line[] = [];
  private writing: Promise<void> | null = null;
  private retry: NodeJS.Timeout | undefined;
  private handle: FileHandle | null = null;
  /** What stands last in the file may be half a line. */
  private torn: boolean;
  private size: number;
  private closed = false;
  #problem: Error | null = null;

  private constructor(
    private readonly file: string,
    text: string,
  ) {
    for (const line of parse(text)) this.apply(line);
    for (const [id, event] of this.drafts) this.waiting.set(id, event);
    this.drafts.clear();
    this.size = Buffer.byteLength(text);
    this.torn = text !== "" && !text.endsWith("\n");
  }

  /** Where the disk takes nothing, it begins in memory, with its `problem`. */
  static async open(file: string): Promise<Journal> {
    const journal = new Journal(file, await readFile(file, "utf8").catch(() => ""));
    await journal.flush();
    return journal;
  }

  /** Why what is said does not reach the disk; null: all of it is there. */
  get problem(): Error | null {
    return this.#problem;
  }

  /** Tries at once. */
  again(): Promise<void> {
    clearTimeout(this.retry);
    return this.flush();
  }

  /** In the order they were said. */
  pending(): Interaction[] {
    return [...this.waiting.values()];
  }

  has(id: string): boolean {
    return this.waiting.has(id);
  }

  /** Resolves once it is on disk, or has been kept in memory because the disk refuses. */
  put(event: Interaction): Promise<void> {
    return this.write({ put: event });
  }

  draft(event: Interaction): Promise<void> {
    return this.write({ draft: event });
  }

  done(id: string): Promise<void> {
    return this.waiting.has(id) ? this.write({ done: id }) : Promise.resolve();
  }

  async close(): Promise<void> {
    clearTimeout(this.retry);
    await this.flush();
    clearTimeout(this.retry);
    this.closed = true;
    await this.handle?.close();
    this.handle = null;
  }

  private write(line: Line): Promise<void> {
    this.apply(line);
    this.unwritten.push(line);
    return this.flush();
  }

  private apply(line: Line): void {
    if ("put" in line) {
      this.drafts.delete(line.put.id);
      this.waiting.set(line.put.id, line.put);
    } else if ("draft" in line) {
      this.drafts.set(line.draft.id, line.draft);
    } else {
      this.waiting.delete(line.done);
    }
  }

  /** One write at a time; what is said meanwhile goes out together with the next. */
  private flush(): Promise<void> {
    this.writing ??= this.drain();
    return this.writing;
  }

  private async drain(): Promise<void> {
    do {
      const lines = this.unwritten;
      this.unwritten = [];
      try {
        await this.append(lines);
        this.health(null);
      } catch (error) {
        this.unwritten = [...lines, ...this.unwritten];
        this.health(error as Error);
        clearTimeout(this.retry);
        this.retry = setTimeout(() => void this.flush(), AGAIN);
        this.retry.unref();
        break;
      }
    } while (this.unwritten.length > 0);
    this.writing = null; // at once: what is said from now on is written anew
  }

  private async append(lines: Line[]): Promise<void> {
    if (this.closed) return;
    this.handle ??= await this.create();
    // Half a line, of a crash or of a disk that was full, must not swallow the next one.
    const text = (this.torn ? "\n" : "") + lines.map((line) => JSON.stringify(line) + "\n").join("");
    if (text === "") return;
    this.torn = true;
    await this.handle.appendFile(text);
    this.torn = false;
    this.size += Buffer.byteLength(text);
    if (this.size > SMALL && this.waiting.size === 0 && this.drafts.size === 0 && this.unwritten.length === 0) {
      await this.handle.truncate(0);
      this.size = 0;
    }
  }

  private async create(): Promise<FileHandle> {
    await mkdir(path.dirname(this.file), { recursive: true, mode: 0o700 });
    return open(this.file, "a", 0o600);
  }

  private health(error: Error | null): void {
    const before = this.#problem;
    this.#problem = error;
    if ((error === null) !== (before === null)) this.onHealth.fire(error);
  }
}

function parse(text: string): Line[] {
  return text.split("\n").flatMap((line) => {
    try {
      const read = JSON.parse(line) as Line | null;
      return typeof read === "object" && read !== null ? [read] : [];
    } catch {
      return []; // empty, or torn by a crash
    }
  });
}
