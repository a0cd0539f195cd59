import { createServer, type Server } from "node:http";
import { type AddressInfo } from "node:net";
import { afterEach, expect, it, vi } from "vitest";
import { type WebSocket, WebSocketServer } from "ws";
import { Clock } from "../../src/clock";
import type { Tokens } from "../../src/server/api";
import {
  Distrusted,
  Incompatible,
  type ServerError,
  SignedOut,
  Unreachable,
  unanswered,
} from "../../src/server/errors";
import { speak } from "../../src/server/language";
import { Live } from "../../src/server/live";

const ended: (() => void)[] = [];
afterEach(() => {
  for (const end of ended.splice(0)) end();
});

const TOKENS = {
  access: () => Promise.resolve("t"),
  renew: () => Promise.resolve("t"),
  erased: () => Promise.resolve(),
};
const PROBLEM = JSON.stringify({ type: "urn:goals:problem:other-protocol", detail: "it speaks another", status: 426 });

/** A server on this machine; `attempts` counts what came. */
async function listening(server: Server): Promise<{ url: string; attempts: () => number }> {
  let count = 0;
  server.on("connection", () => (count += 1));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  ended.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, attempts: () => count };
}

/** One that refuses the handshake with this. */
function refusing(status: string, headers: string, body: string): Server {
  const server = createServer();
  server.on("upgrade", (_, socket) => socket.end(`HTTP/1.1 ${status}\r\n${headers}Connection: close\r\n\r\n${body}`));
  return server;
}

/** One that takes it, as `protocol`. */
function taking(protocol: string, then: (socket: WebSocket) => void): Server {
  const server = createServer();
  new WebSocketServer({ server, handleProtocols: () => protocol }).on("connection", then);
  return server;
}

function live(server: string, tokens: Tokens = TOKENS): Live {
  const made = new Live({ server, tokens, after: null, random: () => 0 });
  ended.push(() => made.dispose());
  return made;
}

function trouble(made: Live): Promise<ServerError> {
  return new Promise((resolve) => made.onLine.on((line) => line.state === "away" && resolve(line.error)));
}

const event = (type: string, data: object, over = {}) =>
  JSON.stringify({ id: "1", type, time: "2026-11-29T12:00:00Z", data, ...over });

it("says the editor's language with the handshake, and tells on what the server says, letter by letter", async () => {
  const heard: (string | undefined)[] = [];
  const detail = 'las páginas de "allá" no pueden conectarse';
  const body = Buffer.from(JSON.stringify({ type: "urn:goals:problem:not-allowed", detail, status: 403 }));
  const server = createServer();
  server.on("upgrade", (request, socket) => {
    heard.push(request.headers["accept-language"]);
    socket.write("HTTP/1.1 403 Forbidden\r\nConnection: close\r\n\r\n");
    const middle = body.indexOf("á") + 1; // between the two bytes of a letter
    socket.write(body.subarray(0, middle), () => setImmediate(() => socket.end(body.subarray(middle))));
  });
  speak("es");
  const made = live((await listening(server)).url);
  made.start();
  const error = await trouble(made);
  speak("en");
  expect(heard).toEqual(["es"]);
  expect(error).toMatchObject({ why: detail });
});

it.each([
  ["newer", refusing("426 Upgrade Required", "Goals-Protocol: goals.v2\r\n", PROBLEM), "extension"],
  ["older by its header", refusing("426 Upgrade Required", "Goals-Protocol: goals.v0\r\n", PROBLEM), "server"],
  ["older, without a socket", refusing("404 Not Found", "", PROBLEM), "server"],
  ["of another make in the handshake", taking("chat", () => undefined), "server"],
])("knows a server that is %s, says which side to update, and does not ask again at once", async (_, server, older) => {
  const { url, attempts } = await listening(server);
  const made = live(url);
  made.start();
  const error = await trouble(made);
  expect(error).toBeInstanceOf(Incompatible);
  expect(error).toMatchObject({ older });
  expect(made.trouble).toBe(error);
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  expect(attempts()).toBe(1);
  made.retry();
  await trouble(made);
  expect(attempts()).toBe(2);
});

it.each([
  ["a gateway's page", refusing("404 Not Found", "", "<html>nothing here</html>")],
  ["a gateway that waits for its server", refusing("502 Bad Gateway", "", "")],
])("takes %s for a server that is away, and asks again with growing pauses", async (_, server) => {
  const { url, attempts } = await listening(server);
  const made = live(url);
  made.start();
  const error = await trouble(made);
  expect(error).toBeInstanceOf(Unreachable);
  expect(error).not.toBeInstanceOf(Distrusted);
  await vi.waitFor(() => expect(attempts()).toBeGreaterThan(2), 5_000);
  expect(attempts()).toBeLessThan(8);
});

it("asks no more where the sign-in has ended, and keeps why", async () => {
  const { url, attempts } = await listening(taking("goals.v1", (socket) => socket.close(4001, "expired")));
  const made = live(url, { ...TOKENS, renew: () => Promise.reject(new SignedOut("ended")) });
  made.start();
  expect(await trouble(made)).toBeInstanceOf(SignedOut);
  await new Promise((resolve) => setTimeout(resolve, 1_000));
  expect(attempts()).toBe(1);
});

it("says that the account was erased, and renews nothing", async () => {
  const tokens = { ...TOKENS, renew: vi.fn(TOKENS.renew), erased: vi.fn(TOKENS.erased) };
  const { url } = await listening(taking("goals.v1", (socket) => socket.close(4001, "erased")));
  const made = live(url, tokens);
  made.start();
  expect(await trouble(made)).toBeInstanceOf(SignedOut);
  expect(tokens.erased).toHaveBeenCalledOnce();
  expect(tokens.renew).not.toHaveBeenCalled();
});

it("survives what is no event, and goes on by connecting again", async () => {
  let connections = 0;
  const { url } = await listening(
    taking("goals.v1", (socket) => {
      connections += 1;
      if (connections === 1) socket.send("<html>");
      else socket.send(event("goals.welcome", { sequence: "7" }));
    }),
  );
  const made = live(url);
  made.start();
  await vi.waitFor(() => expect(made.line.state).toBe("open"), 5_000);
  expect([made.sequence, made.trouble]).toEqual([7, null]);
});

it("stays open where a try before the one that got through fails late, or comes late", async () => {
  const waiting: { done: (token: string) => void; failed: (error: Error) => void }[] = [];
  const access = () => new Promise<string>((done, failed) => waiting.push({ done, failed }));
  const { url, attempts } = await listening(
    taking("goals.v1", (socket) => socket.send(event("goals.welcome", { sequence: "7" }))),
  );
  const made = live(url, { ...TOKENS, access });
  const lines: string[] = [];
  made.onLine.on(({ state }) => lines.push(state));
  made.start();
  for (let n = 0; n < 2; n++) made.retry(); // the learner does not want to wait for the first to be given up
  waiting[0]?.failed(new Unreachable(url, "no answer"));
  waiting[2]?.done("t");
  await vi.waitFor(() => expect(made.line.state).toBe("open"), 5_000);
  waiting[1]?.done("t");
  await new Promise((resolve) => setTimeout(resolve, 1_000));
  expect([made.line.state, attempts(), waiting.length]).toEqual(["open", 1, 3]);
  expect(lines).not.toContain("away");
});

it("learns the server's time with the welcome", async () => {
  const { url } = await listening(
    taking("goals.v1", (socket) => socket.send(event("goals.welcome", { sequence: "7" }))),
  );
  const made = live(url);
  const clock = new Clock(() => Date.parse("2026-11-29T15:00:00Z"));
  made.onTime.on((time) => clock.hear(time));
  made.start();
  await vi.waitFor(() => expect(clock.offset).toBe(-3 * 3_600_000), 5_000);
  expect(clock.now().toISOString()).toBe("2026-11-29T12:00:00.000Z");
});

it.each([
  ["CERT_HAS_EXPIRED", "expired"],
  ["CERT_NOT_YET_VALID", "early"],
  ["ERR_TLS_CERT_ALTNAME_INVALID", "name"],
  ["DEPTH_ZERO_SELF_SIGNED_CERT", "issuer"],
  ["CERT_REVOKED", "other"],
])("finds %s however deep it lies", (code, distrust) => {
  const cause = Object.assign(new Error("no"), { code });
  const error = unanswered("https://x", new TypeError("fetch failed", { cause: new AggregateError([cause]) }));
  expect(error).toBeInstanceOf(Distrusted);
  expect(error).toMatchObject({ distrust });
});
