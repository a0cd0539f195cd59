"""What the rule needs to know, looked up: for the node and for the API. No LangGraph in here: the API stays light."""

from __future__ import annotations

from datetime import datetime

from functions.access.agent import Subject
from functions.access.quotas import hints_used, runs_used
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
    hints: bool = False,
) -> Subject:
    """`counted`: runs of this very request that the quota has counted already. At most seven round trips."""
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
    contract = view.contract_of(learner)
    seats = contract is not None and contract.terms.seats is not None
    return Subject(
        learner=person,
        language=person.language,
        now=now,
        asked=goal,
        goal=view.goal(goal) if goal is not None else None,
        contract=contract,
        courses=courses,
        needed=needed,
        used=max(0, runs_used(view, person, contract, now) - counted) if runs and contract else 0,
        runs=runs,
        hints=hints,
        hints_used=hints_used(view, person, contract, now) if hints and contract else 0,
        taught=curriculum.courses,
        seats_before=view.seats_before(contract, now) if contract is not None and seats else 0,
    )
