"""The rules: what the evidence of a run moves in each machine. A rule that lacks its evidence moves nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import NamedTuple

from functions.process.context import Context, Seen
from functions.process.texts import say
from shared.clock import local_day, midnight
from shared.events.catalogue.agents import StateChanged
from shared.machines import MACHINES, Evidence, change
from shared.machines.machine import Entity
from shared.machines.tables import ACTIVITY, OPENED, PAUSED, RESTED, RESUMED, RUN, SWAPPED
from shared.planning.bounds import swaps_left
from shared.planning.rests import SILENCE, just_over, span
from shared.readmodel.rows import Goal

STALLED = 3
"""Failing runs in a row that pass no new case: stuck."""
FAILURES, STALLED_LATE = 5, 2
"""After so many failures in all, so many in a row are enough."""
STALE_DAYS = 7
GATE = 0.9
OVER = ("solved", "swapped", "abandoned", "stuck", "paused")
"""A placement goal in one of these has told what it can."""


class Moved(NamedTuple):
    """The event, and the input that led to it. `notable`: worth a line in the review of the process."""

    body: StateChanged
    causation: str
    notable: bool = False


TAKEN: Mapping[tuple[str, str], tuple[str, str]] = {
    (RUN, "assigned"): ("open", "first_run"),
    (RUN, "paused"): ("open", "run_again"),
    (OPENED, "assigned"): ("open", "opened"),
    (OPENED, "paused"): ("open", "opened"),
    (RESUMED, "paused"): ("open", "resumed"),
    (RUN, "abandoned"): ("open", "run_after_all"),
    **{(PAUSED, state): ("paused", "paused") for state in ("assigned", "open", "stuck")},
    **{(SWAPPED, state): ("swapped", "swapped") for state in ("assigned", "open", "stuck", "paused")},
}
"""What an input does to a goal in a state: where it goes, and why."""


def goal_moves(context: Context) -> list[Moved]:
    """What happened to this thread's goal, input by input. Only at the first visit: the second sees it all done."""
    goal = context.goal
    if goal is None or context.passes:
        return []
    moved: list[Moved] = []
    state = goal.state
    today, zone = local_day(context.now, context.learner.timezone), context.learner.timezone
    for seen in context.inputs:
        way = None if seen.fault else TAKEN.get((seen.type, state))
        if seen.type == SWAPPED and not swaps_left(context.goals, today, zone):
            way = None  # the API refuses it; this is for two that were asked for at the same moment
        if way is not None:
            moved.append(_goal_moved(context, goal, state, *way, seen))
            state = way[0]
    runs = [i for i in context.inputs if i.type == RUN and not i.fault]
    for before, after_, key in _judged(context, goal, state) if runs else ():
        moved.append(_goal_moved(context, goal, before, after_, key, runs[-1], notable=key != "run_again"))
    return moved


def _judged(context: Context, goal: Goal, state: str) -> list[tuple[str, str, str]]:
    """(before, after, why): what the runs of this input say, all taken together."""
    if context.solved and state in ("open", "stuck"):
        return [(state, "solved", "solved")]
    if context.solved and state == "paused":
        return [("paused", "open", "run_again"), ("open", "solved", "solved")]
    if state == "open" and _stalls(goal):
        return [("open", "stuck", "stuck")]
    if state == "stuck" and goal.stalled == 0:
        return [("stuck", "open", "unstuck")]
    return []


def _goal_moved(
    context: Context, goal: Goal, before: str, after_: str, key: str, by: Seen, *, notable: bool = False
) -> Moved:
    because = say(
        key, context.learner.language, total=goal.total, best=goal.best, runs=goal.runs, hints=goal.hints,
        stalled=goal.stalled,
    )  # fmt: skip
    return Moved(change("goal", goal.goal, before, after_, because, [Evidence(by.type, by.id)]), by.id, notable)


def _stalls(goal: Goal) -> bool:
    return goal.stalled >= STALLED or (goal.failures >= FAILURES and goal.stalled >= STALLED_LATE)


def left_over(context: Context, goals: Sequence[Goal]) -> Iterator[Moved]:
    """Of `goals` (this run's moves made) those never opened that are too old, or in no plan any more."""
    if not (context.planned or context.trigger == "daily"):
        return
    plan = context.plan
    held = {line["goal"] for line in plan.goals} if plan else set()
    for goal in goals:
        if goal.state != "assigned" or goal.opened is not None or goal.goal in held or goal.runs:
            continue
        old = context.back is None and context.idle_days(goal.day) > STALE_DAYS
        dropped = plan is not None and goal.day <= plan.day and goal.assigned < plan.changed
        if old or dropped:
            yield from _move(
                context, "goal", goal.goal, "assigned", "abandoned", "abandoned", notable=old, day=goal.day
            )


def learner_moves(context: Context, goals: Sequence[Goal]) -> Iterator[Moved]:
    """`goals`: with this run's own moves made."""
    learner = context.learner
    placement = [g for g in goals if g.kind == "placement"]
    waiting = [g for g in placement if g.state not in OVER]
    silent = context.now - _quiet_since(context)
    here = any(i.type in ACTIVITY and not i.fault for i in context.inputs)
    if context.back is not None:
        yield from _rests(context, context.back)
        return
    match learner.state:
        case "registered" if learner.level is not None and (context.planned or context.goals):
            after = "placing" if waiting else "learning"
            yield from _move(context, "learner", learner.learner, "registered", after, after)
        case "placing" if not waiting:
            solved = sum(g.state == "solved" for g in placement)
            yield from _move(
                context, "learner", learner.learner, "placing", "learning", "placed", notable=True,
                solved=solved, count=len(placement),
            )  # fmt: skip
        case "placing" | "learning" as state if silent >= SILENCE and context.trigger == "daily":
            yield from _move(
                context, "learner", learner.learner, state, "paused", "silent", notable=True, days=silent.days
            )
        case "paused" if here or (context.trigger == "daily" and just_over(context.rests, context.day)):
            after = "placing" if waiting else "learning"
            key = "back" if here else "rest_over"
            yield from _move(context, "learner", learner.learner, "paused", after, key, notable=True)
        case _:
            pass


def _rests(context: Context, back: date) -> Iterator[Moved]:
    """During days off a learner moves only into them: what they do meanwhile does not end them."""
    state = context.learner.state
    if state in ("placing", "learning") and any(i.type == RESTED for i in context.inputs):
        yield from _move(context, "learner", context.learner.learner, state, "paused", "rests", notable=True, day=back)


def _quiet_since(context: Context) -> datetime:
    """Silence is counted from the last sign of the learner, or from the end of their days off."""
    zone = context.learner.timezone
    ends = [midnight(span(rest, zone)[1], zone) for rest in context.rests]
    return max([context.learner.last_seen, *(end for end in ends if end <= context.now)])


def course_moves(context: Context) -> Iterator[Moved]:
    """Begun with the first run on one of its goals; completed, with the enrolment, when every concept is learnt."""
    ran = any(i.type == RUN and not i.fault for i in context.inputs)
    for enrolment in context.enrolments:
        course = context.curriculum.courses.get(enrolment.course)
        if course is None:
            continue
        state = context.state_of("course", course.slug, "not_started")
        if state == "not_started" and ran and context.goal is not None and context.goal.course == course.slug:
            yield from _move(context, "course", course.slug, state, "started", "course_started")
            state = "started"
        learnt = all(c in context.mastery and context.mastery[c].shown >= GATE for c in course.concepts)
        if not learnt:
            continue
        figures = {"count": len(course.concepts), "gate": GATE}
        if state == "started":
            yield from _move(
                context, "course", course.slug, "started", "completed", "course_completed", notable=True, **figures
            )
        if enrolment.state == "active":
            yield from _move(
                context, "enrolment", course.slug, "active", "completed", "course_completed", notable=True, **figures
            )


def review_moves(context: Context) -> Iterator[Moved]:
    """Due from the day on which its date falls; done when practice has set a later one."""
    zone = context.learner.timezone
    end = midnight(context.day + timedelta(days=1), zone)
    for review in context.reviews:
        state = context.state_of("review", review.concept, "none")
        due = local_day(review.due, zone)
        if review.due < end and state != "due":
            yield from _move(context, "review", review.concept, state, "due", "review_due", due=due)
        elif review.due >= end and state == "due":
            yield from _move(context, "review", review.concept, state, "done", "review_done", due=due)


def after(goals: Sequence[Goal], moved: Sequence[Moved]) -> list[Goal]:
    """The goals as these moves leave them."""
    states = {m.body.id: m.body.after for m in moved if m.body.entity == "goal"}
    return [replace(g, state=states.get(g.goal, g.state)) for g in goals]


def _move(
    context: Context,
    entity: Entity,
    id_: str,
    before: str,
    after: str,
    key: str,
    *,
    notable: bool = False,
    **figures: object,
) -> Iterator[Moved]:
    shown = context.evidence
    if MACHINES[entity].allows(before, after, shown):
        body = change(entity, id_, before, after, say(key, context.learner.language, **figures), shown)
        yield Moved(body, body.evidence[-1], notable)
