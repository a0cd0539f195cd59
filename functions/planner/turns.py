"""Whose turn it is among several courses: none waits for long because another one fills the day.

Every day the courses take turns (`standing.courses`, the least served first). That alone does not do where what was
begun in one course is carried on from day to day. So a course that has had nothing in the plan for PATIENCE days of
learning goes in before the rest, and makes room for itself; of several the one that has waited longest.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta

from functions.planner.context import Context
from functions.planner.standing import Standing
from shared.clock import local_day

PATIENCE = 2
"""Days of learning without a goal of the course in the plan, after which its turn has come."""
AT_ONCE = 2
"""Courses whose turn it may be on one day."""


def turns(context: Context, standing: Standing, served: Collection[str]) -> dict[str, int]:
    """Courses whose turn it is → the days of learning they have waited, the longest first. `served`: courses that are
    in the day already. One course alone takes no turns; one nobody has had a goal of is first."""
    if len(standing.courses) < 2:
        return {}
    waits = {course: waited(context, standing, course) for course in standing.courses if course not in served}
    ordered = sorted((c for c, days in waits.items() if days >= PATIENCE), key=lambda c: (-waits[c], c))
    return {course: waits[course] for course in ordered[:AT_ONCE]}


def waited(context: Context, standing: Standing, course: str) -> int:
    """Days of learning since a goal of this course was last given, or since the learner is in it. Days off do not
    count."""
    days = [goal.day for goal in context.goals if goal.course == course and goal.state not in ("swapped", "abandoned")]
    for enrolment in context.enrolments:
        if enrolment.course == course:
            moment = enrolment.changed or enrolment.started
            days.append(local_day(moment, context.who().timezone))
    last = max(days, default=standing.day)
    return sum(not _off(context, last + timedelta(days=n)) for n in range(1, (standing.day - last).days + 1))


def _off(context: Context, day: date) -> bool:
    return context.day_off(day) or context.back(day) is not None
