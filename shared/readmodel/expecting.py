"""How likely a learner is to solve a goal now: what help, questions and praise that nobody asked for go by."""

from __future__ import annotations

from datetime import datetime

from shared.curriculum import Curriculum
from shared.learner.tracing import SUBMISSIONS, traced
from shared.readmodel.rows import Goal
from shared.readmodel.view import View


def expected(view: View, curriculum: Curriculum, goal: Goal, at: datetime) -> float | None:
    """The probability in (0, 1) that a submission at that time passes, by what the learner had at hand then
    (`shared/learner/at_hand.py`): what was evaluated since has no say, whichever function is first. None for a goal on
    a concept that no course has any more."""
    who = view.learner(goal.learner)
    submissions = tuple(s for s in view.submissions_of(goal.learner, limit=SUBMISSIONS) if s.at < at)
    trace = traced(goal.learner, who.level if who else None, curriculum, submissions)
    return trace.success(goal.concepts[0], goal.difficulty, at.timestamp()) if goal.concepts else None
