"""Rows of the read model. Times are aware UTC instants; `day` is a date in the learner's own calendar."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from shared.events.catalogue.contracts import Terms


@dataclass(frozen=True, slots=True)
class Learner:
    """`name`, `target`: payload references (the texts can be erased). `level`: None until a profile was stated.
    `minutes`: a day; `minutes_on`: of weekdays ("0" is Monday) that have others. `job`, `languages`, `dependencies`:
    payload references too; the last two are names separated by spaces."""

    learner: str
    tenant: str
    name: str
    registered: datetime
    language: str
    timezone: str
    target: str
    level: str | None
    minutes: int
    days_off: list[int]
    consent_mood: bool
    consent_workspace: bool
    state: str
    last_seen: datetime
    minutes_on: Mapping[str, int] = field(default_factory=dict)
    job: str = ""
    languages: str = ""
    dependencies: str = ""

    def minutes_of(self, day: date) -> int:
        """Minutes of a day in their own calendar."""
        return self.minutes_on.get(str(day.weekday()), self.minutes)


@dataclass(frozen=True, slots=True)
class Enrolment:
    """`state`: active, paused, completed, left, ended. `changed`: when it got there. `asked`: where the learner has
    asked it to go, while `process` has yet to move it."""

    course: str
    state: str
    started: datetime
    changed: datetime | None = None
    asked: str | None = None

    @property
    def wanted(self) -> str:
        """The state that the learner's next word is judged by."""
        return self.asked or self.state


@dataclass(frozen=True, slots=True)
class Rest:
    """Days off that the learner took. `until`: the first day they learn again, in their own calendar; `ended`: they
    were back before it."""

    since: datetime
    until: date
    ended: datetime | None = None


@dataclass(frozen=True, slots=True)
class Contract:
    """`terms` in force, since `stated`; `noticed`: those the learner was last told of; `told`: the last expiry notice
    given; `accepted`: the version the learner accepted last, with these `consents`."""

    contract: str
    learner: str
    organisation: str
    terms: Terms
    noticed: Terms
    state: str
    told: str
    signed: datetime
    stated: datetime | None = None
    accepted: str = ""
    consents: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Goal:
    """`state`: assigned, open, solved, stuck, paused, swapped, abandoned. `hints`: highest rung given.
    `same_failures`: equal failures in a row; `stalled`: failing runs in a row that passed no new case. `resumed`: when
    it was taken up after it had been laid aside; `swap`: why the learner wanted another, if they said so, and
    `swap_asked` when."""

    goal: str
    learner: str
    kind: str
    challenge: str
    challenge_version: int
    variant: str | None
    course: str
    concepts: list[str]
    difficulty: float
    day: date
    minutes: int
    because: str
    state: str
    assigned: datetime
    opened: datetime | None
    closed: datetime | None
    runs: int
    failures: int
    hints: int
    signature: str
    same_failures: int
    best: int
    stalled: int
    total: int
    resumed: datetime | None = None
    swap: str | None = None
    swap_asked: datetime | None = None

    @property
    def had(self) -> bool:
        """Whether its challenge is used up for the learner: not where it left the plan before they ever opened it."""
        return self.state != "abandoned" or self.opened is not None


@dataclass(frozen=True, slots=True)
class Run:
    """`event`: id of its run.finished event; `code`, `report`: payload references."""

    run: str
    event: str
    goal: str
    learner: str
    purpose: str
    passed: int
    failed: int
    total: int
    verdict: str
    signature: str
    code: str
    report: str
    fault: bool
    at: datetime


@dataclass(frozen=True, slots=True)
class Mastery:
    concept: str
    shown: float
    assisted: float
    unassisted: float
    uncertainty: float
    attempts: int
    evidence: list[str]
    because: str
    changed: datetime
    questioned: datetime | None


@dataclass(frozen=True, slots=True)
class Hint:
    rung: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Evaluation:
    """An attempt as it was measured. `event`: of the evaluation; `caused`: id of its run.finished; `kind`: its goal's;
    `deltas`: what it moved, empty if it did not count; `withdrawn`: since when it does not count any more."""

    event: str
    goal: str
    kind: str
    challenge: str
    concepts: list[str]
    run: str
    caused: str
    purpose: str
    correct: bool
    assisted: bool
    expected: float
    score: float
    number: int
    seconds: float | None
    pace: float | None
    error: str | None
    deltas: dict[str, float]
    at: datetime
    withdrawn: datetime | None = None


@dataclass(frozen=True, slots=True)
class Submission:
    """What is known of a submission that was evaluated and stands. `concept`: its challenge's primary one."""

    concept: str
    difficulty: float
    correct: bool
    assisted: bool
    at: datetime


@dataclass(frozen=True, slots=True)
class MasteryStep:
    """One change of a mastery figure."""

    event: str
    concept: str
    before: float
    after: float
    because: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Summary:
    """A day of work summed up. `told`: the data of its `evaluation.summarised`."""

    day: date
    event: str
    told: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Doubt:
    """A figure that was doubted, and what became of it: `reweighed` or `explained`, by which rule."""

    question: str
    concept: str
    outcome: str
    rule: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Cause:
    """A likely cause that feedback named."""

    cause: str
    goal: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Rating:
    """A figure of the learner model, in log-odds, and from how many attempts."""

    value: float
    n: int


@dataclass(frozen=True, slots=True)
class Plan:
    """`goals`, `to_write`: as in `plan.changed`; `version`: of the stream `plan/<learner>` (expected by the next
    change)."""

    learner: str
    day: date
    minutes: int
    goals: list[dict[str, Any]]
    because: str
    mood: str | None
    version: int
    changed: datetime
    to_write: str | None = None


@dataclass(frozen=True, slots=True)
class Review:
    concept: str
    due: datetime
    stability: float | None
    difficulty: float | None
    reviewed: datetime | None


@dataclass(frozen=True, slots=True)
class Mood:
    """`refused`: "not now" in a row."""

    asked: datetime | None = None
    question: str | None = None
    answered: datetime | None = None
    answer: str | None = None
    state: str = "good"
    effect: str = "none"
    observed: datetime | None = None
    refused: int = 0
    never: bool = False


@dataclass(frozen=True, slots=True)
class Attention:
    """What was said unasked. `version`: of the stream `attention/<learner>` (expected by what is said next); `spoken`:
    the last message, `messages` of this session (less than two hours apart); `dismissed` in a row, at `waved_off`
    last; `progress`: the day last told of; `supported`: when the learner was last pointed to a person."""

    version: int = 0
    spoken: datetime | None = None
    messages: int = 0
    dismissed: int = 0
    waved_off: datetime | None = None
    progress: date | None = None
    supported: datetime | None = None


@dataclass(frozen=True, slots=True)
class Feedback:
    run: str
    text: str
    cause: str | None
    at: datetime


@dataclass(frozen=True, slots=True)
class Page:
    page: str
    concept: str
    course: str
    goal: str | None
    anchor: str | None
    because: str
    at: datetime
    words: str | None = None
    """A reference to what a model explained for this learner."""


@dataclass(frozen=True, slots=True)
class Wish:
    """`outcome`, `goal`, `because`: as it was answered last; None: not yet."""

    event: str
    text: str
    concept: str | None
    at: datetime
    outcome: str | None = None
    goal: str | None = None
    because: str | None = None


@dataclass(frozen=True, slots=True)
class State:
    entity: str
    id: str
    state: str
    because: str
    changed: datetime


@dataclass(frozen=True, slots=True)
class Measured:
    """How difficult a version of a challenge turned out to be, 0 to 1. `uncertainty`: one standard deviation;
    `learners`: at least so many stand behind it."""

    challenge: str
    version: int
    difficulty: float
    uncertainty: float
    learners: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Learnt:
    """The learner model as it is kept, as far as one attempt needs it. `version`: of its code; `position`: it has
    learnt from the log up to there; `parts`: by name, those asked for that are there; `news`: the learner's own events
    behind `position`, oldest first: `type`, `data` (of the newest version), `t` (seconds since 1970), `assigned` (of a
    hint: its goal's first event)."""

    learner: str
    version: str
    position: int
    parts: Mapping[str, Mapping[str, Any]]
    news: Sequence[Mapping[str, Any]] = ()
