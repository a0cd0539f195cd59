import { Disposables, Signal } from "../disposable";
import type { Agreed } from "../goals/versions";
import type { Stored } from "../protocol/cloudevent";
import type {
  ContractView,
  Courses,
  Daily,
  GoalDetail,
  HintGiven,
  Me,
  Progress,
  RungView,
} from "../protocol/generated";
import type { Api } from "../server/api";
import type { Cache } from "./cache";

export interface Parts {
  daily: Daily;
  me: Me;
  courses: Courses;
  progress: Progress;
  contract: ContractView;
}
export type Part = keyof Parts;

/** Which parts an event makes stale. A goal's own page is asked for when it is shown. */
const TOUCHES: Partial<Record<Stored["type"], readonly Part[]>> = {
  "goals.goal.assigned": ["daily"],
  "goals.goal.opened": ["daily"],
  "goals.run.finished": ["daily", "contract", "progress"],
  "goals.hint.given": ["daily", "contract"],
  "goals.plan.changed": ["daily"],
  "goals.day.started": ["daily", "contract", "me"],
  "goals.state.changed": ["daily", "courses"],
  "goals.mastery.changed": ["progress", "courses"],
  "goals.mastery.answered": ["progress"],
  "goals.review.due": ["progress"],
  "goals.profile.stated": ["me", "daily"],
  "goals.workspace.seen": ["me"],
  "goals.workspace.forgotten": ["me"],
  "goals.enrolment.started": ["me", "courses"],
  "goals.enrolment.paused": ["me", "courses"],
  "goals.enrolment.resumed": ["me", "courses"],
  "goals.enrolment.left": ["me", "courses"],
  "goals.learning.paused": ["me", "daily"],
  "goals.learning.resumed": ["me", "daily"],
  "goals.contract.accepted": ["contract"],
  "goals.contract.amended": ["contract"],
  "goals.contract.changed": ["contract"],
  "goals.contract.expiring": ["contract"],
  "goals.contract.kept": ["contract"],
  "goals.quota.refunded": ["contract"],
};
/** Milliseconds in which the events of one interaction come together. */
const TOGETHER = 120;
/** Milliseconds until what was not answered is asked for again, twice as many with each time, up to the second. */
const AGAIN = 2_000;
const LONGEST = 60_000;

/**
 * What is shown: the server's own answers, as fresh as its events make them, and from disk where it is away. Only what
 * somebody has asked for is kept fresh.
 */
export class State extends Disposables {
  readonly onChange = new Signal<Part>();
  readonly onGoal = new Signal<string>();
  private readonly parts: Partial<Parts> = {};
  private readonly wanted = new Set<Part>(["daily", "me"]);
  private readonly stale = new Set<Part>();
  private readonly missed = new Set<Part>();
  private wait = AGAIN;
  private again: NodeJS.Timeout | undefined;
  private readonly goals = new Map<string, GoalDetail>();
  /** Of each goal the rungs that were heard of; an answer on its way may be older. */
  private readonly heard = new Map<string, RungView[]>();
  /** Questions about goals, as they were asked; and of each goal the one whose answer is known. */
  private questions = 0;
  private readonly answered = new Map<string, number>();
  /** What the learner has said of a part and the server has not told of yet, by the event's id: its answers are older. */
  private readonly unheard = new Map<string, Part>();
  /** How often a part was said, or heard to be known: an answer to what was asked before is older. */
  private readonly sayings = new Map<Part, number>();
  private timer: NodeJS.Timeout | undefined;
  private refreshing: Promise<void> | null = null;

  constructor(
    private readonly api: Api,
    private readonly cache: Cache,
    private readonly failed: (error: unknown) => void,
  ) {
    super();
    this.add({ dispose: () => [this.timer, this.again].forEach(clearTimeout) });
  }

  get<P extends Part>(part: P): Parts[P] | undefined {
    return this.parts[part];
  }

  /** What is known; asked for from now on. */
  async need<P extends Part>(part: P): Promise<Parts[P] | undefined> {
    if (!this.wanted.has(part) || this.parts[part] === undefined) {
      this.wanted.add(part);
      await this.fromDisk(part);
      this.stale.add(part);
      const asked = this.refresh();
      if (this.parts[part] === undefined) await asked;
    }
    return this.parts[part];
  }

  /** What the learner has just said of it, by an event, holds here at once; the server's own answer follows that event. */
  suppose<P extends Part>(part: P, value: Parts[P], event: string): Parts[P] {
    this.unheard.set(event, part);
    this.spoken(part);
    return this.have(part, value);
  }

  /** What they said is not to be: the server's answer holds. */
  retract(event: string): void {
    const part = this.heardOf(event);
    if (part) this.touch([part]);
  }

  private heardOf(event: string): Part | undefined {
    const part = this.unheard.get(event);
    if (part) this.spoken(part);
    this.unheard.delete(event);
    return part;
  }

  private spoken(part: Part): void {
    this.sayings.set(part, (this.sayings.get(part) ?? 0) + 1);
  }

  private have<P extends Part>(part: P, value: Parts[P]): Parts[P] {
    this.parts[part] = value as never;
    void this.cache.write(`${part}.json`, JSON.stringify(value));
    this.onChange.fire(part);
    return value;
  }

  goal(goal: string): GoalDetail | undefined {
    return this.goals.get(goal);
  }

  /** Hints that were opened, here or on another machine. */
  rungs(goal: string): RungView[] {
    const kept: Partial<GoalDetail> | undefined = this.goals.get(goal);
    return together(kept?.rungs ?? [], this.heard.get(goal) ?? []);
  }

  /** As it was last seen, without asking the server. */
  async lastSeen(goal: string): Promise<GoalDetail | null> {
    return this.goals.get(goal) ?? (await this.cache.readJson<GoalDetail>(`goal-${goal}.json`));
  }

  /** Fresh from the server; where it is away, as it was last seen. Raises the server's error where neither is. */
  async goalDetail(goal: string): Promise<GoalDetail> {
    const question = ++this.questions;
    try {
      const detail = await this.api.goal(goal);
      if (question < (this.answered.get(goal) ?? 0)) return this.goals.get(goal) ?? detail; // overtaken by a later one
      this.answered.set(goal, question);
      return this.saw(this.withHeard(detail));
    } catch (error) {
      const kept = await this.lastSeen(goal);
      if (!kept) throw error;
      if (!this.goals.has(goal)) this.goals.set(goal, kept);
      return this.goals.get(goal) ?? kept;
    }
  }

  /** The answer may be from before a rung that was heard of meanwhile. */
  private withHeard(detail: GoalDetail): GoalDetail {
    const heard = this.heard.get(detail.goal) ?? [];
    if (heard.length === 0) return detail;
    const rungs = together(detail.rungs, heard);
    return { ...detail, rungs, hints: Math.max(detail.hints, rungs.at(-1)?.rung ?? 0) };
  }

  private saw(detail: GoalDetail): GoalDetail {
    void this.cache.write(`goal-${detail.goal}.json`, JSON.stringify(detail));
    this.goals.set(detail.goal, detail);
    this.onGoal.fire(detail.goal);
    return detail;
  }

  private hinted({ goal, rung, text, left }: HintGiven): void {
    this.heard.set(goal, together(this.heard.get(goal) ?? [], [{ rung, text, left }]));
    const detail = this.goals.get(goal);
    if (detail) this.saw(this.withHeard(detail));
  }

  /** What the learner ran last for this goal, wherever that was; null where they have run nothing. */
  async lastCode(goal: string): Promise<string | null> {
    const name = `code-${goal}.txt`;
    try {
      const { runs } = await this.api.runs(goal);
      const code = runs.find((run) => run.code !== "")?.code ?? null;
      if (code !== null) void this.cache.write(name, code);
      return code;
    } catch {
      return this.cache.read(name);
    }
  }

  /** The code of a goal that this machine last ran or took over, and when. */
  agreed(goal: string): Promise<Agreed | null> {
    return this.cache.readJson<Agreed>(`agreed-${goal}.json`);
  }

  agree(goal: string, code: string, at: Date): void {
    const agreed: Agreed = { code, at: at.toISOString() };
    void this.cache.write(`agreed-${goal}.json`, JSON.stringify(agreed));
  }

  /** Whether the lesson is on this machine. */
  async hasLesson(concept: string, goal: string): Promise<boolean> {
    return (await this.cache.read(`lesson-${concept}-${goal}.md`)) !== null;
  }

  async lesson(concept: string, goal?: string): Promise<string> {
    const name = `lesson-${concept}-${goal ?? ""}.md`;
    try {
      const text = await this.api.lesson(concept, goal);
      void this.cache.write(name, text);
      return text;
    } catch (error) {
      const kept = (await this.cache.read(name)) ?? (await this.cache.read(`lesson-${concept}-.md`));
      if (kept === null) throw error;
      return kept;
    }
  }

  async start(): Promise<void> {
    await Promise.all([...this.wanted].map((part) => this.fromDisk(part)));
    this.touch([...this.wanted]);
  }

  /** Asks for everything that is shown, now. */
  async renew(): Promise<void> {
    for (const part of this.wanted) this.stale.add(part);
    await this.refresh();
  }

  take(event: Stored): void {
    if (event.type === "goals.hint.given") this.hinted(event.data);
    this.heardOf(event.id);
    const touched = TOUCHES[event.type];
    if (touched) this.touch(touched.filter((part) => this.wanted.has(part)));
  }

  private touch(parts: readonly Part[]): void {
    for (const part of parts) this.stale.add(part);
    if (this.stale.size === 0) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.refresh(), TOGETHER);
  }

  private refresh(): Promise<void> {
    if (this.refreshing === null && this.stale.size > 0) this.refreshing = this.ask();
    return this.refreshing ?? Promise.resolve();
  }

  private async ask(): Promise<void> {
    while (this.stale.size > 0) {
      const parts = [...this.stale];
      this.stale.clear();
      await Promise.all(parts.map((part) => this.fetch(part)));
    }
    this.refreshing = null; // at once: what is stale from now on is asked for anew
    clearTimeout(this.again);
    if (this.missed.size > 0) this.again = setTimeout(() => this.touch([...this.missed]), this.wait);
    this.wait = this.missed.size > 0 ? Math.min(2 * this.wait, LONGEST) : AGAIN;
  }

  private async fetch<P extends Part>(part: P): Promise<void> {
    const before = this.sayings.get(part);
    try {
      const value = (await this.api[part]()) as Parts[P];
      this.missed.delete(part);
      if (this.sayings.get(part) !== before || [...this.unheard.values()].includes(part)) return; // they know better
      if (JSON.stringify(value) !== JSON.stringify(this.parts[part])) this.have(part, value);
    } catch (error) {
      this.failed(error);
      this.missed.add(part);
    }
  }

  private async fromDisk<P extends Part>(part: P): Promise<void> {
    const kept = await this.cache.readJson<Parts[P]>(`${part}.json`);
    if (kept === null || this.parts[part] !== undefined) return;
    this.parts[part] = kept as never;
    this.onChange.fire(part);
  }
}

/** Rungs of both, in their order. */
function together(some: readonly RungView[], others: readonly RungView[]): RungView[] {
  const byRung = new Map([...some, ...others].map((one) => [one.rung, one]));
  return [...byRung.values()].sort((a, b) => a.rung - b.rung);
}
