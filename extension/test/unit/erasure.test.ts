import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, expect, it } from "vitest";
import { type Session, Sessions } from "../../src/auth/sessions";
import { Api } from "../../src/server/api";

const problem = (kind: string) => ({ type: `urn:goals:problem:${kind}`, title: "No", status: 401, detail: "no" });

let server: Server;
let session: Session;
let sessions: Sessions;
let refusal: string;
let asked: unknown[];
let told: string[];

beforeEach(async () => {
  refusal = "account-gone";
  asked = [];
  told = [];
  server = createServer((request, response) => {
    let body = "";
    request.on("data", (data: Buffer) => (body += data.toString()));
    request.on("end", () => {
      if (request.url === "/v1/auth/refresh") asked.push(JSON.parse(body));
      response.writeHead(401, { "Content-Type": "application/problem+json" }).end(JSON.stringify(problem(refusal)));
    });
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const at = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  session = {
    id: `l-1@${at}`,
    server: at,
    learner: "l-1",
    email: "ada@example.org",
    name: "Ada",
    access: "access",
    refresh: "refresh",
    expires: 1e15,
  };
  let secret: string | undefined = JSON.stringify([session]);
  const secrets = {
    get: () => Promise.resolve(secret),
    store: (_: string, value: string) => Promise.resolve(void (secret = value)),
  };
  sessions = new Sessions(
    secrets,
    (work) => work(),
    () => Date.now(),
  );
  sessions.onEnded.on(() => told.push("ended"));
  sessions.onErased.on(() => told.push("erased"));
  sessions.onSignedOut.on(() => told.push("signed out"));
});
afterEach(() => {
  server.close();
});

it("learns from any request that its account was erased", async () => {
  const api = new Api(session.server, sessions.tokens(session.id));
  await expect(api.me()).rejects.toMatchObject({ type: "urn:goals:problem:account-gone" });
  expect(told).toEqual(["erased"]);
  expect(await sessions.all()).toEqual([]);
});

it("learns it when it comes back after its token has expired, too", async () => {
  await expect(sessions.tokens(session.id).renew("access")).rejects.toThrow();
  expect(asked).toEqual([{ refresh_token: "refresh", access_token: "access" }]);
  expect(told).toEqual(["erased"]);
  expect(await sessions.all()).toEqual([]);
});

it("takes a sign-in that has ended for no more than that", async () => {
  refusal = "not-authenticated";
  await expect(sessions.tokens(session.id).renew("access")).rejects.toThrow();
  expect(told).toEqual(["ended"]);
});

it("tells a learner who signs out from one whose sign-in ended", async () => {
  await sessions.remove(session.id);
  expect(told).toEqual(["signed out"]);
});
