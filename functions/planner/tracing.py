"""What a learner is likely to have at hand as a day begins, by all they submitted (`shared/learner/at_hand.py`).

The trace of a learner is kept between plans: one more submission is learnt from, not all of them again. It is a memory
of work done, nothing else: with it or without it a plan is the same.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from threading import Lock

from functions.planner.context import Context
from shared.clock import midnight
from shared.curriculum import Curriculum
from shared.learner.at_hand import AtHand, Practice
from shared.readmodel.rows import Submission

KNOWN = {"new": 0.02, "beginner": 0.05, "intermediate": 0.2, "advanced": 0.4}
"""Chance of a concept being at hand that a stated level gives, until submissions speak."""
LEARNERS = 256
"""Traces kept in a process."""

_kept: OrderedDict[str, tuple[Curriculum, float, tuple[Submission, ...], AtHand]] = OrderedDict()
_lock = Lock()


def at_hand(context: Context, reach: Sequence[str]) -> dict[str, float]:
    """Chance of each concept of `reach`, in [0, 1], at the first moment of the planned day: so that a plan made twice
    on the same evidence is the same. Of what no submission speaks of, mastery does."""
    who = context.who()
    trace = traced(who.learner, context.curriculum, tuple(context.submissions), KNOWN.get(who.level or "", 0.0))
    chances = trace.chances(midnight(context.day(), who.timezone).timestamp())
    return {
        c: max(chances[c], context.mastery[c].shown) if c in context.mastery and not trace.met(c) else chances[c]
        for c in reach
    }


def traced(learner: str, curriculum: Curriculum, submissions: tuple[Submission, ...], known: float) -> AtHand:
    """The estimate after all of `submissions`, oldest first."""
    with _lock:
        kept = _kept.get(learner)
    if kept and kept[0] is curriculum and kept[1] == known and submissions[: len(kept[2])] == kept[2]:
        trace, start = kept[3].copy(), len(kept[2])
    else:
        trace, start = AtHand({c: curriculum.concepts[c].prerequisites for c in curriculum.order}, known), 0
    for s in submissions[start:]:
        trace.learn(Practice(s.concept, s.at.timestamp(), s.difficulty, s.correct, not s.assisted))
    with _lock:
        _kept[learner] = (curriculum, known, submissions, trace)
        _kept.move_to_end(learner)
        if len(_kept) > LEARNERS:
            _kept.popitem(last=False)
    return trace
