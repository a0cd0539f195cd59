"""What travels through the graph: ids and short facts. Documents, code and history live in the store.

A thread is `goal/<id>` (work on one goal) or `learner/<id>` (plan, contract, mood). Its state lasts from run to run;
`findings`, `orders` and `pages` belong to one run and start empty with each input.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal, TypedDict

Trigger = Literal["run", "hint", "goal", "daily", "profile", "wish", "mood", "contract", "course", "doubt"]
"""What began a run. Of several inputs taken together the one that comes first here decides the way: `run` covers
run and submission, `goal` is a goal paused, resumed or swapped, `daily` the start of a day, `contract` terms changed or
accepted, `course` a course joined, laid aside, taken up or left, or all learning laid aside or taken up, `doubt` a
mastery figure that the learner thinks is wrong."""

TRIGGERS: tuple[Trigger, ...] = (
    "profile",
    "contract",
    "run",
    "hint",
    "goal",
    "course",
    "doubt",
    "wish",
    "mood",
    "daily",
)

RESET = "__reset__"


class Input(TypedDict):
    """One event taken by this run: its id, type and position, and the short facts the edges decide on."""

    id: str
    type: str
    position: int
    at: str
    correlation: str
    facts: dict[str, Any]


class Order(TypedDict, total=False):
    """A goal the planner wants made. `goal`: its id, derived, so that making it twice makes it once.
    `avoid`: challenges not to take. `round`: how often `challenges` has tried (1 to 3). `refused`: why what it made in
    the round before was refused, for who writes the next. `unfit`: the bank has nothing for it, somebody must write it
    (`minutes` is then what it should take). `languages`: those the learner would rather write in."""

    goal: str
    kind: str
    concept: str
    day: str
    minutes: int
    because: str
    difficulty: float
    avoid: list[str]
    round: int
    refused: list[str]
    unfit: bool
    languages: list[str]


class PageOrder(TypedDict, total=False):
    """A page the learner should have. `anchor`: the sub-task or failure it must answer."""

    concept: str
    goal: str | None
    anchor: str | None
    because: str


class Made(TypedDict, total=False):
    """What became of an order. `ok` False: rejected, with reasons; the graph orders again, at most three rounds."""

    order: Order
    ok: bool
    goal: str
    concept: str
    challenge: str
    reasons: list[str]


def merge(old: dict[str, Any], new: dict[str, Any] | None) -> dict[str, Any]:
    """Reducer of `findings`: node name → its facts. `None` or a mapping with RESET starts anew."""
    if new is None:
        return {}
    if RESET in new:
        return {k: v for k, v in new.items() if k != RESET}
    return {**old, **new}


def gather(old: list[Any], new: list[Any] | None) -> list[Any]:
    """Reducer of what parallel `Send` tasks report: lists are joined; `None` starts anew."""
    return [] if new is None else [*old, *new]


class State(TypedDict, total=False):
    """`access`: {"granted": bool, "until": RFC 3339, "reason": str}; `contract`: {"kept": bool, "until": RFC 3339}:
    evidence that lets a later run pass these nodes over. `struggle`: {"signature": str, "count": int}, equal failures
    in a row on this goal. `findings[node]`: what each node found in this run:

    feedback    {"said": bool}
    evaluation  {"solved": bool, "mastery": {concept: shown}, "moved": bool}
    mood        {"effect": str, "asked": bool}
    process     {"done": bool, "stuck": bool, "passes": int}
    planner     {"changed": bool}
    contract    {"changed": bool, "terms": bool, "state": str}: `terms`: they changed, or were accepted
    """

    learner: str
    tenant: str
    goal: str | None
    trigger: Trigger
    inputs: list[Input]
    at: str
    access: dict[str, Any]
    contract: dict[str, Any]
    struggle: dict[str, Any]
    findings: Annotated[dict[str, Any], merge]
    orders: list[Order]
    order: Order
    made: Annotated[list[Made], gather]
    pages: list[PageOrder]
    page: PageOrder
    written: Annotated[list[str], gather]
