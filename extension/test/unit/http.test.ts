import { createServer, type Server } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { Unreachable } from "../../src/server/errors";
import { request } from "../../src/server/http";
import { speak } from "../../src/server/language";

let server: Server;
let address: string;
let asked: string[];
let languages: (string | undefined)[];

/** It answers the first request of each connection, and closes the connection in the middle of the second. */
beforeEach(async () => {
  asked = [];
  languages = [];
  const used = new WeakSet<Socket>();
  server = createServer((incoming, answer) => {
    asked.push(`${incoming.method} ${incoming.url}`);
    languages.push(incoming.headers["accept-language"]);
    if (used.has(incoming.socket) || incoming.url === "/never") incoming.socket.destroy();
    else answer.end("{}");
    used.add(incoming.socket);
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

it("asks once more where a kept connection is closed just as it is used again", async () => {
  for (const path of ["/a", "/b", "/c"]) {
    expect((await request(address, "GET", path)).status).toBe(200);
    await pause(20); // the connection is laid by
  }
  expect(asked).toEqual(["GET /a", "GET /b", "GET /b", "GET /c", "GET /c"]);
});

it("asks no more than once more, and never what may have been done already", async () => {
  await expect(request(address, "GET", "/never")).rejects.toBeInstanceOf(Unreachable);
  expect(asked).toHaveLength(2);
  await request(address, "GET", "/a");
  await pause(20);
  await expect(request(address, "POST", "/done", { body: {} })).rejects.toBeInstanceOf(Unreachable);
  expect(asked.filter((one) => one === "POST /done")).toHaveLength(1);
});

it("says which language the editor speaks, so that a refusal is in it", async () => {
  await request(address, "GET", "/a");
  speak("es-mx");
  await request(address, "POST", "/b", { body: {} }).catch(() => undefined);
  speak("en");
  expect(languages).toEqual(["en", "es-mx"]);
});

it("gives up in time on a fetch that never ends, whatever it was told", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  vi.stubGlobal("fetch", () => new Promise(() => undefined));
  try {
    const gone = new AbortController();
    const waiting = [request(address, "GET", "/a"), request(address, "POST", "/b", { signal: gone.signal })];
    const ends = Promise.allSettled(waiting);
    gone.abort(new Error("the learner left"));
    await vi.advanceTimersByTimeAsync(15_000);
    expect((await ends).map((end) => end.status === "rejected" && String(end.reason))).toEqual([
      `Error: ${address} does not answer: no answer in 15 s`,
      `Error: ${address} does not answer: the learner left`,
    ]);
  } finally {
    vi.unstubAllGlobals();
    vi.useRealTimers();
  }
});
