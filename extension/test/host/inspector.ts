import { writeFile } from "node:fs/promises";
import { setTimeout as pause } from "node:timers/promises";
import WebSocket from "ws";

/** The extension host from inside, by V8's own inspector (the DevTools protocol): its heap, and what it evaluates. */
export class Inspector {
  private next = 1;
  private readonly waiting = new Map<number, { done: (value: never) => void; failed: (error: Error) => void }>();
  private readonly heard = new Map<string, (params: never) => void>();

  private constructor(private readonly socket: WebSocket) {
    socket.on("message", (data: Buffer) => this.read(JSON.parse(data.toString()) as Said));
    socket.on("close", () => {
      for (const { failed } of this.waiting.values()) failed(new Error("the extension host has ended"));
    });
  }

  /** Waits until a host listens at `port` of this machine. */
  static async open(port: number): Promise<Inspector> {
    for (let tries = 100; ; tries--) {
      try {
        const reply = await fetch(`http://127.0.0.1:${port}/json/list`);
        const [target] = (await reply.json()) as { webSocketDebuggerUrl: string }[];
        const socket = new WebSocket(target?.webSocketDebuggerUrl ?? "", { maxPayload: 1 << 30 });
        await new Promise((resolve, reject) => socket.once("open", resolve).once("error", reject));
        return new Inspector(socket);
      } catch (error) {
        if (tries === 0) throw error;
        await pause(200);
      }
    }
  }

  call<T>(method: string, params: object = {}): Promise<T> {
    const id = this.next++;
    return new Promise<T>((done, failed) => {
      this.waiting.set(id, { done, failed });
      this.socket.send(JSON.stringify({ id, method, params }));
    });
  }

  /** The value of an expression in the extension host. Raises what it raises. */
  async evaluate<T>(expression: string): Promise<T> {
    const asked = { expression, returnByValue: true, awaitPromise: true };
    const { result, exceptionDetails } = await this.call<Evaluated<T>>("Runtime.evaluate", asked);
    if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
    return result.value;
  }

  /**
   * Bytes of what programs have made (objects, closures, arrays, strings) and somebody still holds; compiled code, which
   * V8 makes and drops as it likes, is not counted. `file`: also written there, for Chromium's DevTools.
   */
  async held(file?: string): Promise<number> {
    const chunks: string[] = [];
    this.heard.set("HeapProfiler.addHeapSnapshotChunk", ({ chunk }: { chunk: string }) => chunks.push(chunk));
    await this.call("HeapProfiler.takeHeapSnapshot", { reportProgress: false });
    if (file !== undefined) await writeFile(file, chunks);
    const { snapshot, nodes } = JSON.parse(chunks.join("")) as Snapshot;
    const { node_fields: fields, node_types: types } = snapshot.meta;
    const [type, size] = [fields.indexOf("type"), fields.indexOf("self_size")];
    let held = 0;
    for (let at = 0; at < nodes.length; at += fields.length)
      if (MADE.has(types[0][nodes[at + type] ?? 0] ?? "")) held += nodes[at + size] ?? 0;
    return held;
  }

  close(): void {
    this.socket.close();
  }

  private read({ id, result, error, method, params }: Said): void {
    if (id === undefined) return this.heard.get(method ?? "")?.(params as never);
    const waiting = this.waiting.get(id);
    this.waiting.delete(id);
    if (error) waiting?.failed(new Error(error.message));
    else waiting?.done(result as never);
  }
}

const MADE = new Set([
  "object",
  "closure",
  "array",
  "string",
  "concatenated string",
  "sliced string",
  "number",
  "native",
]);

interface Snapshot {
  snapshot: { meta: { node_fields: string[]; node_types: [string[]] } };
  nodes: number[];
}

interface Said {
  id?: number;
  result?: unknown;
  error?: { message: string };
  method?: string;
  params?: unknown;
}

interface Evaluated<T> {
  result: { value: T };
  exceptionDetails?: { text: string; exception?: { description?: string } };
}
