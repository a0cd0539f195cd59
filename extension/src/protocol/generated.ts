// Written by `npm run protocol` from docs/openapi.json and docs/events/: not to be edited. A test compares.

/**
 * `by`: until when the terms in force must be accepted; None where nothing is to do. `missing`: consents asked for
 * and not given.
 */
export interface Acceptance {
  required: boolean;
  /**
   * The version accepted last; empty: none.
   */
  accepted: string;
  consents: string[];
  missing: string[];
  by: string | null;
}
/**
 * `version`: of the terms in force, as they were read. `consents`: those given; what is left out is not given.
 */
export interface Accepted {
  id: string;
  version: string;
  /**
   * @maxItems 8
   */
  consents?: ("mood" | "workspace" | "models" | "progress")[];
}
/**
 * `goal`: the one being worked on, so that the explanation aims at it.
 */
export interface Asking {
  goal?: string | null;
}
export interface BusyThread {
  thread: string;
  since: string;
  tasks: number;
}
/**
 * A visible case. `text`: the call as code, of a whole program (`call` is "") what it reads. `expects`: in words
 * what must come of it; `expected`, `raises` and `prints` say it for programs. `compare`: exact, approx (within
 * `tolerance`), unordered, or custom and property, where a function of the challenge judges the answer.
 */
export interface CaseView {
  id: string;
  subtask: string;
  text: string;
  call: string;
  args: unknown[];
  kwargs: {
    [k: string]: unknown;
  };
  stdin: string;
  /**
   * Name to text, in the program's working folder.
   */
  files: {
    [k: string]: string;
  };
  expected: unknown;
  raises: string | null;
  prints: string | null;
  expects: string;
  compare: string;
  tolerance: number | null;
}
export interface ConceptView {
  concept: string;
  title: string;
  summary: string;
  prerequisites: string[];
  /**
   * Mastery; None before the first attempt.
   */
  shown: number | null;
}
export interface Consents {
  mood: boolean;
  workspace: boolean;
}
export interface ContractHistory {
  /**
   * Oldest first.
   */
  steps: ContractStep[];
}
/**
 * One event of the contract's life. `changes`: field → [before, after].
 */
export interface ContractStep {
  id: string;
  type: string;
  at: string;
  version: string | null;
  changes: {
    /**
     * @minItems 2
     * @maxItems 2
     */
    [k: string]: unknown[];
  };
  text: string;
}
/**
 * `state`: as it was announced last; `standing`: as it is now (waiting, kept, expiring, grace or ended). `notice`:
 * what was last said about its end. `cut_off`: the end with its days of grace. `left_today`: runs.
 */
export interface ContractView {
  contract: string;
  organisation: string;
  state: string;
  standing: string;
  terms: Terms;
  notice: string;
  signed: string;
  stated: string;
  cut_off: string;
  runs_today: number;
  left_today: number;
  days_left: number;
  quotas: QuotaView[];
  acceptance: Acceptance;
}
/**
 * `courses`: empty means all. Quotas are per learner's own day: runs, goals, hints, and `kinds_per_day` the goals
 * of one kind. `grace_days`: after `ends`, before cut-off; also the days to accept new terms in. `seats`: how many
 * learners the organisation may have under contract at once (None: any number; the earliest signed keep theirs).
 * `acceptance`: the learner must accept this version, with every one of `consents`.
 */
export interface Terms {
  starts: string;
  ends: string;
  courses: string[];
  runs_per_day: number;
  goals_per_day: number;
  hints_per_day: number;
  kinds_per_day: {
    [k: string]: number;
  };
  grace_days: number;
  seats: number | null;
  consents: ("mood" | "workspace" | "models" | "progress")[];
  acceptance: boolean;
  price: PricePlan | null;
  version: string;
}
/**
 * What the learning costs, for people to read: nothing is charged here. `amount`: in hundredths of `currency`.
 */
export interface PricePlan {
  name: string;
  amount: number;
  currency: string;
  per: "month" | "year" | "once";
}
/**
 * `kind`: runs, hints, goals, or `goals.<kind of goal>`. `resets`: the learner's next midnight, as an instant.
 */
export interface QuotaView {
  kind: string;
  limit: number;
  used: number;
  left: number;
  resets: string;
}
/**
 * `path`: its place within the copy; never used again for other content. `url`: GET it without a token until the
 * manifest's `expires`; `Range` is possible.
 */
export interface CopyFile {
  dataset: string;
  part: string;
  path: string;
  rows: number;
  bytes: number;
  sha256: string;
  url: string;
}
/**
 * What to fetch and to drop. Afterwards the copy is at `change`, and `after=change` asks for what is new.
 */
export interface CopyManifest {
  /**
   * Of the datasets, as docs/lake.md describes them.
   */
  schema: number;
  learner: string;
  /**
   * IANA name: whose days the column `day` counts.
   */
  timezone: string;
  /**
   * The cursor.
   */
  change: number;
  /**
   * The copy tells of every event up to this `sequence`.
   */
  position: number;
  /**
   * `files` is all there is: what else you have is to be dropped.
   */
  whole: boolean;
  files: CopyFile[];
  /**
   * Parts that have ended: drop them at once.
   */
  gone: CopyPart[];
  /**
   * SHA-256 over `path sha256\n` of each file of the whole copy, ordered by path.
   */
  digest: string;
  /**
   * Of the addresses.
   */
  expires: string;
}
/**
 * A part of a dataset, which is a file: `dataset` `attempts`, `part` `2026-11`.
 */
export interface CopyPart {
  dataset: string;
  part: string;
}
export interface CourseView {
  course: string;
  title: string;
  summary: string;
  language: string;
  goals: string[];
  /**
   * Active or completed.
   */
  enrolled: boolean;
  /**
   * active, paused, completed, left or ended; None: never joined.
   */
  state: string | null;
  /**
   * By the learner's contract.
   */
  covered: boolean;
  modules: ModuleView[];
}
export interface ModuleView {
  module: string;
  title: string;
  concepts: ConceptView[];
}
export interface Courses {
  version: string;
  courses: CourseView[];
}
export interface Credentials {
  /**
   * Letter case does not matter.
   */
  email: string;
  password: string;
}
export interface Daily {
  day: string;
  goals: GoalSummary[];
  plan: PlanView | null;
  streak: Streak;
  stats: Stats;
}
export interface GoalSummary {
  goal: string;
  kind: string;
  title: string;
  challenge: string;
  course: string;
  concepts: string[];
  difficulty: number;
  minutes: number;
  day: string;
  /**
   * assigned, open, solved, stuck, paused, swapped or abandoned
   */
  state: string;
  because: string;
  runs: number;
  /**
   * Highest rung given, of five.
   */
  hints: number;
  /**
   * Cases passed in the best run.
   */
  best: number;
  total: number;
  assigned: string;
  opened: string | null;
  closed: string | null;
}
export interface PlanView {
  day: string;
  minutes: number;
  goals: PlannedView[];
  because: string;
  mood: string | null;
  changed: string;
}
export interface PlannedView {
  kind: string;
  concept: string;
  title: string;
  minutes: number;
  because: string;
  /**
   * In [0, 1]: lighter ones make room for what cannot wait.
   */
  weight: number;
  /**
   * What the weight is the sum of: the reason and its figures.
   */
  parts: {
    [k: string]: number;
  };
  /**
   * The same in words; empty in plans older than the table of weights.
   */
  weighs: string;
  goal: string | null;
}
/**
 * Days in a row with work, in the learner's own calendar; days off (of each week, or taken until a day) neither
 * count nor break it.
 */
export interface Streak {
  current: number;
  longest: number;
}
export interface Stats {
  runs: number;
  solved: number;
  minutes_planned: number;
  reviews_due: number;
}
/**
 * `minutes`: spent typing on goals, as the learner's editors told; 0 where they tell nothing. A day of typing alone
 * has no `runs`.
 */
export interface DayOfWork {
  day: string;
  runs: number;
  solved: number;
  minutes: number;
}
export interface DeviceApproval {
  user_code: string;
}
export interface DeviceCode {
  device_code: string;
}
/**
 * RFC 8628. Show `user_code` and `verification_uri`, or open `verification_uri_complete`; ask for the token every
 * `interval` seconds.
 */
export interface DeviceRequest {
  device_code: string;
  user_code: string;
  verification_uri: string;
  verification_uri_complete: string;
  expires_in: number;
  interval: number;
}
export interface EnrolmentRow {
  course: string;
  title: string;
  state: string;
  started: string;
}
/**
 * `next`: the `after` of the next page; None at the end.
 */
export interface EventPage {
  events: EventView[];
  next: number | null;
}
/**
 * A stored event as a CloudEvent. `sequence`: its place in the global order.
 */
export interface EventView {
  specversion: "1.0";
  id: string;
  type: string;
  source: string;
  subject: string;
  time: string;
  sequence: string;
  correlationid: string;
  data: {
    [k: string]: unknown;
  };
  [k: string]: unknown;
}
/**
 * One wrong field. `at`: its path, for example `body.email`.
 */
export interface Fault {
  at: string;
  problem: string;
}
export interface FeedbackView {
  run: string;
  text: string;
  cause: string | null;
  at: string;
}
export interface GoalDetail {
  goal: string;
  kind: string;
  title: string;
  challenge: string;
  course: string;
  concepts: string[];
  difficulty: number;
  minutes: number;
  day: string;
  /**
   * assigned, open, solved, stuck, paused, swapped or abandoned
   */
  state: string;
  because: string;
  runs: number;
  /**
   * Highest rung given, of five.
   */
  hints: number;
  /**
   * Cases passed in the best run.
   */
  best: number;
  total: number;
  assigned: string;
  opened: string | null;
  closed: string | null;
  /**
   * Programming language.
   */
  language: string;
  /**
   * Markdown.
   */
  statement: string;
  /**
   * The function to write.
   */
  entry: string;
  starter: string;
  subtasks: SubTaskView[];
  /**
   * The visible ones.
   */
  cases: CaseView[];
  hidden_cases: number;
  page: PageLink;
  /**
   * Newest first.
   */
  feedback: FeedbackView[];
  /**
   * Hints given, the lowest first.
   */
  rungs: RungView[];
  /**
   * The last five runs, without code.
   */
  history: RunView[];
}
export interface SubTaskView {
  id: string;
  title: string;
}
/**
 * The page that answers what failed last, else the goal's own.
 */
export interface PageLink {
  concept: string;
  /**
   * `id` in the page's text where it begins: a pitfall that explains the likely cause, or the line about the failing case. None, the top: nothing has failed since all cases passed.
   */
  anchor: string | null;
  href: string;
}
/**
 * A hint that was given. `rung`: 1 to 5; `left`: how many are above it.
 */
export interface RungView {
  rung: number;
  text: string;
  left: number;
}
export interface RunView {
  run: string;
  purpose: string;
  passed: number;
  failed: number;
  total: number;
  verdict: string;
  /**
   * We failed; it cost nothing.
   */
  fault: boolean;
  at: string;
  code: string;
  /**
   * Failing cases, at most five.
   */
  cases: SeenCase[];
}
/**
 * A case of a run. Of a hidden one there is only its sub-task and verdict.
 */
export interface SeenCase {
  id: string | null;
  subtask: string | null;
  verdict: string | null;
  visible: boolean;
  input: unknown;
  expected: unknown;
  got: unknown;
  line: number | null;
  error: unknown;
  stdout: string | null;
  ms: number | null;
}
export interface Goals {
  /**
   * Today, in the learner's own calendar.
   */
  day: string;
  goals: GoalSummary[];
  /**
   * How many may still be swapped today.
   */
  swaps_left: number;
}
export interface Grant {
  /**
   * Letter case does not matter.
   */
  email: string;
  roles: ("learner" | "author" | "organisation" | "operator")[];
  organisation?: string | null;
}
export interface Granted {
  learner: string;
  roles: string[];
}
export interface Health {
  status: "ok";
}
/**
 * `recorded`: durable. `duplicate`: was durable already, which is just as well. `refused`: can never be recorded as
 * it is; `problem` says why.
 */
export interface InteractionResult {
  id: string | null;
  status: "recorded" | "duplicate" | "refused";
  position: number | null;
  problem: Problem | null;
}
/**
 * What went wrong, with which value, and what to do.
 *
 * `type` is stable and meant for programs; `title`, `detail`, `hint` and `remedy` are meant for people, in the
 * learner's language. `id` is given for unexpected errors: quote it to the operator. `reason` and `remedy` are given
 * where access was refused, `remedy` also where a learner's choice was. `retry_after`: seconds until it may be sent
 * again, where it was too much for now; over the websocket it is all there is of the header `Retry-After`.
 */
export interface Problem {
  type: string;
  title: string;
  status: number;
  detail: string;
  hint?: string | null;
  instance?: string | null;
  errors?: Fault[] | null;
  id?: string | null;
  reason?: string | null;
  remedy?: string | null;
  retry_after?: number | null;
}
/**
 * In the order of what was sent.
 */
export interface InteractionResults {
  results: InteractionResult[];
}
export interface Jwks {
  keys: {
    [k: string]: string;
  }[];
}
export interface Lag {
  outbox: number;
  waiting: number;
  waiting_threads: number;
  busy: BusyThread[];
  runs: number;
  lake: LakeLag;
  learner_model: ModelLag;
}
/**
 * `events` are not in the lake yet, the oldest for `seconds`; `copies`: learners whose copy is behind. `owed`:
 * erasures that are not proven yet, the oldest for `owed_seconds`; `damaged`: files that can be neither read nor
 * mended.
 */
export interface LakeLag {
  events: number;
  seconds: number;
  copies: number;
  files: number;
  rows: number;
  bytes: number;
  owed: number;
  owed_seconds: number;
  damaged: number;
}
/**
 * The learner model: `events` of the log are still to be looked at; `learnt`: outcomes it has learnt from; `ready`:
 * evaluation expects by it; `parts`, `bytes`: what is kept.
 */
export interface ModelLag {
  events: number;
  learnt: number;
  ready: boolean;
  parts: number;
  bytes: number;
}
/**
 * Figures in [0, 1]; `uncertainty` is one standard deviation in log-odds; `evidence`: ids of evaluations.
 */
export interface MasteryView {
  concept: string;
  title: string;
  course: string | null;
  shown: number;
  assisted: number;
  unassisted: number;
  uncertainty: number;
  attempts: number;
  because: string;
  evidence: string[];
  changed: string;
  questioned: string | null;
}
export interface MasteryWhy {
  concept: string;
  title: string;
  course: string | null;
  shown: number;
  assisted: number;
  unassisted: number;
  uncertainty: number;
  attempts: number;
  because: string;
  evidence: string[];
  changed: string;
  questioned: string | null;
  /**
   * The evaluations it rests on.
   */
  events: EventView[];
}
export interface Me {
  learner: string;
  email: string;
  name: string;
  roles: string[];
  organisation: string | null;
  tenant: string;
  language: string;
  timezone: string;
  target: string;
  /**
   * None until a profile was stated (goals.profile.stated).
   */
  level: string | null;
  /**
   * A day.
   */
  minutes: number;
  /**
   * Of weekdays that have others; "0" is Monday.
   */
  minutes_on: {
    [k: string]: number;
  };
  /**
   * 0 is Monday.
   */
  days_off: number[];
  /**
   * On days off (POST /v1/me/rest): the first day of learning again.
   */
  back: string | null;
  job: string;
  /**
   * Of their workspace, as it was seen last (PUT /v1/me/workspace).
   */
  languages: string[];
  dependencies: string[];
  consents: Consents;
  state: string;
  registered: string;
  enrolments: EnrolmentRow[];
}
/**
 * `id`: the client's own, so that a repeat is no second amendment. `organisation`: only an operator may hand a
 * contract to another one.
 */
export interface NewTerms {
  id?: string | null;
  terms: Terms;
  organisation?: string | null;
}
/**
 * `id`: the client's own, so that a repeat is one doubt. `attempt`: the run that is meant, if one is.
 */
export interface Objection {
  id: string;
  attempt?: string | null;
  text?: string;
}
/**
 * `retention`: None before the first day with a review.
 */
export interface Progress {
  mastery: MasteryView[];
  streak: Streak;
  /**
   * Those with work among the last 126 calendar days (18 weeks).
   */
  days: DayOfWork[];
  total: Worked;
  reviews: ReviewView[];
  retention: Retention | null;
  /**
   * The forgetting curve of all reviews, the shortest rest first.
   */
  recall: Recall[];
}
/**
 * Of all time. `days`: with a run; `solved`: goals that are solved; `minutes`: as in a day of work.
 */
export interface Worked {
  days: number;
  runs: number;
  solved: number;
  minutes: number;
}
export interface ReviewView {
  concept: string;
  title: string;
  due: string;
  overdue: boolean;
}
/**
 * Of the last weeks' reviews: how many there were, how many were recalled without help.
 */
export interface Retention {
  reviews: number;
  recalled: number;
}
/**
 * Reviews answered so many whole days after their concept was last met: how many, and how many of them were
 * recalled without help. `until_days` None: or later.
 */
export interface Recall {
  from_days: number;
  until_days: number | null;
  reviews: number;
  recalled: number;
}
/**
 * `role`: the part it plays for the event above (`label`: in words). `says`: what it says; `because`: the reason
 * that was recorded with it. `again`: it stands nearer to the top already. `more`: what it rests on was left out.
 */
export interface ReasonView {
  event: string;
  type: string;
  source: string;
  at: string;
  sequence: number;
  role: string;
  label: string;
  says: string;
  because: string;
  again: boolean;
  more: boolean;
  reasons: ReasonView[];
}
export interface Recorded {
  id: string;
  position: number;
}
export interface RefreshToken {
  refresh_token: string;
}
export interface Registration {
  /**
   * Letter case does not matter.
   */
  email: string;
  password: string;
  name: string;
  language?: "en" | "es";
  /**
   * IANA name
   */
  timezone?: string;
  /**
   * courses to be enrolled in; without it those for newcomers
   */
  courses?: string[] | null;
}
export interface Rejection {
  consumer: string;
  id: string;
  type: string;
  reason: string;
  at: string;
}
export interface Rejections {
  rejections: Rejection[];
}
/**
 * `access_token`: the one it came with, which may have expired: an account that was erased is then told from a
 * sign-in that has ended.
 */
export interface Renewal {
  refresh_token: string;
  access_token?: string | null;
}
export interface RestOrder {
  id: string;
  /**
   * The first day of learning again, at most 366 days ahead.
   */
  until: string;
}
/**
 * The learner ended it: it counts nowhere. `judged`: cases whose verdict was there, of `total`.
 */
export interface RunCancelled {
  type: "cancelled";
  run: string;
  goal: string;
  purpose: string;
  judged: number;
  total: number;
  position: number;
}
/**
 * Newest first.
 */
export interface RunHistory {
  runs: RunView[];
}
/**
 * `id`: the client's own; sending it again joins or repeats the same run and costs nothing.
 */
export interface RunOrder {
  id: string;
  /**
   * At most 64 KiB of UTF-8.
   */
  code: string;
  purpose?: "run" | "submit";
}
export interface SwapOrder {
  id: string;
  /**
   * What was wrong with it; too_hard and too_easy are heeded.
   */
  reason?: ("too_hard" | "too_easy" | "not_for_me" | "seen_before" | "unclear") | null;
}
export interface Tick {
  at?: string | null;
}
export interface Ticked {
  id: string;
  at: string;
}
/**
 * `expires_in`: seconds. The refresh token works once and gives the next; used twice it ends the sign-in.
 */
export interface TokenPair {
  access_token: string;
  token_type: "Bearer";
  expires_in: number;
  refresh_token: string;
  learner: string;
}
/**
 * A concept by its name, or words, or both.
 */
export interface WishOrder {
  id: string;
  text?: string;
  concept?: string | null;
}
/**
 * `outcome`: None while it is not answered; then planned (`goal`), later, other_course, not_covered or unknown.
 */
export interface WishView {
  wish: string;
  text: string;
  concept: string | null;
  at: string;
  outcome: ("planned" | "later" | "other_course" | "not_covered" | "unknown") | null;
  goal: string | null;
  because: string | null;
}
export interface Wishes {
  /**
   * Of the last 30 days, the newest first.
   */
  wishes: WishView[];
}
/**
 * `id`: the client's own, so that a repeat is one request.
 */
export interface Word {
  id: string;
}
/**
 * Names as registries write them: no paths, no versions, no code. They take the place of those sent before.
 */
export interface WorkspaceOrder {
  id: string;
  /**
   * @maxItems 20
   */
  languages?: string[];
  /**
   * @maxItems 100
   */
  dependencies?: string[];
}
/**
 * A summary of edits; never the text. `seconds`: active time it covers; `idle`: pause before it, in seconds.
 */
export interface CodeEdited {
  deleted: number;
  goal: string;
  idle?: number;
  inserted: number;
  pasted?: number;
  seconds?: number;
}
/**
 * `length`: characters of the file. The text itself comes with a run, or not at all.
 */
export interface CodeSaved {
  goal: string;
  length: number;
}
/**
 * The learner leaves a course. What they did in it stays; they may join it again.
 */
export interface EnrolmentLeft {
  course: string;
}
/**
 * The learner lays a course aside.
 */
export interface EnrolmentPaused {
  course: string;
}
/**
 * The learner takes a course up again.
 */
export interface EnrolmentResumed {
  course: string;
}
/**
 * The end of an explanation. `replaced`: why a model's words were not used.
 */
export interface Explained {
  type: "explained";
  origin: "rule" | "model";
  replaced: string | null;
}
/**
 * The learner had a goal's code in front of them. `seconds`: for how long, typing or not.
 */
export interface GoalFocused {
  goal: string;
  seconds: number;
}
export interface GoalOpened {
  goal: string;
}
export interface GoalPaused {
  goal: string;
}
/**
 * The learner takes up a goal that was laid aside.
 */
export interface GoalResumed {
  goal: string;
}
/**
 * The learner wants another goal in this one's place. `reason`: what was wrong with it, if they say so.
 */
export interface GoalSwapped {
  goal: string;
  reason?: ("too_hard" | "too_easy" | "not_for_me" | "seen_before" | "unclear") | null;
}
/**
 * The next rung of the ladder, or rung `rung` (1 to 5) if it has been reached already.
 */
export interface HintAsked {
  goal: string;
  rung?: number | null;
}
/**
 * The learner takes days off: nothing new is planned and nothing is lost. `until`: the first day they learn again,
 * in their own calendar.
 */
export interface LearningPaused {
  until: string;
}
/**
 * The learner is back before the day they had named.
 */
export interface LearningResumed {}
/**
 * "This is wrong": the learner doubts a mastery figure. `attempt`: the run they mean, if they mean one.
 */
export interface MasteryQuestioned {
  attempt?: string | null;
  concept: string;
  text?: string;
}
/**
 * The learner closes a message unread or unwanted. `message`: the event that brought it.
 */
export interface MessageDismissed {
  message: string;
}
/**
 * One click. `question`: id of the `mood.asked` event, if one was asked.
 */
export interface MoodAnswered {
  answer: "great" | "good" | "flat" | "stuck" | "tired" | "not_now" | "never_ask";
  goal?: string | null;
  question?: string | null;
}
/**
 * The learner wants what is kept of their mood deleted. What was asked for attention lately stays counted.
 */
export interface MoodForgotten {}
/**
 * What the learner says of themselves. `minutes`: a day; `minutes_on`: of weekdays (0 is Monday) that have more or
 * fewer. `days_off`: weekdays on which they do not learn. `timezone`: IANA name. `target`: what they want to be able
 * to do; `job`: what they do. What their workspace holds is `workspace.seen`, which can be deleted.
 */
export interface ProfileStated {
  consent_mood?: boolean;
  consent_workspace?: boolean;
  days_off?: number[];
  job?: string;
  language?: "en" | "es";
  level?: "new" | "beginner" | "intermediate" | "advanced";
  minutes?: number;
  minutes_on?: {
    [k: string]: number;
  };
  target?: string;
  timezone?: string;
}
export interface RunAccepted {
  type: "accepted";
  run: string;
  goal: string;
  position: number;
}
export interface RunCase {
  id: string | null;
  subtask: string | null;
  verdict: string | null;
  visible: boolean;
  input: {
    [k: string]: unknown;
  };
  expected: {
    [k: string]: unknown;
  };
  got: {
    [k: string]: unknown;
  };
  line: number | null;
  error: {
    [k: string]: unknown;
  };
  stdout: string | null;
  ms: number | null;
  type: "case";
  index: number;
  of: number;
  frame: number;
}
export interface RunEnd {
  type: "finished";
  run: string;
  goal: string;
  purpose: string;
  passed: number;
  failed: number;
  total: number;
  verdict: string;
  /**
   * The sandbox that was around it.
   */
  mode: string;
  ms: number;
  subtasks: {
    [k: string]: boolean;
  };
  fault: boolean;
  position: number;
  cases: SeenCase[];
}
/**
 * What a visible case prints, while it runs; the case's own frame has all of its stdout.
 */
export interface RunPrinted {
  type: "printed";
  case: string;
  stream: "stdout" | "stderr";
  text: string;
  frame: number;
}
export interface RunProblem {
  type: "problem";
  problem: Problem;
}
/**
 * `position`: how many runs start before this one.
 */
export interface RunQueued {
  type: "queued";
  position: number;
  /**
   * This run's passing frames are numbered from 1.
   */
  frame: number;
}
/**
 * A run on the learner's own machine: visible cases only, and their machine's word, which decides nothing. `run`:
 * the id of the `run.requested` it went beside.
 */
export interface RunRehearsed {
  failed: number;
  goal: string;
  passed: number;
  run: string;
}
/**
 * `purpose` submit: this counts as the learner's answer; run: a try.
 */
export interface RunRequested {
  code: string;
  goal: string;
  purpose?: "run" | "submit";
}
/**
 * The learner asks for a goal of their own: words, a concept, or both.
 */
export interface WishStated {
  concept?: string | null;
  text?: string;
}
/**
 * A piece of an explanation. `instead`: it stands for all before it, which is not to be shown any more.
 */
export interface Words {
  type: "words";
  text: string;
  instead: boolean;
}
/**
 * Which languages and dependencies the learner's workspace holds, as their editor saw it, with their consent. Names
 * as registries write them, separated by spaces: no paths, no versions, no code. The newest counts, alone.
 */
export interface WorkspaceSeen {
  dependencies?: string;
  languages?: string;
}
/**
 * `reason`: a stable word; `text`: for the learner; `remedy`: what would lift it.
 */
export interface AccessDenied {
  goal: string | null;
  reason:
    | "unknown_learner"
    | "unknown_goal"
    | "not_your_goal"
    | "not_enrolled"
    | "no_contract"
    | "contract_not_started"
    | "contract_ended"
    | "course_not_covered"
    | "quota_used_up"
    | "hints_used_up"
    | "goal_closed"
    | "no_seat"
    | "terms_not_accepted"
    | "consent_missing";
  remedy: string;
  text: string;
}
export interface AccessGranted {
  because: string;
  goal: string | null;
  until: string;
}
/**
 * How difficult a challenge of the curriculum has turned out to be, from first answers of all who met it: takes the
 * place of what it states from now on. Of no learner: its subject is `curriculum`.
 *
 * `difficulty`, `stated` (as the challenge says), `before` (what held until now): 0 easiest to 1. `uncertainty`: one
 * standard deviation of `difficulty`. `learners`: at least so many stand behind it; 0 where too few are left (some
 * were erased), and what is stated holds again. `until`: the position of the log up to which the lake was asked.
 */
export interface ChallengeMeasured {
  before: number;
  challenge: string;
  difficulty: number;
  learners: number;
  stated: number;
  uncertainty: number;
  until: number;
  version: number;
}
export interface ChallengeProposed {
  challenge: string;
  concept: string;
  origin: "bank" | "parametric" | "model";
  variant: string | null;
  version: number;
}
export interface ChallengeRejected {
  challenge: string;
  reasons: string[];
  variant: string | null;
  version: number;
}
export interface ChallengeVerified {
  challenge: string;
  evidence: {
    [k: string]: number;
  };
  variant: string | null;
  version: number;
}
/**
 * A challenge written for one order, before anything of it was tried: of this learner alone. `document`: all of it
 * as JSON, with its reference and hidden cases, so no client is ever given it.
 */
export interface ChallengeWritten {
  challenge: string;
  concept: string;
  course: string;
  document: string;
  goal: string;
  version: number;
}
/**
 * The learner accepts a version of the terms. `consents`: those they gave with it.
 */
export interface ContractAccepted {
  consents: ("mood" | "workspace" | "models" | "progress")[];
  contract: string;
  version: string;
}
/**
 * The organisation states new terms; the contract node notices what changed for the learner. `changes`: what this
 * amendment itself changed, field → [before, after], as text.
 */
export interface ContractAmended {
  changes: {
    /**
     * @minItems 2
     * @maxItems 2
     */
    [k: string]: unknown[];
  };
  contract: string;
  organisation: string;
  terms: Terms;
}
/**
 * `changes`: field → [before, after], as text. `accept_by`: until when the learner must accept them, if they
 * must; `text`: the same in their language.
 */
export interface ContractChanged {
  accept_by: string | null;
  changes: {
    /**
     * @minItems 2
     * @maxItems 2
     */
    [k: string]: unknown[];
  };
  contract: string;
  text: string;
}
export interface ContractExpiring {
  contract: string;
  days_left: number;
  ends: string;
  state: "expiring" | "grace" | "ended";
  text: string;
}
export interface ContractKept {
  checked_until: string;
  contract: string;
}
export interface ContractSigned {
  contract: string;
  organisation: string;
  terms: Terms;
}
export interface CoursePublished {
  course: string;
  version: string;
}
/**
 * The daily tick reached this learner: `day` is the calendar day where they live.
 */
export interface DayStarted {
  day: string;
}
/**
 * `by`: with the account, or by the learner's own word afterwards (then the plan follows at once).
 */
export interface EnrolmentStarted {
  because: string;
  by: "sign_up" | "learner";
  course: string;
}
/**
 * One attempt, measured. `expected`: the learner model's probability of success before it was seen, in [0, 1].
 * `deltas`: what it moves in the model's ratings (log-odds), by rating key. `seconds`: since the goal was opened.
 * `pace`: of a first solution: how long it took of the minutes planned, against the learner's own median of the same
 * (1: as always, 2: twice as long); None while there is too little history. `weight`: how much it counted, in [0, 1].
 * `predictor`: who said `expected`: `learner_model`, as code of `predictor_version` had learnt it from the log up to
 * `predictor_position`, or `ratings`, where that was not there (yet).
 */
export interface EvaluationRecorded {
  assisted: boolean;
  attempt: number;
  challenge: string;
  concepts: string[];
  correct: boolean;
  deltas: {
    [k: string]: number;
  };
  error: string | null;
  expected: number;
  goal: string;
  pace: number | null;
  predictor: ("ratings" | "learner_model") | null;
  predictor_position: number | null;
  predictor_version: string | null;
  purpose: "run" | "submit";
  run: string;
  score: number;
  seconds: number | null;
  weight: number | null;
}
/**
 * A cause that came up again and again. `goals`: on how many goals; `recent`: times in the last 7 days;
 * `before`: times in the 21 days before them.
 */
export interface ErrorPattern {
  before: number;
  cause: string;
  goals: number;
  recent: number;
  trend: "new" | "more" | "same" | "less" | "gone";
}
/**
 * Reviews of the last 28 days: how many goals of kind review were answered, how many at the first submission and
 * without help, and what the learner model expected of them on average (None: it was not asked).
 */
export interface Retained {
  expected?: number | null;
  recalled: number;
  reviews: number;
}
/**
 * A learner's day of work, in their own calendar. `attempts`: runs evaluated; `solved`, `assisted`: goals solved,
 * and those of them with help; `seconds`: from opening to solving, of the goals solved; `pace`: the median of theirs
 * (see `evaluation.recorded`); `mastery`: concept → [in the morning, in the evening]; `evidence`: ids of the
 * evaluations it rests on.
 */
export interface EvaluationSummarised {
  assisted: number;
  attempts: number;
  day: string;
  evidence: string[];
  mastery: {
    /**
     * @minItems 2
     * @maxItems 2
     *
     * This interface was referenced by `undefined`'s JSON-Schema definition
     * via the `patternProperty` "^[a-z0-9-]+$".
     */
    [k: string]: unknown[];
  };
  pace: number | null;
  patterns: ErrorPattern[];
  retention: Retained;
  seconds: number;
  solved: number;
}
/**
 * An evaluation that no longer counts. `deltas`: what it had moved in the ratings, taken back, by rating key.
 */
export interface EvaluationWithdrawn {
  because: string;
  concepts: string[];
  deltas: {
    [k: string]: number;
  };
  evaluation: string;
  goal: string;
  run: string;
}
/**
 * At most 280 characters, never the solution. `text` and `input` may quote the learner's code. `origin`: who made
 * the text. `replaced`: why a model's text was not used: the rules that refused it, or why none came; None where no
 * model was asked, or its text stands.
 */
export interface FeedbackGiven {
  case: string | null;
  cause: string | null;
  goal: string;
  input: string | null;
  language: "en" | "es";
  line: number | null;
  origin: "rule" | "model";
  replaced: string | null;
  run: string;
  text: string;
}
/**
 * `difficulty`: of the challenge, as it stood: stated by it, or measured (`goals.challenge.measured`).
 */
export interface GoalAssigned {
  because: string;
  challenge: string;
  challenge_version: number;
  concepts: string[];
  course: string;
  day: string;
  difficulty: number;
  goal: string;
  kind: "placement" | "daily" | "course" | "skill" | "project" | "review" | "wish";
  minutes: number;
  variant: string | null;
}
/**
 * Help that nobody asked for, where the learner may be stuck. `offers`: what one click would do. `expected`: the
 * learner model's probability of success; `failures`, `stalled`: failing runs, and those in a row that passed no new
 * case: the figures that spoke for it.
 */
export interface HelpOffered {
  expected: number | null;
  failures: number;
  goal: string;
  language: "en" | "es";
  offers: ("hint" | "smaller_step" | "pause")[];
  run: string;
  stalled: number;
  text: string;
}
/**
 * `retest`: when the concept is tested again in exchange for a worked example. `origin`, `replaced`: as in
 * `feedback.given`.
 */
export interface HintGiven {
  goal: string;
  language: "en" | "es";
  left: number;
  origin: "rule" | "model";
  replaced: string | null;
  retest: string | null;
  rung: number;
  text: string;
}
/**
 * The learner's payloads, names and account are gone; what stays says nothing about a person.
 */
export interface LearnerErased {
  payloads: number;
}
export interface LearnerRegistered {
  language: "en" | "es";
  name: string;
  timezone: string;
}
/**
 * A page in other words, as the learner asked for it and read it. `origin`, `replaced`: as in `feedback.given`.
 */
export interface LessonExplained {
  concept: string;
  goal: string | null;
  language: "en" | "es";
  origin: "rule" | "model";
  replaced: string | null;
  text: string;
}
/**
 * A page was chosen for this learner. `anchor`: the heading that answers what just failed. `words`: what a model
 * explained for them beside the authored lesson; `replaced`: why its text was not used, or why none came.
 */
export interface LessonWritten {
  anchor: string | null;
  because: string;
  concept: string;
  course: string;
  goal: string | null;
  language: "en" | "es";
  page: string;
  replaced: string | null;
  version: string;
  words: string | null;
}
/**
 * What became of a doubt: re-weighed without the attempt, or explained. `rule`: the rule that said so, a stable
 * word. `evidence`: ids of the evaluations the figure rests on, or of the one withdrawn.
 */
export interface MasteryAnswered {
  after: number;
  attempt: string | null;
  before: number;
  concept: string;
  evidence: string[];
  outcome: "reweighed" | "explained";
  question: string;
  rule: "challenge_changed" | "first_try" | "too_high" | "slip" | "limit" | "stands" | "no_attempt" | "not_yours";
  text: string;
}
/**
 * `before`/`after`: shown mastery in [0, 1]; `assisted`, `unassisted` apart; `uncertainty`: one standard
 * deviation, in log-odds; `evidence`: ids of the runs it rests on (their `run.finished`), newest first.
 */
export interface MasteryChanged {
  after: number;
  assisted: number;
  attempts: number;
  because: string;
  before: number;
  concept: string;
  evidence: string[];
  goal: string;
  unassisted: number;
  uncertainty: number;
}
/**
 * Something could have been said and was not. `why` control: one in ten, chosen by the run's id, so that the
 * effect of messages can be measured against none.
 */
export interface MessageWithheld {
  goal: string;
  message: "feedback" | "help" | "motivation" | "progress";
  run: string;
  why: "nothing_new" | "control" | "too_soon" | "session" | "typing" | "dismissed" | "asked";
}
/**
 * One question to a model. `outcome`: `answered`, `cached` (nothing was sent), or why nothing came. Tokens and
 * `cost` (millionths of a US dollar) are of all `attempts` together; `estimated`: some of it was not told by the
 * server and is counted at its upper bound; `priced` False: the model is not in the price table and is counted at
 * the dearest row. `ms`: wall time. `digest`: of the prompt file and the answer's schema. `first_ms`: until the
 * first words of a stream.
 */
export interface ModelCalled {
  attempts: number;
  cached_tokens: number;
  contract: string | null;
  cost: number;
  digest: string;
  estimated: boolean;
  first_ms: number | null;
  input_tokens: number;
  model: string;
  ms: number;
  outcome:
    | ("answered" | "cached")
    | (
        | "budget"
        | "resting"
        | "busy"
        | "timeout"
        | "network"
        | "rate_limited"
        | "server_error"
        | "not_accepted"
        | "refused"
        | "invalid"
        | "too_large"
        | "cut"
        | "objected"
      );
  output_tokens: number;
  priced: boolean;
  prompt: string;
  prompt_version: number;
}
/**
 * A question with one-click answers. `answers`: the choices offered, in order, with their label.
 */
export interface MoodAsked {
  answers: {
    [k: string]: string;
  };
  because: string;
  goal: string | null;
  question: string;
}
/**
 * `state` is never an assertion about a person: "may be stuck" comes from signals, the rest from their answer.
 */
export interface MoodObserved {
  effect: "none" | "smaller_step" | "review" | "pause" | "stretch";
  evidence: string[];
  signal: string;
  state: "great" | "good" | "flat" | "may_be_stuck" | "stuck" | "tired";
}
export interface MotivationGiven {
  evidence: string[];
  goal: string | null;
  text: string;
}
/**
 * One line of a plan. `weight`: why this and not another, in [0, 1], as the planner weighed it. `parts`: what it is
 * the sum of, by the names of `shared/planning/weights.toml`; empty in plans older than that table.
 */
export interface PlannedGoal {
  because: string;
  concept: string;
  goal?: string | null;
  kind: "placement" | "daily" | "course" | "skill" | "project" | "review" | "wish";
  minutes: number;
  parts?: {
    [k: string]: number;
  };
  weight: number;
}
/**
 * The portfolio of a day, in the learner's own calendar. `to_write`: the goal that has no challenge in the bank, so
 * that one is written for it; at most one a day, and not asked for again where that came to nothing.
 */
export interface PlanChanged {
  because: string;
  day: string;
  goals: PlannedGoal[];
  minutes: number;
  mood: string | null;
  to_write: string | null;
}
export interface ProcessReviewed {
  findings: string[];
  thread: string;
}
/**
 * Feedback on progress across goals, once a day, with the first run of the learner's day. `solved`, `unassisted`:
 * goals since `since`; `evidence`: these goals' ids.
 */
export interface ProgressTold {
  day: string;
  evidence: string[];
  language: "en" | "es";
  since: string;
  solved: number;
  text: string;
  unassisted: number;
}
/**
 * We failed (an infrastructure fault): the run is given back.
 */
export interface QuotaRefunded {
  because: string;
  contract: string;
  run: string;
}
/**
 * `card`: the FSRS card's facts after this review (stability in days, difficulty 1 to 10).
 */
export interface ReviewDue {
  concept: string;
  difficulty: number | null;
  due: string;
  reviewed: string | null;
  stability: number | null;
}
/**
 * The learner ended a run before it was over: it has no outcome, counts nowhere and costs nothing. `judged`: cases
 * whose verdict was there by then, of `total`.
 */
export interface RunCancelledEvent {
  goal: string;
  judged: number;
  purpose: "run" | "submit";
  run: string;
  total: number;
}
/**
 * A run's outcome as the runner measured it. `report`: the failing cases in full (JSON, erasable: it quotes
 * values the learner's code made). `signature`: equal for equal failures. `ms`: wall time of the whole run.
 * `fault`: our infrastructure failed; it costs the learner nothing.
 */
export interface RunFinished {
  code: string;
  failed: number;
  fault: boolean;
  goal: string;
  mode: string;
  ms: number;
  passed: number;
  purpose: "run" | "submit";
  report: string;
  run: string;
  signature: string;
  subtasks: {
    [k: string]: boolean;
  };
  total: number;
  verdict: string;
}
/**
 * A state machine moved. `evidence`: ids of the events that say so.
 */
export interface StateChanged {
  after: string;
  because: string;
  before: string;
  entity: "learner" | "enrolment" | "goal" | "course" | "review";
  evidence: string[];
  id: string;
}
/**
 * The learner wrote of harm: they are pointed to a person. What they wrote is not repeated, and not judged.
 * `seen`: where it stood. The text can be erased with all that is theirs.
 */
export interface SupportPointed {
  language: "en" | "es";
  seen: "code" | "wish" | "doubt" | "profile";
  text: string;
}
/**
 * Work on a thread of the graph stood still. `cause`: its command was `lost`, its function `refused` it, or nobody
 * `took` the input. `repair`: it was sent again, or it waits (for `retry`, or for somebody who mends the function).
 */
export interface ThreadStalled {
  cause: "lost" | "refused" | "not_taken";
  node: string;
  repair: "sent_again" | "waits";
  retry: string | null;
  since: string;
  thread: string;
}
/**
 * The learner asked why: `about` is the id of the event they asked about.
 */
export interface WhyAsked {
  about: string;
  type: string;
}
/**
 * What became of a wish (`wish`: its event). `planned`: `goal` is on it; `later`: it is tried again in the next
 * days; `other_course`: `course` teaches it and may be joined; `not_covered`: the contract does not have that course;
 * `unknown`: nothing is taught here that its words name.
 */
export interface WishAnswered {
  because: string;
  concept: string | null;
  course: string | null;
  goal: string | null;
  outcome: "planned" | "later" | "other_course" | "not_covered" | "unknown";
  wish: string;
}
/**
 * The learner had what was seen of their workspace deleted. `texts`: so many were.
 */
export interface WorkspaceForgotten {
  texts: number;
}

/** What each stored event carries. */
export interface EventData {
  "goals.access.denied": AccessDenied;
  "goals.access.granted": AccessGranted;
  "goals.challenge.measured": ChallengeMeasured;
  "goals.challenge.proposed": ChallengeProposed;
  "goals.challenge.rejected": ChallengeRejected;
  "goals.challenge.verified": ChallengeVerified;
  "goals.challenge.written": ChallengeWritten;
  "goals.code.edited": CodeEdited;
  "goals.code.saved": CodeSaved;
  "goals.contract.accepted": ContractAccepted;
  "goals.contract.amended": ContractAmended;
  "goals.contract.changed": ContractChanged;
  "goals.contract.expiring": ContractExpiring;
  "goals.contract.kept": ContractKept;
  "goals.contract.signed": ContractSigned;
  "goals.course.published": CoursePublished;
  "goals.day.started": DayStarted;
  "goals.enrolment.left": EnrolmentLeft;
  "goals.enrolment.paused": EnrolmentPaused;
  "goals.enrolment.resumed": EnrolmentResumed;
  "goals.enrolment.started": EnrolmentStarted;
  "goals.evaluation.recorded": EvaluationRecorded;
  "goals.evaluation.summarised": EvaluationSummarised;
  "goals.evaluation.withdrawn": EvaluationWithdrawn;
  "goals.feedback.given": FeedbackGiven;
  "goals.goal.assigned": GoalAssigned;
  "goals.goal.focused": GoalFocused;
  "goals.goal.opened": GoalOpened;
  "goals.goal.paused": GoalPaused;
  "goals.goal.resumed": GoalResumed;
  "goals.goal.swapped": GoalSwapped;
  "goals.help.offered": HelpOffered;
  "goals.hint.asked": HintAsked;
  "goals.hint.given": HintGiven;
  "goals.learner.erased": LearnerErased;
  "goals.learner.registered": LearnerRegistered;
  "goals.learning.paused": LearningPaused;
  "goals.learning.resumed": LearningResumed;
  "goals.lesson.explained": LessonExplained;
  "goals.lesson.written": LessonWritten;
  "goals.mastery.answered": MasteryAnswered;
  "goals.mastery.changed": MasteryChanged;
  "goals.mastery.questioned": MasteryQuestioned;
  "goals.message.dismissed": MessageDismissed;
  "goals.message.withheld": MessageWithheld;
  "goals.model.called": ModelCalled;
  "goals.mood.answered": MoodAnswered;
  "goals.mood.asked": MoodAsked;
  "goals.mood.forgotten": MoodForgotten;
  "goals.mood.observed": MoodObserved;
  "goals.motivation.given": MotivationGiven;
  "goals.plan.changed": PlanChanged;
  "goals.process.reviewed": ProcessReviewed;
  "goals.profile.stated": ProfileStated;
  "goals.progress.told": ProgressTold;
  "goals.quota.refunded": QuotaRefunded;
  "goals.review.due": ReviewDue;
  "goals.run.cancelled": RunCancelledEvent;
  "goals.run.finished": RunFinished;
  "goals.run.rehearsed": RunRehearsed;
  "goals.run.requested": RunRequested;
  "goals.state.changed": StateChanged;
  "goals.support.pointed": SupportPointed;
  "goals.thread.stalled": ThreadStalled;
  "goals.why.asked": WhyAsked;
  "goals.wish.answered": WishAnswered;
  "goals.wish.stated": WishStated;
  "goals.workspace.forgotten": WorkspaceForgotten;
  "goals.workspace.seen": WorkspaceSeen;
}

/** The events that clients may send. */
export type InteractionType =
  | "goals.code.edited"
  | "goals.code.saved"
  | "goals.enrolment.left"
  | "goals.enrolment.paused"
  | "goals.enrolment.resumed"
  | "goals.goal.focused"
  | "goals.goal.opened"
  | "goals.goal.paused"
  | "goals.goal.resumed"
  | "goals.goal.swapped"
  | "goals.hint.asked"
  | "goals.learning.paused"
  | "goals.learning.resumed"
  | "goals.mastery.questioned"
  | "goals.message.dismissed"
  | "goals.mood.answered"
  | "goals.mood.forgotten"
  | "goals.profile.stated"
  | "goals.run.rehearsed"
  | "goals.run.requested"
  | "goals.wish.stated"
  | "goals.workspace.seen";

/** In which version they are written here, where it is not the first. */
export const VERSIONS: Partial<Record<InteractionType, number>> = {
  "goals.mood.answered": 2,
  "goals.profile.stated": 2,
};
