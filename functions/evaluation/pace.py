"""How fast somebody is, against nobody but themselves: time from opening to solving, of the minutes planned for it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from statistics import median

from shared.readmodel.rows import Goal

LAID_ASIDE = 6 * 3600.0
"""Seconds. What took longer was laid aside in between, and says nothing about speed."""
LOOKED_BACK = timedelta(days=90)
LOOKED_AT, FEWEST = 20, 3
"""Solved goals that make the learner's own measure: at most, at least."""


def share(goal: Goal, seconds: float | None) -> float | None:
    """Of the minutes planned, how much was needed: 1 is all of them. None where it says nothing."""
    if seconds is None or not 0 < seconds <= LAID_ASIDE or goal.minutes <= 0:
        return None
    return seconds / (60 * goal.minutes)


def usual(goals: Sequence[Goal], *, before: datetime) -> float | None:
    """The median share of the last goals solved before; None while they are too few."""
    solved = sorted(
        (g for g in goals if g.state == "solved" and g.opened and g.closed and g.closed < before),
        key=lambda g: g.closed or before,
    )
    shares = [s for g in solved if g.opened and g.closed and (s := share(g, (g.closed - g.opened).total_seconds()))]
    return median(shares[-LOOKED_AT:]) if len(shares) >= FEWEST else None


def pace(goal: Goal, seconds: float | None, goals: Sequence[Goal], at: datetime) -> float | None:
    """1: as fast as always; 2: it took twice as long; None while there is too little to compare with."""
    now, then = share(goal, seconds), usual([g for g in goals if g.goal != goal.goal], before=at)
    return None if now is None or not then else round(now / then, 3)
