"""What the API says and takes, as pydantic models: the contract clients are generated from."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr

from shared.auth.accounts import EMAIL_LIMIT
from shared.auth.passwords import LONGEST, SHORTEST
from shared.events.catalogue.contracts import Terms
from shared.events.catalogue.interactions import Id, Language, Purpose
from shared.http import Problem


class Model(BaseModel):
    model_config = ConfigDict(extra="forbid")


def example(fields: dict[str, Any]) -> ConfigDict:
    return ConfigDict(extra="forbid", json_schema_extra={"example": fields})


Email = Annotated[str, Field(min_length=3, max_length=EMAIL_LIMIT, description="Letter case does not matter.")]
Password = Annotated[SecretStr, Field(min_length=SHORTEST, max_length=LONGEST)]
AnyPassword = Annotated[SecretStr, Field(min_length=1, max_length=LONGEST)]
Token = Annotated[str, Field(min_length=1, max_length=512)]


# --- sign-in


class Registration(Model):
    model_config = example(
        {
            "email": "ada@example.org",
            "password": "correct horse battery",
            "name": "Ada",
            "language": "en",
            "timezone": "Europe/Madrid",
        }
    )

    email: Email
    password: Password
    name: Annotated[str, Field(min_length=1, max_length=120)]
    language: Language = "en"
    timezone: Annotated[str, Field(max_length=64, description="IANA name")] = "UTC"


class Credentials(Model):
    model_config = example({"email": "ada@example.org", "password": "correct horse battery"})

    email: Email
    password: AnyPassword


class RefreshToken(Model):
    refresh_token: Token


class TokenPair(Model):
    """`expires_in`: seconds. The refresh token works once and gives the next; used twice it ends the sign-in."""

    model_config = example(
        {
            "access_token": "eyJhbGciOiJFZERTQSIsImtpZCI6Ii4uLiJ9.e30.c2ln",
            "token_type": "Bearer",
            "expires_in": 600,
            "refresh_token": "Vt0m2Z8kq1cW3Zk0Jb0S",
            "learner": "0193a5c8-7f10-7cc0-8d3e-0242ac120002",
        }
    )

    access_token: str
    token_type: Literal["Bearer"] = "Bearer"  # noqa: S105  not a secret
    expires_in: int
    refresh_token: str
    learner: str


class DeviceRequest(Model):
    """RFC 8628. Show `user_code` and `verification_uri`; ask for the token every `interval` seconds."""

    device_code: str
    user_code: str
    verification_uri: str
    expires_in: int
    interval: int


class DeviceApproval(Model):
    model_config = example({"user_code": "BCDF-GHJK"})

    user_code: Annotated[str, Field(min_length=8, max_length=16)]


class DeviceCode(Model):
    device_code: Token


class Jwks(Model):
    keys: list[dict[str, str]]


# --- the learner


class Consents(Model):
    mood: bool
    workspace: bool


class EnrolmentRow(Model):
    course: str
    title: str
    state: str
    started: datetime


class Me(Model):
    learner: str
    email: str
    name: str
    roles: list[str]
    organisation: str | None
    tenant: str
    language: str
    timezone: str
    target: str
    level: str | None = Field(description="None until a profile was stated (goals.profile.stated).")
    minutes: int = Field(description="A day.")
    days_off: list[int] = Field(description="0 is Monday.")
    workspace: list[str]
    consents: Consents
    state: str
    registered: datetime
    enrolments: list[EnrolmentRow]


class ContractView(Model):
    """`notice`: what was last said about its end. `left_today`: runs."""

    contract: str
    organisation: str
    state: str
    terms: Terms
    notice: str
    signed: datetime
    runs_today: int
    left_today: int
    days_left: int


class NewTerms(Model):
    """`organisation`: only an operator may hand a contract to another one."""

    terms: Terms
    organisation: Id | None = None


class Recorded(Model):
    id: str
    position: int


# --- interactions


class InteractionResult(Model):
    """`recorded`: durable. `duplicate`: was durable already, which is just as well. `refused`: can never be recorded as
    it is; `problem` says why."""

    id: str | None
    status: Literal["recorded", "duplicate", "refused"]
    position: int | None = None
    problem: Problem | None = None


class InteractionResults(Model):
    """In the order of what was sent."""

    results: list[InteractionResult]


# --- goals


class GoalSummary(Model):
    goal: str
    kind: str
    title: str
    challenge: str
    course: str
    concepts: list[str]
    difficulty: float
    minutes: int
    day: date
    state: str = Field(description="assigned, open, solved, stuck, paused, swapped or abandoned")
    because: str
    runs: int
    hints: int = Field(description="Highest rung given, of five.")
    best: int = Field(description="Cases passed in the best run.")
    total: int
    assigned: datetime
    opened: datetime | None
    closed: datetime | None


class Goals(Model):
    day: date = Field(description="Today, in the learner's own calendar.")
    goals: list[GoalSummary]


class SubTaskView(Model):
    id: str
    title: str


class CaseView(Model):
    """A visible case. `text`: the call as code."""

    id: str
    subtask: str
    text: str
    call: str
    args: list[Any]
    kwargs: dict[str, Any]
    expected: Any = None
    raises: str | None = None
    compare: str
    tolerance: float | None = None


class PageLink(Model):
    concept: str
    anchor: str | None
    href: str


class FeedbackView(Model):
    run: str
    text: str
    cause: str | None
    at: datetime


class SeenCase(Model):
    """A case of a run. Of a hidden one there is only its sub-task and verdict."""

    id: str | None = None
    subtask: str | None = None
    verdict: str | None = None
    visible: bool
    input: Any = None
    expected: Any = None
    got: Any = None
    line: int | None = None
    error: Any = None
    stdout: str | None = None
    ms: float | None = None


class RunView(Model):
    run: str
    purpose: str
    passed: int
    failed: int
    total: int
    verdict: str
    fault: bool = Field(description="We failed; it cost nothing.")
    at: datetime
    code: str = ""
    cases: list[SeenCase] = Field(default=[], description="Failing cases, at most five.")


class RunHistory(Model):
    """Newest first."""

    runs: list[RunView]


class GoalDetail(GoalSummary):
    language: str = Field(description="Programming language.")
    statement: str = Field(description="Markdown.")
    entry: str = Field(description="The function to write.")
    starter: str
    subtasks: list[SubTaskView]
    cases: list[CaseView] = Field(description="The visible ones.")
    hidden_cases: int
    page: PageLink
    feedback: list[FeedbackView] = Field(description="Newest first.")
    history: list[RunView] = Field(description="The last five runs, without code.")


class RunOrder(Model):
    """`id`: the client's own; sending it again joins or repeats the same run and costs nothing."""

    model_config = example(
        {
            "id": "0193a5c8-8a00-7b11-9c2d-1f2e3d4c5b6a",
            "purpose": "run",
            "code": "def weeks_to_fill(goal, first, more):\n    return 0\n",
        }
    )

    id: Id
    code: Annotated[str, Field(description="At most 64 KiB of UTF-8.")]
    purpose: Purpose = "run"


class RunAccepted(Model):
    type: Literal["accepted"]
    run: str
    goal: str
    position: int


class RunQueued(Model):
    """`position`: how many runs are before this one."""

    type: Literal["queued"]
    position: int


class RunCase(SeenCase):
    type: Literal["case"]
    index: int
    of: int


class RunEnd(Model):
    type: Literal["finished"]
    run: str
    goal: str
    purpose: str
    passed: int
    failed: int
    total: int
    verdict: str
    mode: str = Field(description="The sandbox that was around it.")
    ms: float
    subtasks: dict[str, bool]
    fault: bool
    position: int
    cases: list[SeenCase]


class RunProblem(Model):
    type: Literal["problem"]
    problem: Problem


# --- learning


class PlannedView(Model):
    kind: str
    concept: str
    title: str
    minutes: int
    because: str
    weight: float
    goal: str | None


class PlanView(Model):
    day: date
    minutes: int
    goals: list[PlannedView]
    because: str
    mood: str | None
    changed: datetime


class MasteryView(Model):
    """Figures in [0, 1]; `uncertainty` is one standard deviation in log-odds; `evidence`: ids of evaluations."""

    concept: str
    title: str
    course: str | None
    shown: float
    assisted: float
    unassisted: float
    uncertainty: float
    attempts: int
    because: str
    evidence: list[str]
    changed: datetime
    questioned: datetime | None


class EventView(Model):
    """A stored event as a CloudEvent. `sequence`: its place in the global order."""

    model_config = ConfigDict(extra="allow")

    specversion: Literal["1.0"]
    id: str
    type: str
    source: str
    subject: str
    time: datetime
    sequence: str
    correlationid: str
    data: dict[str, Any]


class MasteryWhy(MasteryView):
    events: list[EventView] = Field(description="The evaluations it rests on.")


class DayOfWork(Model):
    day: date
    runs: int
    solved: int


class Streak(Model):
    """Days in a row with work, in the learner's own calendar; days off neither count nor break it."""

    current: int
    longest: int


class ReviewView(Model):
    concept: str
    title: str
    due: datetime
    overdue: bool


class Progress(Model):
    mastery: list[MasteryView]
    streak: Streak
    days: list[DayOfWork] = Field(description="The last 60 days with work.")
    reviews: list[ReviewView]


class Stats(Model):
    runs: int
    solved: int
    minutes_planned: int
    reviews_due: int


class Daily(Model):
    day: date
    goals: list[GoalSummary]
    plan: PlanView | None
    streak: Streak
    stats: Stats


class ConceptView(Model):
    concept: str
    title: str
    summary: str
    prerequisites: list[str]
    shown: float | None = Field(description="Mastery; None before the first attempt.")


class ModuleView(Model):
    module: str
    title: str
    concepts: list[ConceptView]


class CourseView(Model):
    course: str
    title: str
    summary: str
    language: str
    goals: list[str]
    enrolled: bool
    modules: list[ModuleView]


class Courses(Model):
    version: str
    courses: list[CourseView]


# --- events, operating


class EventPage(Model):
    """`next`: the `after` of the next page; None at the end."""

    events: list[EventView]
    next: int | None


class Tick(Model):
    model_config = example({"at": "2026-11-23T06:00:00Z"})

    at: datetime | None = None


class Ticked(Model):
    id: str
    at: datetime


class Rejection(Model):
    consumer: str
    id: str
    type: str
    reason: str
    at: datetime


class Rejections(Model):
    rejections: list[Rejection]


class BusyThread(Model):
    thread: str
    since: datetime
    tasks: int


class Lag(Model):
    outbox: int
    waiting: int
    waiting_threads: int
    busy: list[BusyThread]
    runs: int


class Grant(Model):
    model_config = example({"email": "ada@example.org", "roles": ["learner", "author"]})

    email: Email
    roles: list[Literal["learner", "author", "organisation", "operator"]]
    organisation: Id | None = None


class Granted(Model):
    learner: str
    roles: list[str]


class Health(Model):
    status: Literal["ok"] = "ok"
