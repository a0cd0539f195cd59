"""What the nodes decide and measure: access, evaluation, mastery, states, mood."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field

from shared.events.catalogue.interactions import Id, Slug
from shared.events.data import Data, event


@event("access.granted", stream="learner")
class AccessGranted(Data):
    goal: Id | None = None
    until: datetime
    because: str


@event("access.denied", stream="learner")
class AccessDenied(Data):
    """`reason`: a stable word; `text`: for the learner; `remedy`: what would lift it."""

    goal: Id | None = None
    reason: Literal[
        "unknown_learner",
        "unknown_goal",
        "not_your_goal",
        "not_enrolled",
        "no_contract",
        "contract_not_started",
        "contract_ended",
        "course_not_covered",
        "quota_used_up",
        "hints_used_up",
        "goal_closed",
        "no_seat",
        "terms_not_accepted",
        "consent_missing",
    ]
    text: str
    remedy: str


@event("evaluation.recorded", stream="goal")
class EvaluationRecorded(Data):
    """One attempt, measured. `expected`: the learner model's probability of success before it was seen, in [0, 1].
    `deltas`: what it moves in the model's ratings (log-odds), by rating key. `seconds`: since the goal was opened.
    `pace`: of a first solution: how long it took of the minutes planned, against the learner's own median of the same
    (1: as always, 2: twice as long); None while there is too little history. `weight`: how much it counted, in [0, 1].
    `predictor`: who said `expected`: `learner_model`, as code of `predictor_version` had learnt it from the log up to
    `predictor_position`, or `ratings`, where that was not there (yet).
    """

    goal: Id
    run: Id
    challenge: Slug
    concepts: tuple[Slug, ...]
    correct: bool
    assisted: bool
    purpose: Literal["run", "submit"]
    expected: float = Field(ge=0, le=1)
    score: float = Field(ge=0, le=1)
    attempt: int = Field(ge=1)
    seconds: float | None = None
    error: str | None = None
    deltas: dict[str, float] = Field(default_factory=dict)
    pace: float | None = None
    weight: float | None = Field(default=None, ge=0, le=1)
    predictor: Literal["ratings", "learner_model"] | None = None
    predictor_version: str | None = None
    predictor_position: int | None = Field(default=None, ge=0)


@event("mastery.changed", stream="learner")
class MasteryChanged(Data):
    """`before`/`after`: shown mastery in [0, 1]; `assisted`, `unassisted` apart; `uncertainty`: one standard
    deviation, in log-odds; `evidence`: ids of the runs it rests on (their `run.finished`), newest first.
    """

    concept: Slug
    goal: Id
    before: float = Field(ge=0, le=1)
    after: float = Field(ge=0, le=1)
    assisted: float = Field(ge=0, le=1)
    unassisted: float = Field(ge=0, le=1)
    uncertainty: float = Field(ge=0)
    attempts: int = Field(ge=0)
    evidence: tuple[Id, ...]
    because: str


@event("state.changed", stream="learner")
class StateChanged(Data):
    """A state machine moved. `evidence`: ids of the events that say so."""

    entity: Literal["learner", "enrolment", "goal", "course", "review"]
    id: Annotated[str, Field(max_length=120)]
    before: str
    after: str
    because: str
    evidence: tuple[Id, ...] = ()


@event("process.reviewed", stream="learner")
class ProcessReviewed(Data):
    thread: str
    findings: tuple[str, ...]


@event("mood.asked", stream="attention")
class MoodAsked(Data):
    """A question with one-click answers. `answers`: the choices offered, in order, with their label."""

    goal: Id | None = None
    question: str
    answers: dict[str, str]
    because: str


@event("mood.observed", stream="learner")
class MoodObserved(Data):
    """`state` is never an assertion about a person: "may be stuck" comes from signals, the rest from their answer."""

    state: Literal["great", "good", "flat", "may_be_stuck", "stuck", "tired"]
    signal: str
    evidence: tuple[Id, ...] = ()
    effect: Literal["none", "smaller_step", "review", "pause", "stretch"] = "none"


@event("motivation.given", stream="attention")
class MotivationGiven(Data):
    goal: Id | None = None
    text: Annotated[str, Field(max_length=280)]
    evidence: tuple[Id, ...] = ()
