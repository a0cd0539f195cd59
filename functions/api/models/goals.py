"""Goals and their runs."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import Field

from functions.api.models.base import Model, example
from shared.events.catalogue.interactions import Id, Purpose
from shared.http import Problem


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
    swaps_left: int = Field(description="How many may still be swapped today.")


class SubTaskView(Model):
    id: str
    title: str


class CaseView(Model):
    """A visible case. `text`: the call as code, of a whole program (`call` is "") what it reads. `expects`: in words
    what must come of it; `expected`, `raises` and `prints` say it for programs. `compare`: exact, approx (within
    `tolerance`), unordered, or custom and property, where a function of the challenge judges the answer."""

    id: str
    subtask: str
    text: str
    call: str
    args: list[Any]
    kwargs: dict[str, Any]
    stdin: str = ""
    files: dict[str, str] = Field(default={}, description="Name to text, in the program's working folder.")
    expected: Any = None
    raises: str | None = None
    prints: str | None = None
    expects: str
    compare: str
    tolerance: float | None = None


class PageLink(Model):
    """The page that answers what failed last, else the goal's own."""

    concept: str
    anchor: str | None = Field(
        description="`id` in the page's text where it begins: a pitfall that explains the likely cause, or the line "
        "about the failing case. None, the top: nothing has failed since all cases passed."
    )
    href: str


class FeedbackView(Model):
    run: str
    text: str
    cause: str | None
    at: datetime


class RungView(Model):
    """A hint that was given. `rung`: 1 to 5; `left`: how many are above it."""

    rung: int
    text: str
    left: int


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
    rungs: list[RungView] = Field(description="Hints given, the lowest first.")
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
    """`position`: how many runs start before this one."""

    type: Literal["queued"]
    position: int
    frame: int = Field(description="This run's passing frames are numbered from 1.")


class RunPrinted(Model):
    """What a visible case prints, while it runs; the case's own frame has all of its stdout."""

    type: Literal["printed"]
    case: str
    stream: Literal["stdout", "stderr"]
    text: str
    frame: int


class RunCase(SeenCase):
    type: Literal["case"]
    index: int
    of: int
    frame: int


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


class RunCancelled(Model):
    """The learner ended it: it counts nowhere. `judged`: cases whose verdict was there, of `total`."""

    type: Literal["cancelled"]
    run: str
    goal: str
    purpose: str
    judged: int
    total: int
    position: int


class RunProblem(Model):
    type: Literal["problem"]
    problem: Problem
