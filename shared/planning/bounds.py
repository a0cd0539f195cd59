"""How often a learner may change their plan by hand: one rule for the API, `process` and the planner."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from shared.clock import local_day
from shared.readmodel.rows import Goal

SWAPS_A_DAY = 3
"""Enough to get rid of what does not fit; too few to shop for what is easy."""


def swapped_on(goals: Iterable[Goal], day: date, zone: str) -> list[Goal]:
    """Goals swapped on this day of the learner's calendar, the first one first."""
    found = [g for g in goals if g.state == "swapped" and g.closed is not None and local_day(g.closed, zone) == day]
    return sorted(found, key=lambda g: (str(g.closed), g.goal))


def swaps_left(goals: Iterable[Goal], day: date, zone: str) -> int:
    """Swaps that still may be made."""
    return max(0, SWAPS_A_DAY - len(swapped_on(goals, day, zone)))


def swaps_to_ask(goals: Iterable[Goal], day: date, zone: str) -> int:
    """Swaps that still may be asked for: what was asked for counts before it is made."""
    asked = {g.goal for g in goals if g.swap_asked is not None and local_day(g.swap_asked, zone) == day}
    return max(0, SWAPS_A_DAY - len(asked))
