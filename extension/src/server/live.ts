import type { IncomingMessage } from "node:http";
import type WebSocket from "ws";
import { type Disposable, Signal } from "../disposable";
import type { InteractionResult } from "../protocol/generated";
import type { Interaction, Passing, Stored } from "../protocol/cloudevent";
import type { Tokens } from "./api";
import { Turns } from "../turns";
import { Incompatible, ServerError, SignedOut, stubborn, Unreachable, unanswered } from "./errors";
import { problemOf } from "./http";
import { spoken } from "./language";

export const PROTOCOL = "goals.v1";
const UNAUTHENTICATED = 4001;
const ERASED = "erased";
/** A socket's state in which it takes what is sent (RFC 6455 by way of the DOM's WebSocket). */
const OPEN = 1;
/** Milliseconds without a word from the server (it pings each 20 s) after which the line is taken for dead. */
const SILENCE = 45_000;
const FIRST_PAUSE = 250;
const LONGEST_PAUSE = 30_000;
/** Where only a person can put it right; they may also say "try again". */
const STUBBORN_PAUSE = 120_000;
const LONG_ENOUGH = 5_000;
/** The header in which a server that refuses our protocol names its own. */
const SPEAKS = "goals-protocol";
/** Runs whose last frame is remembered; four of a learner's go on at a time. */
const RUNS = 64;

/** `away` carries why, where it is known. */
export type Line = { state: "connecting" } | { state: "open" } | { state: "away"; error: ServerError };

export interface LiveOptions {
  server: string;
  tokens: Tokens;
  /** The last sequence seen; null begins with what is new. */
  after: number | null;
  /** In [0, 1): spreads the reconnections of many editors after one outage. */
  random: () => number;
}

/**
 * The websocket `goals.v1`, for as long as it lives: it connects again with growing pauses and resumes behind the last
 * sequence it saw, so that each stored event is told once, in order. A cut is the normal case.
 */
export class Live implements Disposable {
  readonly onLine = new Signal<Line>();
  readonly onStored = new Signal<Stored>();
  readonly onPassing = new Signal<Passing>();
  readonly onAck = new Signal<InteractionResult>();
  /** The server's clock, as it tells the time with what is not stored. */
  readonly onTime = new Signal<Date>();
  line: Line = { state: "connecting" };
  /** What went wrong last, until the line is open again. */
  trouble: ServerError | null = null;
  sequence: number | null;

  private socket: WebSocket | null = null;
  private token = "";
  private pause = FIRST_PAUSE;
  private opened = 0;
  private timer: NodeJS.Timeout | undefined;
  private watch: NodeJS.Timeout | undefined;
  private over = false;
  private readonly tries = new Turns();
  private readonly frames = new Map<string, number>();

  constructor(private readonly options: LiveOptions) {
    this.sequence = options.after;
  }

  get server(): string {
    return this.options.server;
  }

  start(): void {
    void this.connect();
  }

  /** Tries at once instead of after the pause. */
  retry(): void {
    if (this.over || this.socket !== null) return;
    this.pause = FIRST_PAUSE;
    clearTimeout(this.timer);
    void this.connect();
  }

  /** Whether it left this machine; what did not is for the caller to send again. */
  send(event: Interaction | { type: string; id: string; data: unknown }): boolean {
    if (this.line.state !== "open" || this.socket?.readyState !== OPEN) return false;
    this.socket.send(JSON.stringify(event));
    return true;
  }

  dispose(): void {
    this.over = true;
    clearTimeout(this.timer);
    clearTimeout(this.watch);
    this.socket?.close(1000);
    setTimeout(() => this.socket?.terminate(), 1_000).unref();
  }

  /** A try that is asked for while another waits for its token takes its place: what becomes of that one counts no more. */
  private async connect(): Promise<void> {
    const newest = this.tries.begin();
    this.say({ state: "connecting" });
    let token: string;
    try {
      token = await this.options.tokens.access();
    } catch (error) {
      if (!newest()) return;
      this.fell(error instanceof ServerError ? error : new Unreachable(this.options.server, String(error)));
      return;
    }
    const { default: Socket } = await import("ws"); // with the first connection, and not when the editor starts
    if (this.over || !newest()) return;
    this.token = token;
    const address = new URL(`${this.options.server.replace(/^http/, "ws")}/v1/ws`);
    if (this.sequence !== null) address.searchParams.set("after", String(this.sequence));
    const socket = new Socket(address, [PROTOCOL, `bearer.${this.token}`], {
      headers: spoken(),
      handshakeTimeout: 10_000,
      maxPayload: 4 << 20,
    });
    this.socket = socket;
    socket.on("open", () => this.alive());
    socket.on("message", (data: Buffer) => this.read(data.toString()));
    socket.on("unexpected-response", (_, response) => this.denied(socket, response));
    socket.on("error", (error) => this.cut(socket, this.broken(error)));
    socket.on("close", (code, reason) => this.closed(socket, code, reason.toString()));
  }

  private denied(socket: WebSocket, response: IncomingMessage): void {
    let body = "";
    response.setEncoding("utf8").on("data", (data: string) => (body += data));
    response.on("end", () => {
      const said = problemOf(body)?.detail ?? `status ${response.statusCode}`;
      this.cut(socket, this.refusal(response, said, body.includes('"urn:goals:')));
      socket.terminate();
    });
  }

  /** `ours`: AI Goals Tracker itself said no, and not something before it. */
  private refusal({ statusCode, headers }: IncomingMessage, said: string, ours: boolean): ServerError {
    const { server } = this.options;
    const spoken = headers[SPEAKS];
    if (typeof spoken === "string") return new Incompatible(server, older(spoken), spoken);
    if (ours && (statusCode === 404 || statusCode === 426)) return new Incompatible(server, "server", said);
    return new Unreachable(server, said);
  }

  private broken(error: Error): ServerError {
    // A server that takes the handshake and speaks something else (RFC 6455, 4.1); the library gives it no code.
    if (error.message.includes("subprotocol")) return new Incompatible(this.options.server, "server", error.message);
    return unanswered(this.options.server, error);
  }

  private closed(socket: WebSocket, code: number, reason: string): void {
    if (code !== UNAUTHENTICATED) {
      this.cut(socket, new Unreachable(this.options.server, reason || `closed (${code})`));
      return;
    }
    if (this.socket !== socket) return;
    const { tokens } = this.options;
    const erased = reason === ERASED;
    (erased ? tokens.erased() : tokens.renew(this.token)).then(
      () => this.cut(socket, erased ? new SignedOut(reason) : null),
      (error: unknown) => this.cut(socket, error as ServerError),
    );
  }

  /** This socket is gone. `null`: connect again at once. */
  private cut(socket: WebSocket, error: ServerError | null): void {
    if (this.socket !== socket) return;
    this.socket = null;
    clearTimeout(this.watch);
    if (this.over) return;
    if (error === null) void this.connect();
    else this.fell(error);
  }

  private fell(error: ServerError): void {
    if (this.line.state === "open" && Date.now() - this.opened > LONG_ENOUGH) this.pause = FIRST_PAUSE;
    this.say({ state: "away", error });
    if (this.over || error instanceof SignedOut) return;
    const pause = stubborn(error) ? STUBBORN_PAUSE : this.pause;
    this.timer = setTimeout(() => void this.connect(), pause * (0.5 + this.options.random()));
    this.pause = Math.min(this.pause * 2, LONGEST_PAUSE);
  }

  private alive(): void {
    clearTimeout(this.watch);
    this.watch = setTimeout(() => this.socket?.terminate(), SILENCE);
  }

  private read(text: string): void {
    this.alive();
    const event = parse(text);
    if (event === null) {
      this.socket?.close(1002, "not an event");
      return;
    }
    if (event.sequence !== undefined) {
      const sequence = Number(event.sequence);
      if (this.sequence !== null && sequence <= this.sequence) return;
      this.sequence = sequence;
      this.onStored.fire(event as unknown as Stored);
    } else if (event.type === "goals.ack") {
      this.onAck.fire(event.data as unknown as InteractionResult);
    } else if (event.type === "goals.welcome") {
      this.opened = Date.now();
      this.onTime.fire(new Date(event.time));
      this.sequence ??= Number(event.data["sequence"]);
      this.say({ state: "open" });
    } else if (this.isNew(event)) {
      this.onPassing.fire(event);
    }
  }

  /** A run's frames are counted from 1, and told again after a cut. */
  private isNew({ data: { run, frame } }: Passing): boolean {
    if (typeof run !== "string" || typeof frame !== "number") return true;
    const last = this.frames.get(run) ?? 0;
    this.frames.set(run, Math.max(last, frame));
    if (this.frames.size > RUNS) this.frames.delete(this.frames.keys().next().value ?? "");
    return frame > last;
  }

  private say(line: Line): void {
    this.line = line;
    if (line.state !== "connecting") this.trouble = line.state === "away" ? line.error : null;
    this.onLine.fire(line);
  }
}

/** What the server sent; null where it is no event (something between us and it speaks up). */
function parse(text: string): (Passing & { sequence?: string }) | null {
  try {
    const read: unknown = JSON.parse(text);
    const known = typeof read === "object" && read !== null && "type" in read && "data" in read;
    return known ? (read as Passing) : null;
  } catch {
    return null;
  }
}

/** `spoken`: "goals.v2". */
function older(spoken: string): "server" | "extension" {
  const version = (name: string) => Number(/\.v(\d+)$/.exec(name)?.[1] ?? 0);
  return version(spoken) > version(PROTOCOL) ? "extension" : "server";
}
