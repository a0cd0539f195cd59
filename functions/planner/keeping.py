"""What stays: what the learner has begun, what was planned for today, and what is left of the days before."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import cast

from functions.planner.context import Context
from functions.planner.lines import Line
from functions.planner.standing import Standing, target
from functions.planner.texts import WHY, say
from shared.clock import local_day
from shared.events.catalogue.teaching import Kind, PlannedGoal
from shared.planning import weigh
from shared.readmodel.rows import Goal

IN_FLIGHT = timedelta(minutes=2)
"""How long a planned goal may be in the making before it is planned anew."""
BEING_WRITTEN = timedelta(minutes=15)
"""The same for one whose challenge has to be written first, and proven."""
STALE_DAYS = 7
"""A goal nobody opened for so long is not carried on."""
LIVE = ("assigned", "open", "stuck")
GONE = ("swapped", "abandoned", "paused")
CARRIED_SHARE = 0.5


def kept(context: Context, standing: Standing) -> list[Line]:
    """Lines that stay, in the order in which they stood."""
    plan = context.plan
    lines = _today(context) if plan is not None and plan.day == standing.day else _carried(context)
    there = {line.planned.goal for line in lines}
    begun = [
        _line(g) for g in context.goals if g.goal not in there and g.state in LIVE and _taken_up(context, standing, g)
    ]
    closed = context.closed_courses()
    return [line for line in (*lines, *begun) if not _closed(line, closed, standing)]


def _taken_up(context: Context, standing: Standing, goal: Goal) -> bool:
    """Begun today, taken up again today, or begun once in a course that was taken up again today."""
    zone = context.who().timezone
    if goal.opened is None:
        return False
    again = [e.changed for e in context.enrolments if e.course == goal.course and e.state == "active"]
    moments = [goal.opened, goal.resumed, *(at for at in again if at is None or at > goal.opened)]
    return any(at is not None and local_day(at, zone) == standing.day for at in moments)


def _closed(line: Line, closed: frozenset[str], standing: Standing) -> bool:
    """Of a course that was laid aside or left, and of no use to another one."""
    if line.row is None or line.planned.kind == "placement" or line.row.state not in LIVE:
        return False
    return line.row.course in closed and line.planned.concept not in standing.reach


def relieved(context: Context, lines: Sequence[Line]) -> list[Line]:
    """What today's mood takes out of the lines, once: the hardest one not begun, or all of these but the first."""
    effect = context.effect()
    free = [line for line in lines if line.untouched and line.planned.kind != "placement"]
    if effect == "none" or not free or not context.effect_is_new():
        return list(lines)
    out: set[str | None] = set()
    match effect:
        case "pause":
            out = {line.planned.goal for line in free[1:]}
        case "smaller_step":
            hard = [line for line in free if line.row and line.row.difficulty > target(context, line.planned.concept)]
            hardest = max(hard, key=lambda line: line.row.difficulty if line.row else 0.0, default=None)
            out = {hardest.planned.goal} if hardest else set()
        case _:
            pass
    return [line for line in lines if line.planned.goal not in out]


def _today(context: Context) -> list[Line]:
    """Today's plan without what was laid aside or swapped. A goal not made yet stays while it may be in the making."""
    plan = context.plan
    assert plan is not None  # noqa: S101  `kept` asks only where there is one
    rows = {g.goal: g for g in context.goals}
    lines = []
    for stored in plan.goals:
        planned = PlannedGoal.model_validate(stored)
        row = rows.get(planned.goal or "")
        patience = BEING_WRITTEN if planned.goal == plan.to_write else IN_FLIGHT
        if (row is None and context.now - plan.changed < patience) or (row is not None and row.state not in GONE):
            lines.append(Line(planned, row, challenge=row.challenge if row else ""))
    return lines


def _carried(context: Context) -> list[Line]:
    """Unfinished goals of the last plan, those begun first, up to half of the day; placement always."""
    plan = context.plan
    if plan is None:
        return []
    rows = {g.goal: g for g in context.goals}
    left = []
    for stored in plan.goals:
        planned = PlannedGoal.model_validate(stored)
        row = rows.get(planned.goal or "")
        if row is not None and row.state in LIVE and (row.opened or context.waited(row.day) <= STALE_DAYS):
            left.append(Line(_again(context, planned, row), row, challenge=row.challenge))
    left.sort(key=lambda line: (line.planned.kind != "placement", line.untouched, -line.planned.weight))
    room = CARRIED_SHARE * context.who().minutes_of(context.day())
    lines: list[Line] = []
    for line in left:
        used = sum(x.planned.minutes for x in lines)
        if line.planned.kind == "placement" or not lines or used + line.planned.minutes <= room:
            lines.append(line)
    return lines


def _again(context: Context, planned: PlannedGoal, row: Goal) -> PlannedGoal:
    words = WHY["carried_open" if row.runs else "carried"]
    because = say(words, context.who().language, day=row.day, best=row.best, total=row.total, because=row.because)
    return planned.model_copy(update={"because": because})


def _line(row: Goal) -> Line:
    weight = weigh("begun")
    planned = PlannedGoal(
        kind=cast(Kind, row.kind),
        concept=row.concepts[0],
        minutes=row.minutes,
        because=row.because,
        weight=weight.value,
        goal=row.goal,
        parts=dict(weight.parts),
    )
    return Line(planned, row, challenge=row.challenge)
