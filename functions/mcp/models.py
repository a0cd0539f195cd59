"""What the tools answer: small, because a model reads it; with schemas, because a program may."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field


class Model(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class GoalLine(Model):
    goal: str = Field(description="Its id, which the other tools take.")
    title: str
    kind: str = Field(description="placement, daily, course, skill, project or review")
    state: str = Field(description="assigned, open, solved, stuck, paused, swapped or abandoned")
    minutes: int
    concepts: list[str]
    because: str = Field(description="Why the learner has it.")
    best: int = Field(description="Cases passed in the best run.")
    total: int
    hints: int = Field(description="Highest rung of the hint ladder given, of five.")


class GoalList(Model):
    day: date = Field(description="Today, in the learner's own calendar.")
    goals: list[GoalLine]


class VisibleCase(Model):
    subtask: str
    text: str = Field(description="The call as code; of a whole program what it reads.")
    expects: str


class OpenedGoal(Model):
    """There is no reference solution here, and hidden cases are only counted."""

    goal: str
    title: str
    language: str = Field(description="Programming language.")
    statement: str = Field(description="Markdown.")
    entry: str = Field(description='The function to write; "": a whole program.')
    starter: str
    code: str | None = Field(default=None, description="What the learner ran last.")
    cases: list[VisibleCase]
    hidden_cases: int
    concept: str = Field(description="Its page is get_lesson's.")
    minutes: int
    because: str
    state: str
    hints: int


class Lesson(Model):
    concept: str
    goal: str | None
    markdown: str


class CaseResult(Model):
    """Of a hidden case: that it failed, and in which sub-task."""

    visible: bool
    subtask: str | None = None
    verdict: str | None = None
    input: str | None = None
    expected: str | None = None
    got: str | None = None
    line: int | None = None
    error: str | None = None
    stdout: str | None = None


class Question(Model):
    """Asked once in a while; answer_mood answers it, if the learner wants to."""

    question: str = Field(description="Its id.")
    text: str
    answers: dict[str, str] = Field(description="Answer → its label.")


class RunResult(Model):
    run: str
    purpose: Literal["run", "submit"]
    verdict: str
    passed: int
    failed: int
    total: int
    cancelled: bool = False
    fault: bool = Field(default=False, description="The server failed, not the code: it costs nothing.")
    failing: list[CaseResult] = Field(default=[], description="At most five.")
    feedback: str | None = Field(default=None, description="What failed and the next step to try.")
    mastery: list[str] = Field(default=[], description="What it changed in mastery, with the reason.")
    question: Question | None = None


class Hint(Model):
    rung: int = Field(description="1 points to the concept, 5 is a worked example of a different problem.")
    left: int
    text: str


class MasteryLine(Model):
    """Figures in [0, 1]."""

    concept: str
    title: str
    shown: float
    assisted: float
    unassisted: float
    uncertainty: float = Field(description="One standard deviation in log-odds.")
    attempts: int
    because: str


class ReviewLine(Model):
    concept: str
    title: str
    due: datetime
    overdue: bool


class ProgressReport(Model):
    mastery: list[MasteryLine]
    days_in_a_row: int
    longest: int
    reviews: list[ReviewLine]


class Evidence(Model):
    id: str
    type: str
    time: datetime
    data: dict[str, Any]


class MasteryReasons(MasteryLine):
    events: list[Evidence] = Field(description="The evaluations the figure rests on.")


class MoodTaken(Model):
    recorded: bool
    words: str | None = Field(default=None, description="What the system says to it, if anything.")
