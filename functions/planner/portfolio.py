"""What fits the day: lines are added while minutes, quota and kinds allow, and never past 1.25 of the minutes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import cast

from functions.planner.context import Context
from functions.planner.standing import Standing
from graph.state import Order
from shared.curriculum.fitting import fit
from shared.events.catalogue.teaching import Kind, PlannedGoal
from shared.readmodel.rows import Goal

OVER = 1.25
KINDS_WANTED = 3
LIMITS = {"review": 3, "course": 2, "skill": 2, "daily": 1, "project": 1, "wish": 2, "placement": 3}
"""Of a kind, in a day of up to 45 minutes; each further half hour allows one more of what may be many."""
MANY = ("review", "course", "skill")


@dataclass(frozen=True, slots=True)
class Wanted:
    """A goal that would be good. `goal`: the id it would have. `pressing`: lines not begun may make room for it.
    `easiest`, `hardest`: what its reason promises; a challenge beyond them is none."""

    kind: str
    concept: str
    difficulty: float
    weight: float
    because: str
    goal: str
    pressing: bool = False
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


@dataclass
class Portfolio:
    """A day in the making. `most`: goals that may still be made today, by the contract."""

    context: Context
    standing: Standing
    lines: list[Line] = field(default_factory=list)
    most: int = 0
    had: frozenset[str] = field(init=False)
    """Every goal there has been: an id is never used twice."""

    def __post_init__(self) -> None:
        self.had = frozenset(g.goal for g in self.context.goals)

    @property
    def minutes(self) -> int:
        return self.context.who().minutes

    @property
    def used(self) -> int:
        return sum(line.planned.minutes for line in self.lines)

    @property
    def kinds(self) -> set[str]:
        return {str(line.planned.kind) for line in self.lines} - {"placement"}

    def count(self, kind: str) -> int:
        return sum(line.planned.kind == kind for line in self.lines)

    def fill(self, wanted: Sequence[Wanted]) -> None:
        """Pressing ones first; then one of each kind; then more, until nothing else fits."""
        for one in wanted:
            if one.pressing:
                self.add(one)
        for limit in (1, None):
            added = True
            while added:
                added = sum(self.add(w, limit) for w in wanted if not w.pressing) > 0

    def add(self, wanted: Wanted, limit: int | None = None) -> bool:
        """Whether it went in."""
        if self.most <= 0 or self._known(wanted) or self._there(wanted, limit) or not self._granted(wanted.kind):
            return False
        droppable = [line for line in self._by_weight() if line.untouched] if wanted.pressing else []
        if self._line(wanted, self._room(wanted) + sum(line.planned.minutes for line in droppable)) is None:
            return False
        while (line := self._line(wanted, self._room(wanted))) is None:
            self.lines.remove(droppable.pop(0))
        self.lines.append(line)
        self.most -= 1
        return True

    def trim(self) -> None:
        """Takes the lightest lines not begun out until the day is no longer over-full."""
        for line in self._by_weight():
            if self.used > OVER * self.minutes and line.untouched and line.planned.kind != "placement":
                self.lines.remove(line)

    def _granted(self, kind: str) -> bool:
        """Does the contract allow one more goal of this kind today?"""
        terms = self.context.contract.terms if self.context.contract else None
        limit = terms.kinds_per_day.get(cast(Kind, kind)) if terms else None
        if limit is None:
            return True
        made = sum(g.day == self.standing.day and g.kind == kind for g in self.context.goals)
        making = sum(line.planned.kind == kind and line.row is None for line in self.lines)
        return made + making < limit

    def _known(self, wanted: Wanted) -> bool:
        return wanted.goal in self.had or any(line.planned.goal == wanted.goal for line in self.lines)

    def _there(self, wanted: Wanted, limit: int | None) -> bool:
        if wanted.pressing:
            return False
        most = limit or LIMITS[wanted.kind] + (max(0, self.minutes - 45) // 30 if wanted.kind in MANY else 0)
        same = any((x.planned.kind, x.planned.concept) == (wanted.kind, wanted.concept) for x in self.lines)
        return same or self.count(wanted.kind) >= most

    def _room(self, wanted: Wanted) -> int:
        """Minutes left. The over-fill is for what cannot wait and for getting to three kinds."""
        stretch = wanted.pressing or (wanted.kind not in self.kinds and len(self.kinds) < KINDS_WANTED)
        return int((OVER if stretch else 1) * self.minutes) - self.used

    def _by_weight(self) -> list[Line]:
        return sorted(self.lines, key=lambda line: (line.planned.weight, line.planned.goal or ""))

    def _line(self, wanted: Wanted, room: int) -> Line | None:
        avoid = sorted({line.challenge for line in self.lines if line.challenge})
        found = fit(
            self.context.curriculum,
            learner=self.context.who().learner,
            kind=wanted.kind,
            concept=wanted.concept,
            difficulty=wanted.difficulty,
            minutes=room,
            day=self.standing.day,
            before=self.standing.before,
            avoid=avoid,
        )
        if found is None or not wanted.easiest <= found.challenge.difficulty <= wanted.hardest:
            return None
        planned = PlannedGoal(
            kind=cast(Kind, wanted.kind),
            concept=wanted.concept,
            minutes=found.challenge.minutes,
            because=wanted.because,
            weight=round(min(1.0, max(0.0, wanted.weight)), 3),
            goal=wanted.goal,
        )
        order = Order(
            goal=wanted.goal,
            kind=wanted.kind,
            concept=wanted.concept,
            day=self.standing.day.isoformat(),
            minutes=found.challenge.minutes,
            because=wanted.because,
            difficulty=wanted.difficulty,
            avoid=avoid,
            round=1,
        )
        return Line(planned, order=order, challenge=found.challenge.slug)
