import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, expect, it } from "vitest";
import { type Session, Sessions } from "../../src/auth/sessions";
import { Api } from "../../src/server/api";
import { SignedOut, Unreachable } from "../../src/server/errors";

/** A sign-in as the server keeps it: a refresh token works once, and used twice ends it. */
let server: Server;
let url: string;
let refresh: string;
let over: boolean;
let refreshed: number;
let loggedOut: string[];

beforeEach(async () => {
  [refresh, over, refreshed, loggedOut] = ["r-0", false, 0, []];
  server = createServer((request, response) => void answered(request, response));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(() => server.close());

async function answered(request: IncomingMessage, response: ServerResponse): Promise<void> {
  let body = "";
  for await (const part of request) body += String(part);
  const said = body === "" ? {} : (JSON.parse(body) as { refresh_token?: string });
  const answer = (status: number, value: object) => response.writeHead(status).end(JSON.stringify(value));
  const problem = (type: string) => answer(401, { type: `urn:goals:problem:${type}`, detail: "no", status: 401 });
  if (request.url === "/v1/auth/logout") {
    loggedOut.push(said.refresh_token ?? "");
    answer(200, {});
  } else if (request.url === "/v1/me") problem(over ? "account-gone" : "not-authenticated");
  else if (over || said.refresh_token !== refresh) {
    over = true;
    problem("not-authenticated");
  } else {
    refresh = `r-${++refreshed}`;
    answer(200, { learner: "l-1", access_token: `a-${refreshed}`, refresh_token: refresh, expires_in: 600 });
  }
}

const NOW = 1_000_000;

/** Windows of one machine: they share the secrets, and take turns. */
function windows(count: number, session: Partial<Session> = {}) {
  const first = {
    id: "s",
    server: url,
    learner: "l-1",
    email: "a@x",
    name: "A",
    access: "a-0",
    refresh: "r-0",
    expires: NOW,
  };
  const kept = new Map([["goals.sessions", JSON.stringify([{ ...first, ...session }])]]);
  const secrets = {
    get: (key: string) => Promise.resolve(kept.get(key)),
    store: (key: string, value: string) => Promise.resolve(void kept.set(key, value)),
  };
  let last: Promise<unknown> = Promise.resolve();
  const exclusive = <T>(work: () => Promise<T>): Promise<T> => {
    const turn = last.then(work);
    last = turn.catch(() => undefined);
    return turn;
  };
  return Array.from({ length: count }, () => new Sessions(secrets, exclusive, () => NOW));
}

it("renews once for all windows, however many find the token run out at the same moment", async () => {
  const all = windows(4);
  const got = await Promise.all([...all, ...all].map((one) => one.tokens("s").access()));
  expect(new Set(got)).toEqual(new Set(["a-1"]));
  expect(refreshed).toBe(1);
});

it("keeps who was ended by the server as somebody who may come back, in every window, and tells it once", async () => {
  const [one, two] = windows(2) as [Sessions, Sessions];
  const ended: string[] = [];
  for (const each of [one, two]) each.onEnded.on(({ email }) => ended.push(email));
  over = true;
  for (const each of [one, two, one]) await expect(each.tokens("s").access()).rejects.toBeInstanceOf(SignedOut);
  expect(ended).toEqual(["a@x"]);
  expect(await two.all()).toMatchObject([{ id: "s", ended: true, access: "", refresh: "" }]);
});

it("is not ended by a server that is away", async () => {
  const [one] = windows(1) as [Sessions];
  server.close();
  server.closeAllConnections();
  await expect(one.tokens("s").access()).rejects.toBeInstanceOf(Unreachable);
  expect((await one.all())[0]?.ended).toBeUndefined();
});

it("renews what the server refuses although this machine's clock finds it good", async () => {
  const [one] = windows(1, { expires: NOW + 9_999_999 }) as [Sessions];
  expect(await one.tokens("s").access()).toBe("a-0");
  await expect(new Api(url, one.tokens("s")).me()).rejects.toBeInstanceOf(SignedOut);
  expect(refreshed).toBe(1);
});

it("lets a new sign-in be, and a sign-out, that come as the old one is found to have ended", async () => {
  const ended: string[] = [];
  for (const anew of [true, false]) {
    const [one, two] = windows(2) as [Sessions, Sessions];
    for (const each of [one, two]) each.onEnded.on(({ email }) => ended.push(email));
    over = true;
    const [session] = await one.all();
    const renewing = one.tokens("s").renew("a-0");
    const other = anew ? two.keep({ ...session!, access: "b-0", refresh: "s-0" }) : two.remove("s");
    await expect(renewing).rejects.toBeInstanceOf(SignedOut);
    await other;
    expect(await one.all()).toEqual(anew ? [{ ...session, access: "b-0", refresh: "s-0" }] : []);
  }
  expect(ended).toEqual([]);
});

it("drops an account that was erased, and says so", async () => {
  const [one] = windows(1, { expires: NOW + 9_999_999 }) as [Sessions];
  const erased: string[] = [];
  one.onErased.on(({ learner }) => erased.push(learner));
  over = true;
  await expect(new Api(url, one.tokens("s")).me()).rejects.toMatchObject({ erased: true });
  expect([erased, await one.all()]).toEqual([["l-1"], []]);
});

it("signs out here and on the server, and here also where that is away", async () => {
  const [one] = windows(1) as [Sessions];
  await one.remove("s");
  expect([loggedOut, await one.all()]).toEqual([["r-0"], []]);
  const [two] = windows(1, { server: "http://127.0.0.1:1" }) as [Sessions];
  await two.remove("s");
  expect(await two.all()).toEqual([]);
});

it("begins anew where what was kept cannot be read", async () => {
  const broken = { get: () => Promise.resolve("{"), store: () => Promise.resolve() };
  expect(
    await new Sessions(
      broken,
      (work) => work(),
      () => NOW,
    ).all(),
  ).toEqual([]);
});
