"""What no single event moves: enrolments as the contract covers them, goals left lying, states a crash left behind.

A state is repaired only on evidence that is on record: a goal whose submission passed every case is solved, whatever
kept its thread from saying so.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from functions.process.context import Context
from functions.process.moves import Moved
from functions.process.texts import say
from shared.clock import local_day
from shared.machines import ENROLMENT, Evidence, change
from shared.machines.tables import JOINED, LAID_ASIDE, LEFT, RUN, TAKEN_UP
from shared.readmodel.rows import Contract

IDLE = timedelta(days=10)
"""An open goal nobody has run for so long is laid aside."""
SETTLED = timedelta(hours=1)
"""So long after a solving submission its goal should be solved; before, its thread may still be at work."""
TO_SOLVED: Mapping[str, tuple[str, ...]] = {
    "assigned": ("open", "solved"),
    "paused": ("open", "solved"),
    "abandoned": ("open", "solved"),
    "open": ("solved",),
    "stuck": ("solved",),
}
"""The allowed moves from a state to solved."""
ASKED: Mapping[tuple[str, str], tuple[str, str]] = {
    (LAID_ASIDE, "active"): ("paused", "course_paused"),
    (TAKEN_UP, "paused"): ("active", "course_resumed"),
    (JOINED, "paused"): ("active", "course_resumed"),
    **{(JOINED, state): ("active", "course_joined") for state in ("left", "ended")},
    **{(LEFT, state): ("left", "course_left") for state in ("active", "paused", "completed")},
}
"""What a learner's word does to an enrolment in a state: where it goes, and why."""


def goals(context: Context) -> Iterator[Moved]:
    """Once a day. A goal that this run itself moves is left to it; nothing is laid aside that has been solved."""
    if context.passes:
        return
    zone = context.learner.timezone
    waiting = _waiting(context)
    for goal in context.goals:
        if goal.goal in context.unsettled:
            event, at = context.unsettled[goal.goal]
            yield from _put_right(context, goal.goal, goal.state, Evidence(RUN, event), local_day(at, zone).isoformat())
        elif goal.goal in context.idle and goal.state in ("open", "stuck"):
            day = local_day(context.idle[goal.goal], zone)
            if not _left_lying(context, max(day, waiting.get(goal.course, day))):
                continue
            because = say("idle", context.learner.language, day=day)
            body = change("goal", goal.goal, goal.state, "paused", because, context.evidence)
            yield Moved(body, body.evidence[-1], notable=True)


def _left_lying(context: Context, since: date) -> bool:
    """For IDLE days that count: none of them a day off."""
    return context.back is None and context.idle_days(since) >= IDLE.days


def _waiting(context: Context) -> dict[str, date]:
    """Course → the day from which its goals may be left lying: never while it is laid aside, and anew from the day on
    which it was taken up again."""
    zone = context.learner.timezone
    return {
        e.course: date.max if e.state in ("paused", "left") else local_day(e.changed, zone)
        for e in context.enrolments
        if e.changed is not None
    }


def _put_right(context: Context, goal: str, state: str, run: Evidence, day: str) -> Iterator[Moved]:
    because = say("put_right", context.learner.language, day=day, state=state)
    for after in TO_SOLVED.get(state, ()):
        body = change("goal", goal, state, after, because, [run])
        yield Moved(body, context.evidence[-1].id if context.evidence else run.id, notable=after == "solved")
        state = after


def enrolments(context: Context) -> Iterator[Moved]:
    """What the learner asks of a course, and what their contract lets it be."""
    if context.passes:
        return
    for enrolment in context.enrolments:
        state = enrolment.state
        for seen in context.inputs:
            way = ASKED.get((seen.type, state)) if seen.course == enrolment.course else None
            if way is not None:
                said = say(way[1], context.learner.language)
                body = change("enrolment", enrolment.course, state, way[0], said, [Evidence(seen.type, seen.id)])
                yield Moved(body, seen.id, notable=True)
                state = way[0]
        yield from _covered(context, enrolment.course, state)


def after(context: Context, moved: Sequence[Moved]) -> Context:
    """The same with its enrolments as these moves leave them."""
    states = {m.body.id: m.body.after for m in moved if m.body.entity == "enrolment"}
    left = [replace(e, state=states.get(e.course, e.state)) for e in context.enrolments]
    return replace(context, enrolments=left)


def _covered(context: Context, course: str, state: str) -> Iterator[Moved]:
    contract = context.contract
    if contract is None or context.now < contract.terms.starts:
        return
    words = _uncovered(context, contract, course)
    after = "ended" if words else "active"
    if (state == "ended") is bool(words) or not ENROLMENT.allows(state, after, context.evidence):
        return
    because = words or say("covered_again", context.learner.language)
    body = change("enrolment", course, state, after, because, context.evidence)
    yield Moved(body, body.evidence[-1], notable=True)


def _uncovered(context: Context, contract: Contract, course: str) -> str:
    """Why the contract does not cover a course; empty where it does."""
    terms = contract.terms
    over: datetime = terms.ends + timedelta(days=terms.grace_days)
    if context.now >= over:
        return say("contract_over", context.learner.language, day=local_day(over, context.learner.timezone))
    if terms.courses and course not in terms.courses:
        return say("not_covered", context.learner.language, courses=", ".join(terms.courses))
    return ""
