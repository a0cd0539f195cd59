"""Goals, challenges, pages, plans: what the agents make for a learner."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from shared.events.catalogue.interactions import Id, Language, Slug
from shared.events.data import Data, Erasable, event

Replaced = Annotated[str | None, Field(max_length=200)]
Kind = Literal["placement", "daily", "course", "skill", "project", "review", "wish"]


class PlannedGoal(BaseModel):
    """One line of a plan. `weight`: why this and not another, in [0, 1], as the planner weighed it. `parts`: what it is
    the sum of, by the names of `shared/planning/weights.toml`; empty in plans older than that table."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: Kind
    concept: Slug
    minutes: int
    because: str
    weight: float = Field(ge=0, le=1)
    goal: Id | None = None
    parts: dict[str, float] = Field(default_factory=dict)


@event("plan.changed", stream="plan")
class PlanChanged(Data):
    """The portfolio of a day, in the learner's own calendar. `to_write`: the goal that has no challenge in the bank, so
    that one is written for it; at most one a day, and not asked for again where that came to nothing."""

    day: date
    minutes: int
    goals: tuple[PlannedGoal, ...]
    because: str
    mood: str | None = None
    to_write: Id | None = None


@event("wish.answered", stream="learner")
class WishAnswered(Data):
    """What became of a wish (`wish`: its event). `planned`: `goal` is on it; `later`: it is tried again in the next
    days; `other_course`: `course` teaches it and may be joined; `not_covered`: the contract does not have that course;
    `unknown`: nothing is taught here that its words name."""

    wish: Id
    outcome: Literal["planned", "later", "other_course", "not_covered", "unknown"]
    concept: Slug | None = None
    goal: Id | None = None
    course: Slug | None = None
    because: str


@event("challenge.proposed", stream="challenge")
class ChallengeProposed(Data):
    challenge: Slug
    version: int
    variant: str | None = None
    concept: Slug
    origin: Literal["bank", "parametric", "model"]


@event("challenge.written", stream="challenge")
class ChallengeWritten(Data):
    """A challenge written for one order, before anything of it was tried: of this learner alone. `document`: all of it
    as JSON, with its reference and hidden cases, so no client is ever given it."""

    challenge: Slug
    version: int
    concept: Slug
    course: Slug
    goal: Id
    document: Annotated[str, Erasable(limit=65_536)]


@event("challenge.verified", stream="challenge")
class ChallengeVerified(Data):
    challenge: Slug
    version: int
    variant: str | None = None
    evidence: dict[str, float]


@event("challenge.rejected", stream="challenge")
class ChallengeRejected(Data):
    challenge: Slug
    version: int
    variant: str | None = None
    reasons: tuple[str, ...]


@event("challenge.measured", stream="challenge")
class ChallengeMeasured(Data):
    """How difficult a challenge of the curriculum has turned out to be, from first answers of all who met it: takes the
    place of what it states from now on. Of no learner: its subject is `curriculum`.

    `difficulty`, `stated` (as the challenge says), `before` (what held until now): 0 easiest to 1. `uncertainty`: one
    standard deviation of `difficulty`. `learners`: at least so many stand behind it; 0 where too few are left (some
    were erased), and what is stated holds again. `until`: the position of the log up to which the lake was asked.
    """

    challenge: Slug
    version: int
    difficulty: float = Field(ge=0, le=1)
    stated: float = Field(ge=0, le=1)
    before: float = Field(ge=0, le=1)
    uncertainty: float = Field(ge=0)
    learners: int = Field(ge=0)
    until: int = Field(ge=0)


@event("goal.assigned", stream="goal")
class GoalAssigned(Data):
    """`difficulty`: of the challenge, as it stood: stated by it, or measured (`goals.challenge.measured`)."""

    goal: Id
    kind: Kind
    challenge: Slug
    challenge_version: int
    variant: str | None = None
    course: Slug
    concepts: tuple[Slug, ...]
    difficulty: float = Field(ge=0, le=1)
    day: date
    minutes: int
    because: str


@event("course.published", stream="course")
class CoursePublished(Data):
    course: Slug
    version: str


@event("lesson.written", stream="learner")
class LessonWritten(Data):
    """A page was chosen for this learner. `anchor`: the heading that answers what just failed. `words`: what a model
    explained for them beside the authored lesson; `replaced`: why its text was not used, or why none came."""

    page: Id
    concept: Slug
    course: Slug
    language: Language
    version: str
    goal: Id | None = None
    anchor: str | None = None
    because: str
    words: Annotated[Annotated[str, Field(max_length=2_000)] | None, Erasable(limit=8_192)] = None
    replaced: Replaced = None


@event("lesson.explained", stream="learner")
class LessonExplained(Data):
    """A page in other words, as the learner asked for it and read it. `origin`, `replaced`: as in `feedback.given`."""

    concept: Slug
    goal: Id | None = None
    language: Language
    text: Annotated[str, Field(min_length=1, max_length=4_000), Erasable(limit=16_384)]
    origin: Literal["rule", "model"]
    replaced: Replaced = None


@event("feedback.given", stream="goal")
class FeedbackGiven(Data):
    """At most 280 characters, never the solution. `text` and `input` may quote the learner's code. `origin`: who made
    the text. `replaced`: why a model's text was not used: the rules that refused it, or why none came; None where no
    model was asked, or its text stands.
    """

    goal: Id
    run: Id
    text: Annotated[str, Field(min_length=1, max_length=280), Erasable(limit=1_120)]
    case: str | None = None
    input: Annotated[Annotated[str, Field(max_length=300)] | None, Erasable(limit=1_200)] = None
    line: int | None = None
    cause: str | None = None
    language: Language = "en"
    origin: Literal["rule", "model"] = "rule"
    replaced: Replaced = None


@event("hint.given", stream="goal")
class HintGiven(Data):
    """`retest`: when the concept is tested again in exchange for a worked example. `origin`, `replaced`: as in
    `feedback.given`."""

    goal: Id
    rung: int = Field(ge=1, le=5)
    text: Annotated[str, Field(min_length=1, max_length=2_000)]
    left: int = Field(ge=0, le=5)
    language: Language = "en"
    origin: Literal["rule", "model"] = "rule"
    replaced: Replaced = None
    retest: datetime | None = None


@event("review.due", stream="learner")
class ReviewDue(Data):
    """`card`: the FSRS card's facts after this review (stability in days, difficulty 1 to 10)."""

    concept: Slug
    due: datetime
    stability: float | None = None
    difficulty: float | None = None
    reviewed: datetime | None = None
