"""Accounts, enrolments, days: facts about a learner that the server states."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from shared.events.catalogue.interactions import Id, Language, Slug
from shared.events.data import Data, Erasable, event


@event("learner.registered", stream="learner")
class LearnerRegistered(Data):
    name: Annotated[str, Field(max_length=120), Erasable(limit=480)]
    language: Language = "en"
    timezone: str = "UTC"


@event("learner.erased", stream="learner")
class LearnerErased(Data):
    """The learner's payloads, names and account are gone; what stays says nothing about a person."""

    payloads: int = Field(ge=0)


@event("workspace.forgotten", stream="learner")
class WorkspaceForgotten(Data):
    """The learner had what was seen of their workspace deleted. `texts`: so many were."""

    texts: int = Field(ge=0)


@event("enrolment.started", stream="learner")
class EnrolmentStarted(Data):
    """`by`: with the account, or by the learner's own word afterwards (then the plan follows at once)."""

    course: Slug
    because: str
    by: Literal["sign_up", "learner"] = "sign_up"


@event("day.started", stream="learner")
class DayStarted(Data):
    """The daily tick reached this learner: `day` is the calendar day where they live."""

    day: date


@event("run.finished", stream="goal")
class RunFinished(Data):
    """A run's outcome as the runner measured it. `report`: the failing cases in full (JSON, erasable: it quotes
    values the learner's code made). `signature`: equal for equal failures. `ms`: wall time of the whole run.
    `fault`: our infrastructure failed; it costs the learner nothing.
    """

    goal: Id
    run: Id
    purpose: Literal["run", "submit"]
    passed: int = Field(ge=0)
    failed: int = Field(ge=0)
    total: int = Field(ge=0)
    verdict: str
    mode: str
    ms: float = Field(ge=0)
    signature: str = ""
    subtasks: dict[str, bool] = Field(default_factory=dict)
    code: Annotated[str, Erasable(limit=65_536)] = ""
    report: Annotated[str, Erasable(limit=262_144)] = ""
    fault: bool = False


@event("run.cancelled", stream="goal")
class RunCancelled(Data):
    """The learner ended a run before it was over: it has no outcome, counts nowhere and costs nothing. `judged`: cases
    whose verdict was there by then, of `total`.
    """

    goal: Id
    run: Id
    purpose: Literal["run", "submit"]
    judged: int = Field(default=0, ge=0)
    total: int = Field(default=0, ge=0)
