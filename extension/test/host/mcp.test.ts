import { execFileSync } from "node:child_process";
import path from "node:path";
import { beforeAll, expect, it, vi } from "vitest";
import { McpServer } from "../../src/ai/mcp";
import { EARLY, held, Sessions } from "../../src/auth/sessions";
import type { Context } from "../../src/context";
import { Signal } from "../../src/disposable";
import type { TokenPair } from "../../src/protocol/generated";
import { common } from "./common";
import { type Account, PASSWORD, type Server } from "./server";

const ROOT = path.resolve(import.meta.dirname, "../../..");

interface Definition {
  label: string;
  uri: string;
  headers: Record<string, string>;
  version: string;
}
interface Provider {
  onDidChangeMcpServerDefinitions(listener: () => void): void;
  provideMcpServerDefinitions(): Definition[];
  resolveMcpServerDefinition(definition: Definition): Promise<Definition>;
}
const registered: Provider[] = [];
const listeners: (() => void)[] = [];

/** As much of VS Code 1.101 as this part uses; the real host of the tests is 1.100, where it is a proposal of another shape. */
vi.mock("vscode", () => ({
  version: "1.101.0",
  Uri: { parse: (text: string) => text },
  EventEmitter: class {
    event = (listener: () => void) => listeners.push(listener);
    fire = () => listeners.forEach((listener) => listener());
    dispose = () => undefined;
  },
  McpHttpServerDefinition: class {
    headers: Record<string, string> = {};
    constructor(
      readonly label: string,
      readonly uri: string,
      _headers: unknown,
      readonly version: string,
    ) {}
  },
  lm: {
    registerMcpServerDefinitionProvider: (_: string, provider: Provider) => {
      registered.push(provider);
      return { dispose: () => undefined };
    },
  },
}));

/** Somebody else's client of the protocol, with nothing but what an editor would give it. */
const CLIENT = `import asyncio, json, sys
from fastmcp import Client
from fastmcp.client.transports import StreamableHttpTransport
url, headers = json.loads(sys.argv[1])
async def main():
    async with Client(StreamableHttpTransport(url, headers=headers)) as tools:
        names = sorted(tool.name for tool in await tools.list_tools())
        goals = await tools.call_tool("list_goals", {})
        print(json.dumps([names, json.dumps(goals.structured_content)]))
asyncio.run(main())`;

let server: Server;
let ada: Account;
beforeAll(async () => {
  server = common();
  ada = await server.beginner();
});

it("gives an assistant the server's endpoint and, when it connects, a token that lets it in", async () => {
  const pair = await server.post<TokenPair>("/v1/auth/token", { email: ada.email, password: PASSWORD });
  const kept = new Map<string, string>();
  const secrets = {
    get: (key: string) => Promise.resolve(kept.get(key)),
    store: (key: string, value: string) => Promise.resolve(void kept.set(key, value)),
  };
  const sessions = new Sessions(secrets, (work) => work(), Date.now);
  const session = { id: "ada", server: server.url, email: ada.email, name: "Ada", ...held(pair, Date.now()) };
  await sessions.keep(session);
  const context = { onLearner: new Signal(), learner: null as unknown, require: () => ({ session }), sessions };
  new McpServer(context as unknown as Context);
  const provider = registered[0]!;
  expect(provider.provideMcpServerDefinitions()).toEqual([]); // nobody is signed in
  let told = 0;
  provider.onDidChangeMcpServerDefinitions(() => (told += 1));
  context.learner = { session };
  context.onLearner.fire(context.learner);
  expect(told).toBe(1);
  const [given] = provider.provideMcpServerDefinitions();
  const { version } = given!;
  expect(JSON.stringify(given)).not.toContain(pair.access_token);
  const { uri, headers } = await provider.resolveMcpServerDefinition(given!);
  expect(uri).toBe(`${server.url}/mcp`);
  const python = path.join(ROOT, ".venv/bin/python");
  const answer = execFileSync(python, ["-c", CLIENT, JSON.stringify([uri, headers])], { cwd: ROOT, encoding: "utf8" });
  const [names, goals] = JSON.parse(answer.trim().split("\n").at(-1)!) as [string[], string];
  expect(names).toEqual(expect.arrayContaining(["list_goals", "request_hint", "run_solution"]));
  expect(goals).toContain("Oil for the lighthouse");
  expect(() =>
    execFileSync(python, ["-c", CLIENT, JSON.stringify([uri, { Authorization: "Bearer none" }])], {
      cwd: ROOT,
      stdio: "pipe",
    }),
  ).toThrow();
  // The token is about to run out: VS Code is told of another server before it does, and connects to that at its next use.
  await sessions.keep({ ...session, expires: Date.now() + EARLY + 300 });
  await provider.resolveMcpServerDefinition(given!);
  await expect.poll(() => told).toBe(2);
  const [anew] = provider.provideMcpServerDefinitions();
  expect(anew!.version).not.toBe(version);
  const renewed = await provider.resolveMcpServerDefinition(anew!);
  expect(renewed.headers["Authorization"]).not.toBe(headers["Authorization"]);
});
