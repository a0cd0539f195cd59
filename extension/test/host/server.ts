import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { freePort } from "./ports";
import { Program } from "./process";

const ROOT = path.resolve(import.meta.dirname, "../../..");

export interface Event {
  id: string;
  type: string;
  time: string;
  data: Record<string, unknown>;
  correlationid: string;
}

/** What `odd.py` changes. */
export interface Odd {
  protocol?: string;
  unknown?: string;
  seconds?: number;
}

/** Where a server that somebody else started listens and keeps its data. */
export interface Place {
  port: number;
  data: string;
}

/** A real AI Goals Tracker, embedded, with data of its own; it can be killed and started again. */
export class Server {
  private program: Program | null = null;

  private constructor(
    readonly port: number,
    readonly data: string,
  ) {}

  /** One that goes on when this file is over: not to be killed, nor stopped. */
  static join({ port, data }: Place): Server {
    return new Server(port, data);
  }

  static async start(odd?: Odd): Promise<Server> {
    const server = new Server(await freePort(), await mkdtemp(path.join(tmpdir(), "goals-e2e-")));
    await server.up(odd);
    return server;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** `odd`: with something otherwise (`odd.py`). */
  async up(odd?: Odd): Promise<void> {
    const order = ["up", "--port", String(this.port), "--data", this.data];
    const [command, args] = odd ? ["python", [path.join(import.meta.dirname, "odd.py"), ...order]] : ["goals", order];
    const env = { ...process.env, ODD: JSON.stringify(odd ?? {}), PYTHONPATH: ROOT };
    this.program = Program.start(path.join(ROOT, ".venv/bin", command), args, { cwd: ROOT, env });
    await this.program.answers(`${this.url}/health/readiness`);
  }

  async kill(): Promise<void> {
    await this.program?.end("SIGKILL");
  }

  async stop(): Promise<void> {
    await this.program?.end();
    await rm(this.data, { recursive: true, force: true });
  }

  async register(email: string): Promise<Account> {
    const body = { email, password: PASSWORD, name: "Ada", language: "en", timezone: "Europe/Madrid" };
    const pair = await this.post<{ learner: string }>("/v1/auth/register", body);
    return new Account(this, email, pair.learner);
  }

  /** Somebody new to programming who has said so, and has goals for it. */
  async beginner(name = "ada", minutes = 30): Promise<Account> {
    const account = await this.register(`${name}-${crypto.randomUUID().slice(0, 8)}@example.org`);
    const profile = { level: "beginner", minutes, timezone: "Europe/Madrid", language: "en" };
    await account.say("goals.profile.stated", profile);
    return account;
  }

  /** Other terms for somebody, as their organisation would state them: by the API, with a token of this machine's operator. */
  async amend(account: Account, changes: Partial<Terms>): Promise<void> {
    const command = path.join(ROOT, ".venv/bin/goals");
    const asked = ["token", "--role", "operator", "--data", this.data, "--server", this.url];
    const token = (await promisify(execFile)(command, asked, { cwd: ROOT })).stdout.trim();
    const { terms } = await account.get<{ terms: Terms }>("/v1/contract");
    await this.post(`/v1/contracts/${account.learner}/terms`, { terms: { ...terms, ...changes } }, token);
  }

  async post<T>(where: string, body: unknown, token?: string): Promise<T> {
    const headers = { "Content-Type": "application/json", ...(token ? { Authorization: `Bearer ${token}` } : {}) };
    const reply = await fetch(this.url + where, { method: "POST", headers, body: JSON.stringify(body) });
    if (!reply.ok) throw new Error(`${where}: ${reply.status} ${await reply.text()}`);
    return (await reply.json()) as T;
  }
}

/** What of a contract's terms tests change. */
export interface Terms {
  runs_per_day: number;
  hints_per_day: number;
  acceptance: boolean;
  consents: string[];
}

export interface Goal {
  goal: string;
  title: string;
  kind: string;
  state: string;
  challenge: string;
  runs: number;
}

/** The reference solution of a challenge's variant, from the curriculum itself. */
const REFERENCE = `import json, sys
from shared.curriculum import load
slug, variant = json.loads(sys.argv[1])
print(load().challenges[slug].instantiate(variant).reference)`;

export const PASSWORD = "correct horse battery";

/** Somebody, as the API sees them: what tests compare the editor's words with. */
export class Account {
  constructor(
    private readonly server: Server,
    readonly email: string,
    readonly learner: string,
  ) {}

  async say(type: string, data: unknown): Promise<void> {
    const event = { specversion: "1.0", id: crypto.randomUUID(), type, data };
    await this.server.post("/v1/interactions", [event], await this.token());
  }

  async get<T>(where: string): Promise<T> {
    const reply = await fetch(this.server.url + where, { headers: { Authorization: `Bearer ${await this.token()}` } });
    return (await reply.json()) as T;
  }

  /** Erases the account, from elsewhere. */
  async erase(): Promise<void> {
    const headers = { Authorization: `Bearer ${await this.token()}` };
    const reply = await fetch(`${this.server.url}/v1/me`, { method: "DELETE", headers });
    if (!reply.ok) throw new Error(`not erased: ${reply.status}`);
  }

  /** All events of the learner, oldest first. */
  async events(): Promise<Event[]> {
    const found: Event[] = [];
    let after: number | null = 0;
    while (after !== null) {
      const page: { events: Event[]; next: number | null } = await this.get(`/v1/events?after=${after}`);
      found.push(...page.events);
      after = page.next;
    }
    return found;
  }

  /** A right answer to one of the learner's goals. */
  async reference(goal: string): Promise<string> {
    const assigned = (await this.events()).find(
      (event) => event.type === "goals.goal.assigned" && event.data["goal"] === goal,
    );
    const asked = JSON.stringify([assigned?.data["challenge"], assigned?.data["variant"] ?? null]);
    const command = path.join(ROOT, ".venv/bin/python");
    // While it runs, the sockets of `fetch` have to hear that the server closes them.
    return (await promisify(execFile)(command, ["-c", REFERENCE, asked], { cwd: ROOT })).stdout;
  }

  /** Solves a goal from elsewhere: another machine of the same learner. */
  async solve(goal: string): Promise<void> {
    const end = await this.run(goal, await this.reference(goal), "submit");
    if (end.passed !== end.total) throw new Error(`not solved: ${JSON.stringify(end)}`);
  }

  /** Runs code from elsewhere. */
  async run(goal: string, code: string, purpose = "run"): Promise<{ passed: number; total: number }> {
    const order = { id: crypto.randomUUID(), purpose, code };
    const headers = { "Content-Type": "application/json", Authorization: `Bearer ${await this.token()}` };
    const reply = await fetch(`${this.server.url}/v1/goals/${goal}/runs`, {
      method: "POST",
      headers,
      body: JSON.stringify(order),
    });
    const lines = (await reply.text()).trim().split("\n");
    const end = JSON.parse(lines.at(-1) ?? "{}") as { passed?: number; total?: number };
    if (end.passed === undefined || end.total === undefined) throw new Error(`not run: ${lines.at(-1)}`);
    return { passed: end.passed, total: end.total };
  }

  private held = { access: "", until: 0 };

  private async token(): Promise<string> {
    if (Date.now() > this.held.until) {
      const body = { email: this.email, password: PASSWORD };
      const pair = await this.server.post<{ access_token: string; expires_in: number }>("/v1/auth/token", body);
      this.held = { access: pair.access_token, until: Date.now() + pair.expires_in * 500 };
    }
    return this.held.access;
  }
}
