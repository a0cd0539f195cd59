import type { Problem } from "../protocol/generated";
import { Answered, ServerError, SignedOut, unanswered, Unreachable } from "./errors";
import { spoken } from "./language";

/** Milliseconds one request may take; a run is streamed over the websocket and is not bound by it. */
const TIMEOUT = 15_000;

export interface Asked {
  body?: unknown;
  token?: string;
  etag?: string;
  signal?: AbortSignal;
}

export interface Reply {
  status: number;
  etag: string | null;
  text: string;
}

/** What Node says of a connection that the other side has closed. */
const CLOSED = new Set(["UND_ERR_SOCKET", "ECONNRESET", "EPIPE"]);

/**
 * One request to `server`. Raises Unreachable, SignedOut (401), Answered (any other refusal). A connection that was kept
 * may be closed just as it is used again: what only asks is asked once more then.
 */
export async function request(server: string, method: string, path: string, asked: Asked = {}): Promise<Reply> {
  try {
    return await once(server, method, path, asked);
  } catch (error) {
    if (method !== "GET" || !(error instanceof Unreachable) || !CLOSED.has(error.why)) throw error;
    return once(server, method, path, asked);
  }
}

/** It ends in time whatever becomes of the exchange: VS Code has a `fetch` of its own, and what waits for it would for ever. */
async function once(server: string, method: string, path: string, asked: Asked): Promise<Reply> {
  const ending = new AbortController();
  const { signal } = ending;
  const ended = new Promise<never>((_, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason as Error));
  });
  const givenUp = () => ending.abort(asked.signal?.reason);
  const timer = setTimeout(() => ending.abort(new Error(`no answer in ${TIMEOUT / 1_000} s`)), TIMEOUT);
  asked.signal?.addEventListener("abort", givenUp);
  if (asked.signal?.aborted) givenUp();
  try {
    return await Promise.race([exchange(server, method, path, asked, signal), ended]);
  } catch (error) {
    if (error instanceof ServerError) throw error;
    throw unanswered(server, error);
  } finally {
    clearTimeout(timer);
    asked.signal?.removeEventListener("abort", givenUp);
  }
}

async function exchange(
  server: string,
  method: string,
  path: string,
  asked: Asked,
  signal: AbortSignal,
): Promise<Reply> {
  const body = asked.body === undefined ? null : JSON.stringify(asked.body);
  const response = await fetch(server + path, { method, headers: headersOf(asked), body, signal });
  const text = await response.text();
  if (response.ok || response.status === 304) {
    return { status: response.status, etag: response.headers.get("etag"), text };
  }
  throw refusal(server, response, text);
}

function headersOf({ token, etag, body }: Asked): Record<string, string> {
  return {
    Accept: "application/json, text/markdown",
    ...spoken(),
    ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }),
    ...(etag === undefined ? {} : { "If-None-Match": etag }),
    ...(body === undefined ? {} : { "Content-Type": "application/json" }),
  };
}

function refusal(server: string, response: Response, text: string): Error {
  const problem = problemOf(text);
  if (problem === null) return new Unreachable(server, `status ${response.status}, and not from AI Goals Tracker`);
  if (response.status === 401) return new SignedOut(problem.detail, problem.type);
  const after = Number(response.headers.get("retry-after"));
  return new Answered(problem, Number.isFinite(after) && after > 0 ? after : null);
}

export function problemOf(text: string): Problem | null {
  try {
    const read: unknown = JSON.parse(text);
    const known = typeof read === "object" && read !== null && "type" in read && "detail" in read;
    return known ? (read as Problem) : null;
  } catch {
    return null;
  }
}
