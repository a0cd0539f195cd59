"""What is measured over time, what is asked about a measurement, and what is answered."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from shared.events.catalogue.interactions import Id, Slug
from shared.events.data import Data, event

Share = Annotated[float, Field(ge=0, le=1)]


class ErrorPattern(BaseModel):
    """A cause that came up again and again. `goals`: on how many goals; `recent`: times in the last 7 days;
    `before`: times in the 21 days before them."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    cause: Annotated[str, Field(max_length=80)]
    recent: int = Field(ge=0)
    before: int = Field(ge=0)
    goals: int = Field(ge=1)
    trend: Literal["new", "more", "same", "less", "gone"]


class Retained(BaseModel):
    """Reviews of the last 28 days: how many goals of kind review were answered, how many at the first submission and
    without help, and what the learner model expected of them on average (None: it was not asked)."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    reviews: int = Field(ge=0)
    recalled: int = Field(ge=0)
    expected: Share | None = None


@event("evaluation.summarised", stream="learner")
class EvaluationSummarised(Data):
    """A learner's day of work, in their own calendar. `attempts`: runs evaluated; `solved`, `assisted`: goals solved,
    and those of them with help; `seconds`: from opening to solving, of the goals solved; `pace`: the median of theirs
    (see `evaluation.recorded`); `mastery`: concept → [in the morning, in the evening]; `evidence`: ids of the
    evaluations it rests on.
    """

    day: date
    attempts: int = Field(ge=0)
    solved: int = Field(ge=0)
    assisted: int = Field(ge=0)
    seconds: float = Field(ge=0)
    pace: float | None = None
    patterns: tuple[ErrorPattern, ...] = ()
    retention: Retained
    mastery: dict[Slug, tuple[Share, Share]] = Field(default_factory=dict)
    evidence: tuple[Id, ...] = ()


@event("evaluation.withdrawn", stream="goal")
class EvaluationWithdrawn(Data):
    """An evaluation that no longer counts. `deltas`: what it had moved in the ratings, taken back, by rating key."""

    goal: Id
    evaluation: Id
    run: Id
    concepts: tuple[Slug, ...]
    deltas: dict[str, float]
    because: str


@event("mastery.answered", stream="learner")
class MasteryAnswered(Data):
    """What became of a doubt: re-weighed without the attempt, or explained. `rule`: the rule that said so, a stable
    word. `evidence`: ids of the evaluations the figure rests on, or of the one withdrawn."""

    question: Id
    concept: Slug
    outcome: Literal["reweighed", "explained"]
    rule: Literal["challenge_changed", "first_try", "too_high", "slip", "limit", "stands", "no_attempt", "not_yours"]
    attempt: Id | None = None
    before: Share
    after: Share
    text: Annotated[str, Field(max_length=600)]
    evidence: tuple[Id, ...] = ()


@event("why.asked", stream="learner")
class WhyAsked(Data):
    """The learner asked why: `about` is the id of the event they asked about."""

    about: Id
    type: Annotated[str, Field(max_length=80)]


@event("thread.stalled", stream="learner")
class ThreadStalled(Data):
    """Work on a thread of the graph stood still. `cause`: its command was `lost`, its function `refused` it, or nobody
    `took` the input. `repair`: it was sent again, or it waits (for `retry`, or for somebody who mends the function).
    """

    thread: Id
    node: Annotated[str, Field(max_length=40)]
    since: datetime
    cause: Literal["lost", "refused", "not_taken"]
    repair: Literal["sent_again", "waits"]
    retry: datetime | None = None
