"""A learner's trace (`at_hand.py`) from the rows that planner, feedback and mood look up.

The trace of a learner is kept between calls: one more submission is learnt from, not all of them again. It is a memory
of work done, nothing else: with it or without it every figure is the same.
"""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock

from shared.curriculum import Curriculum
from shared.learner.at_hand import AtHand, Practice
from shared.readmodel.rows import Submission

KNOWN = {"new": 0.02, "beginner": 0.05, "intermediate": 0.2, "advanced": 0.4}
"""Chance of a concept being at hand that a stated level gives, until submissions speak."""
SUBMISSIONS = 1000
"""The newest ones tell what is at hand; those before them have hardly a say in it any more."""
LEARNERS = 256
"""Traces kept in a process."""

_kept: OrderedDict[str, tuple[Curriculum, float, tuple[Submission, ...], AtHand]] = OrderedDict()
_lock = Lock()


def traced(learner: str, level: str | None, curriculum: Curriculum, submissions: tuple[Submission, ...]) -> AtHand:
    """The estimate after all of `submissions`, oldest first. Others share it: `copy` before more is learnt."""
    known = KNOWN.get(level or "", 0.0)
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
