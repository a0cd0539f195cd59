"""Help that nobody asked for: seldom, and only where it is likely to be needed.

When: the learner model gives this challenge less than it was chosen for, at least two runs failed, and the last two
passed no new case. Expected success predicts an unsolved run best, then failures and time without progress.
"""

from __future__ import annotations

from datetime import datetime

from functions.feedback import texts
from graph.decision import Said
from graph.state import Input
from shared.attention import held
from shared.events.catalogue.attention import HelpOffered, MessageWithheld
from shared.readmodel.rows import Attention, Goal
from shared.spoken import words

LOW = 0.7
"""Expected success under which help may be offered: the planner aims at goals with this chance."""
FAILURES, STALLED = 2, 2
RUNGS = 5


def needed(goal: Goal, run: Input, expected: float | None) -> bool:
    facts = run["facts"]
    failing = facts["passed"] < facts["total"]
    low = expected is None or expected < LOW
    return failing and low and goal.failures >= FAILURES and goal.stalled >= STALLED and goal.closed is None


def offer(
    goal: Goal,
    run: Input,
    language: str,
    *,
    expected: float | None,
    attention: Attention,
    asked: datetime | None,
    edited: datetime | None,
    now: datetime,
) -> list[Said]:
    """An offer, or the record that one was held back and why; nothing where none is needed."""
    if not needed(goal, run, expected):
        return []
    why = held(attention, now=now, run=run["id"], asked=asked, edited=edited)
    name = run["facts"]["run"]
    if why is not None:
        return [Said(MessageWithheld(goal=goal.goal, run=name, message="help", why=why), causation=run["id"])]
    left = goal.hints < RUNGS
    form = texts.offered(language, "hint" if left else "last")
    offered = HelpOffered(
        goal=goal.goal,
        run=name,
        text=form.format(best=goal.best, total=goal.total, stalled=goal.stalled, next=goal.hints + 1),
        offers=("hint", "smaller_step", "pause") if left else ("smaller_step", "pause"),
        expected=expected,
        failures=goal.failures,
        stalled=goal.stalled,
        language=words(language),
    )
    return [Said(offered, expected=attention.version, causation=run["id"])]
