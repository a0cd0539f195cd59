import type {
  Accepted,
  ContractView,
  CopyManifest,
  Courses,
  Daily,
  GoalDetail,
  Me,
  Progress,
  Recorded,
  RunHistory,
} from "../protocol/generated";
import { SignedOut } from "./errors";
import { request, type Reply } from "./http";

/** Gives a token that holds; `renew` is told of one the server refused. Both raise SignedOut, Unreachable. */
export interface Tokens {
  access(): Promise<string>;
  renew(used: string): Promise<string>;
  /** The server says that the account was erased. */
  erased(): Promise<void>;
}

/** What the extension asks the server, typed by the server's own documents. */
export class Api {
  private daily_: { etag: string; value: Daily } | null = null;

  constructor(
    readonly server: string,
    private readonly tokens: Tokens,
  ) {}

  me = (): Promise<Me> => this.json("/v1/me");
  goal = (goal: string): Promise<GoalDetail> => this.json(`/v1/goals/${encodeURIComponent(goal)}`);
  runs = (goal: string): Promise<RunHistory> => this.json(`/v1/goals/${encodeURIComponent(goal)}/runs?limit=50`);
  progress = (): Promise<Progress> => this.json("/v1/progress");
  courses = (): Promise<Courses> => this.json("/v1/courses");
  contract = (): Promise<ContractView> => this.json("/v1/contract");

  accept(body: Accepted): Promise<Recorded> {
    return this.json("/v1/contract/acceptance", "POST", body);
  }

  /** Joins a course, or comes back to one that was left. Refused with a reason where the contract does not cover it. */
  join(course: string, id: string): Promise<Recorded> {
    return this.json(`/v1/courses/${encodeURIComponent(course)}/enrolment`, "POST", { id });
  }

  /** Deletes whatever was sent of the learner's workspace. */
  forgetWorkspace(id: string): Promise<Recorded> {
    return this.json(`/v1/me/workspace?id=${encodeURIComponent(id)}`, "DELETE");
  }

  /** The day in one answer; nothing is sent again where nothing has changed. */
  async daily(): Promise<Daily> {
    const kept = this.daily_;
    const reply = await this.ask("/v1/daily", "GET", undefined, kept?.etag);
    if (reply.status === 304 && kept) return kept.value;
    const value = JSON.parse(reply.text) as Daily;
    this.daily_ = reply.etag === null ? null : { etag: reply.etag, value };
    return value;
  }

  /** What has changed of the learner's copy; null where the ETag still holds. */
  async manifest(after: number, etag: string): Promise<{ manifest: CopyManifest; etag: string } | null> {
    const reply = await this.ask(`/v1/lake/manifest?after=${after}`, "GET", undefined, etag || undefined);
    if (reply.status === 304) return null;
    return { manifest: JSON.parse(reply.text) as CopyManifest, etag: reply.etag ?? "" };
  }

  /** Markdown. */
  async lesson(concept: string, goal?: string): Promise<string> {
    const query = goal === undefined ? "" : `?goal=${encodeURIComponent(goal)}`;
    return (await this.ask(`/v1/lessons/${encodeURIComponent(concept)}${query}`)).text;
  }

  private async json<T>(path: string, method = "GET", body?: unknown): Promise<T> {
    return JSON.parse((await this.ask(path, method, body)).text) as T;
  }

  private async ask(path: string, method = "GET", body?: unknown, etag?: string): Promise<Reply> {
    const token = await this.tokens.access();
    const asked = { body, ...(etag === undefined ? {} : { etag }) };
    try {
      return await request(this.server, method, path, { ...asked, token });
    } catch (error) {
      if (!(error instanceof SignedOut)) throw error;
      if (error.erased) await this.tokens.erased();
      if (error.erased) throw error;
      return request(this.server, method, path, { ...asked, token: await this.tokens.renew(token) });
    }
  }
}
