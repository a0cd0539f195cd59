"""A page for a learner, with everything looked up: what the API serves. No LangGraph in here: the API stays light."""

from __future__ import annotations

import json

from functions.courses.page import Failure, render
from shared.curriculum import Challenge, Curriculum
from shared.errors import NotFound
from shared.readmodel import View
from shared.readmodel.challenges import challenge_of
from shared.readmodel.rows import Goal


def page(
    view: View,
    curriculum: Curriculum,
    *,
    learner: str,
    language: str,
    concept: str,
    goal: str | None = None,
    anchor: str | None = None,
) -> str:
    """Markdown. Raises NotFound for an unknown concept or a goal that is not the learner's."""
    known = curriculum.concepts.get(concept)
    if known is None:
        raise NotFound(f"there is no concept {concept!r}")
    row = view.goal(goal) if goal is not None else None
    if goal is not None and (row is None or row.learner != learner):
        raise NotFound(f"there is no goal {goal!r}")
    challenge = challenge_of(view, curriculum, row)
    return render(
        known,
        language,
        row,
        anchor,
        view.mastery_of(learner).get(concept),
        challenge=challenge,
        failure=_failure(view, row, challenge) if row and challenge else None,
    )


def _failure(view: View, goal: Goal, challenge: Challenge) -> Failure | None:
    """Of the newest run, unless it was our fault: the first failing case of its report. None once all cases pass."""
    newest = next((r for r in view.runs_of(goal.goal, limit=5) if not r.fault), None)
    if newest is None or newest.passed == newest.total:
        return None
    report = view.text(goal.learner, newest.report)
    cases = json.loads(report).get("cases") if report else None
    if not cases:
        return None
    id_ = str(cases[0]["id"])
    visible = any(c.id == id_ and c.visible for c in challenge.cases)
    return Failure(id_, str(cases[0]["subtask"]), visible)
