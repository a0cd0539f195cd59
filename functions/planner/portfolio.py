"""What fits the day: lines are added while minutes, quota and kinds allow, and never past 1.25 of the minutes.

Each line takes a challenge of the bank. Where nothing in it fits and somebody can write (`Context.writable`), one line
a day may ask for a challenge to be written.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import cast

from functions.planner.context import Context
from functions.planner.lines import Line, Wanted, fitting, ordered
from functions.planner.standing import Standing
from functions.planner.texts import WHY, say
from graph.state import Order
from shared.curriculum.fitting import usual_minutes
from shared.events.catalogue.teaching import Kind

OVER = 1.25
KINDS_WANTED = 3
LIMITS = {"review": 3, "course": 2, "skill": 2, "daily": 1, "project": 1, "wish": 2, "placement": 3}
"""Of a kind, in a day of up to 45 minutes; each further half hour allows one more of what may be many."""
MANY = ("review", "course", "skill")
WRITTEN = ("course", "skill", "wish")
"""Kinds worth writing a challenge for where the bank is used up."""
OUTRUN = ("course", "skill", "daily")
"""Kinds that have done their work once their concept is at hand."""
ANY_LENGTH = 24 * 60


@dataclass
class Portfolio:
    """A day in the making. `most`: goals that may still be made today, by the contract."""

    context: Context
    standing: Standing
    lines: list[Line] = field(default_factory=list)
    most: int = 0
    had: frozenset[str] = field(init=False)
    """Every goal there has been: an id is never used twice."""
    to_write: str | None = field(init=False)
    """The goal of this day that somebody was asked to write a challenge for."""

    def __post_init__(self) -> None:
        plan = self.context.plan
        self.had = frozenset(g.goal for g in self.context.goals)
        self.to_write = plan.to_write if plan is not None and plan.day == self.standing.day else None

    @property
    def minutes(self) -> int:
        return self.context.who().minutes_of(self.standing.day)

    @property
    def used(self) -> int:
        return sum(line.planned.minutes for line in self.lines)

    @property
    def kinds(self) -> set[str]:
        return {str(line.planned.kind) for line in self.lines} - {"placement"}

    @property
    def courses(self) -> set[str]:
        """Courses that have a goal in the day which is not over."""
        lines = [line for line in self.lines if line.row is None or line.row.state in ("assigned", "open", "stuck")]
        return {line.row.course if line.row else self._course(line) for line in lines}

    def _course(self, line: Line) -> str:
        return self.context.curriculum.concepts[line.planned.concept].course

    def count(self, kind: str) -> int:
        return sum(line.planned.kind == kind for line in self.lines)

    def fill(self, wanted: Sequence[Wanted]) -> None:
        """Pressing ones first, of several that share an id what the bank has; then one of each kind; then more, until
        nothing else fits."""
        pressing = [one for one in wanted if one.pressing and not one.in_turn]
        others = [one for one in wanted if not one.pressing or one.in_turn]
        for one in pressing:
            self.add(one, written=False)
        for one in pressing:
            self.add(one)
        for limit in (1, None):
            added = True
            while added:
                added = sum(self.add(w, limit) for w in others) > 0

    def renew(self, wanted: Sequence[Wanted]) -> None:
        """Lines that today's work has outrun (nobody begun them, and their concept is at hand by now) make room for
        what is not at hand, if there is any such thing that fits; else they stay."""
        before = list(self.lines)
        self.lines = [line for line in before if not self._outrun(line)]
        if len(self.lines) == len(before):
            return
        left = len(self.lines)
        self.fill([w for w in wanted if w.kind in OUTRUN and self.standing.short(w.concept)])
        if len(self.lines) == left:
            self.lines = before

    def _outrun(self, line: Line) -> bool:
        concept = line.planned.concept
        known = concept in self.standing.at_hand and not self.standing.short(concept)
        worked = self.standing.practised.get(concept) == self.standing.day
        asked_for = line.planned.kind not in line.planned.parts  # a wish, a mood's answer: it stands for another reason
        return line.untouched and line.planned.kind in OUTRUN and not asked_for and known and worked

    def add(self, wanted: Wanted, limit: int | None = None, *, written: bool = True) -> bool:
        """Whether it went in. `written`: with a challenge to be written, if the bank has none."""
        if self.most <= 0 or self._known(wanted) or self._there(wanted, limit) or not self._granted(wanted.kind):
            return False
        droppable = [line for line in self._by_weight() if self._may_go(line, wanted)]
        most = self._room(wanted) + sum(line.planned.minutes for line in droppable)
        make = self._line if self._line(wanted, most) is not None or not written else self._unfit
        if make(wanted, most) is None:
            return False
        while (line := make(wanted, self._room(wanted))) is None:
            self.lines.remove(droppable.pop(0))
        self.lines.append(line)
        self.most -= 1
        if line.order is not None and line.order.get("unfit"):
            self.to_write = wanted.goal
        return True

    def _may_go(self, line: Line, wanted: Wanted) -> bool:
        """May it make room? What the day itself was given stays for all that only comes in turn."""
        if not wanted.pressing or not line.untouched or line.row is None:
            return False
        return not wanted.in_turn or line.row.day < self.standing.day

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
        found = fitting(self.context, self.standing, wanted, room, self.taken)
        if found is None:
            return None
        planned, order = ordered(self.standing, wanted, found.challenge.minutes, self.taken)
        return Line(planned, order=order, challenge=found.challenge.slug)

    def _unfit(self, wanted: Wanted, room: int) -> Line | None:
        """Of what the bank has nothing for, however long the day: somebody who can write is asked, once a day."""
        if not self.context.writable or self.to_write is not None or wanted.kind not in WRITTEN:
            return None
        served = any(x.planned.concept == wanted.concept and x.planned.kind in WRITTEN for x in self.lines)
        if (served and not wanted.pressing) or fitting(self.context, self.standing, wanted, ANY_LENGTH, []) is not None:
            return None
        minutes = usual_minutes(self.context.curriculum, wanted.concept, wanted.difficulty)
        if minutes > room:
            return None
        because = say(WHY["to_write"], self.context.who().language, because=wanted.because)
        planned, order = ordered(self.standing, replace(wanted, because=because), minutes, self.taken)
        return Line(planned, order=Order(**{**order, "unfit": True}))

    @property
    def taken(self) -> list[str]:
        """Challenges that are in the plan, or left it today by a swap or without having been opened: what comes in
        their place is another one."""
        day = self.standing.day
        left = {g.challenge for g in self.context.goals if g.day == day and g.state == "abandoned"}
        swapped = {goal.challenge for goal in self.standing.swapped}
        return sorted({line.challenge for line in self.lines if line.challenge} | swapped | left)
