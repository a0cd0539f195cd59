"""Whether things go well: then a day has one goal that is harder than usual.

Harder only after a row of successes that were the learner's own: what is solved with hints or after many failures says
that the present difficulty is right, or too high.
"""

from __future__ import annotations

from datetime import timedelta

from functions.planner.context import Context
from functions.planner.standing import Standing
from shared.readmodel.rows import Goal

IN_A_ROW = 4
"""Goals that have ended, the newest of them, each solved by the learner alone."""
LATELY = timedelta(days=7)
SLIPS = 1
"""Failing runs that still count as solved with ease."""
ENDED = ("solved", "stuck", "swapped")


def going_well(context: Context, standing: Standing) -> int:
    """How many in a row; 0 where things do not go well, or the learner has said today how they go."""
    if context.effect() != "none":
        return 0
    ended = sorted((g for g in context.goals if g.state in ENDED and g.runs), key=_when, reverse=True)
    row = ended[:IN_A_ROW]
    fresh = [g for g in row if standing.day - g.day <= LATELY]
    return len(row) if len(fresh) == IN_A_ROW and all(_with_ease(g) for g in row) else 0


def _with_ease(goal: Goal) -> bool:
    return goal.state == "solved" and goal.hints == 0 and goal.failures <= SLIPS


def _when(goal: Goal) -> tuple[str, str]:
    """A stuck goal has not closed: it is as new as its day."""
    return str(goal.closed or goal.opened or goal.assigned), goal.goal
