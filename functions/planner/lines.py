"""A goal that would be good, and a line of the plan that it becomes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

from functions.planner.context import Context
from functions.planner.standing import Standing
from graph.state import Order
from shared.curriculum.fitting import Fit, fit
from shared.events.catalogue.teaching import Kind, PlannedGoal
from shared.planning import Weight
from shared.readmodel.rows import Goal


@dataclass(frozen=True, slots=True)
class Wanted:
    """A goal that would be good. `goal`: the id it would have. `pressing`: lines not begun may make room for it.
    `in_turn`: it presses, but what stands before it in the order goes first. `easiest`, `hardest`: what its reason
    promises; a challenge beyond them is none."""

    kind: str
    concept: str
    difficulty: float
    weight: Weight
    because: str
    goal: str
    pressing: bool = False
    in_turn: bool = False
    easiest: float = 0.0
    hardest: float = 1.0


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the plan, with what stands behind it: the goal's row, or the order that makes it, or (being made
    by another run this moment) neither."""

    planned: PlannedGoal
    row: Goal | None = None
    order: Order | None = None
    challenge: str = ""

    @property
    def untouched(self) -> bool:
        """May leave the plan without taking anything from the learner."""
        return self.row is not None and self.row.state == "assigned" and self.row.opened is None


def fitting(context: Context, standing: Standing, wanted: Wanted, room: int, avoid: Sequence[str]) -> Fit | None:
    """The challenge of the bank for it, of at most `room` minutes and none of `avoid`; None where there is none."""
    found = fit(
        context.curriculum,
        learner=context.who().learner,
        kind=wanted.kind,
        concept=wanted.concept,
        difficulty=wanted.difficulty,
        minutes=room,
        day=standing.day,
        before=standing.before,
        avoid=avoid,
        languages=standing.languages,
    )
    return found if found and wanted.easiest <= found.challenge.difficulty <= wanted.hardest else None


def ordered(standing: Standing, wanted: Wanted, minutes: int, avoid: Sequence[str]) -> tuple[PlannedGoal, Order]:
    """The line of the plan, and the order that makes the goal."""
    planned = PlannedGoal(
        kind=cast(Kind, wanted.kind),
        concept=wanted.concept,
        minutes=minutes,
        because=wanted.because,
        weight=wanted.weight.value,
        goal=wanted.goal,
        parts=dict(wanted.weight.parts),
    )
    order = Order(
        goal=wanted.goal,
        kind=wanted.kind,
        concept=wanted.concept,
        day=standing.day.isoformat(),
        minutes=minutes,
        because=wanted.because,
        difficulty=wanted.difficulty,
        avoid=list(avoid),
        round=1,
    )
    if standing.languages:
        order["languages"] = list(standing.languages)
    return planned, order
