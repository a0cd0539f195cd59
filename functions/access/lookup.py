"""What the rule needs to know, looked up: for the node and for the API. No LangGraph in here: the API stays light."""

from __future__ import annotations

from datetime import datetime

from functions.access.agent import Subject
from shared.clock import local_day, midnight
from shared.curriculum import Curriculum
from shared.readmodel import View

WORKING = ("active", "completed")


def subject(
    view: View,
    curriculum: Curriculum,
    *,
    learner: str,
    language: str,
    now: datetime,
    goal: str | None = None,
    runs: bool = False,
    counted: int = 0,
) -> Subject:
    """`counted`: runs of this very request that the quota has counted already. At most five round trips."""
    person = view.learner(learner)
    if person is None:
        return Subject(None, language, now, goal)
    courses = frozenset(e.course for e in view.enrolments(learner) if e.state in WORKING)
    needed = frozenset(
        needed
        for course in courses
        if course in curriculum.courses
        for concept in curriculum.courses[course].concepts
        for needed in curriculum.prerequisites(concept)
    )
    used = 0
    if runs:
        since = midnight(local_day(now, person.timezone), person.timezone)
        used = max(0, view.runs_since(learner, since) - counted)
    return Subject(
        learner=person,
        language=person.language,
        now=now,
        asked=goal,
        goal=view.goal(goal) if goal is not None else None,
        contract=view.contract_of(learner),
        courses=courses,
        needed=needed,
        used=used,
        runs=runs,
    )
