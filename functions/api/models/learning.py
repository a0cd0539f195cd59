"""Plan, progress, reviews, courses."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal

from pydantic import ConfigDict, Field

from functions.api.models.base import Model
from functions.api.models.goals import GoalSummary


class PlannedView(Model):
    kind: str
    concept: str
    title: str
    minutes: int
    because: str
    weight: float = Field(description="In [0, 1]: lighter ones make room for what cannot wait.")
    parts: dict[str, float] = Field(description="What the weight is the sum of: the reason and its figures.")
    weighs: str = Field(description="The same in words; empty in plans older than the table of weights.")
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
    """`minutes`: spent typing on goals, as the learner's editors told; 0 where they tell nothing. A day of typing alone
    has no `runs`."""

    day: date
    runs: int
    solved: int
    minutes: int = 0


class Streak(Model):
    """Days in a row with work, in the learner's own calendar; days off (of each week, or taken until a day) neither
    count nor break it."""

    current: int
    longest: int


class ReviewView(Model):
    concept: str
    title: str
    due: datetime
    overdue: bool


class Retention(Model):
    """Of the last weeks' reviews: how many there were, how many were recalled without help."""

    reviews: int
    recalled: int


class Recall(Model):
    """Reviews answered so many whole days after their concept was last met: how many, and how many of them were
    recalled without help. `until_days` None: or later."""

    from_days: int
    until_days: int | None
    reviews: int
    recalled: int


class Worked(Model):
    """Of all time. `days`: with a run; `solved`: goals that are solved; `minutes`: as in a day of work."""

    days: int
    runs: int
    solved: int
    minutes: int


class Progress(Model):
    """`retention`: None before the first day with a review."""

    mastery: list[MasteryView]
    streak: Streak
    days: list[DayOfWork] = Field(description="Those with work among the last 126 calendar days (18 weeks).")
    total: Worked
    reviews: list[ReviewView]
    retention: Retention | None
    recall: list[Recall] = Field(description="The forgetting curve of all reviews, the shortest rest first.")


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
    enrolled: bool = Field(description="Active or completed.")
    state: str | None = Field(description="active, paused, completed, left or ended; None: never joined.")
    covered: bool = Field(description="By the learner's contract.")
    modules: list[ModuleView]


class Courses(Model):
    version: str
    courses: list[CourseView]


class Words(Model):
    """A piece of an explanation. `instead`: it stands for all before it, which is not to be shown any more."""

    type: Literal["words"] = "words"
    text: str
    instead: bool = False


class Explained(Model):
    """The end of an explanation. `replaced`: why a model's words were not used."""

    type: Literal["explained"] = "explained"
    origin: Literal["rule", "model"]
    replaced: str | None
