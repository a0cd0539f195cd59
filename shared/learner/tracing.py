"""A learner's trace (`at_hand.py`) from the rows that planner, feedback and mood look up.

The trace of a learner is kept between calls: one more submission is learnt from, not all of them again. It is a memory
of work done, nothing else: with it or without it every figure is the same. What nobody asked for within an
hour goes with the next question about anybody: so does what is known of somebody who was erased.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable
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

UNASKED = 3600.0
"""Seconds that a trace is kept after it was last asked for."""

_kept: OrderedDict[str, tuple[Curriculum, float, tuple[Submission, ...], AtHand]] = OrderedDict()
_asked: dict[str, float] = {}
"""When, in the order of `_kept`: the longest ago first."""
_lock = Lock()


def traced(
    learner: str,
    level: str | None,
    curriculum: Curriculum,
    submissions: tuple[Submission, ...],
    now: Callable[[], float] = time.monotonic,
) -> AtHand:
    """The estimate after all of `submissions`, oldest first. Others share it: `copy` before more is learnt. `now`: a
    clock of seconds."""
    known = KNOWN.get(level or "", 0.0)
    with _lock:
        _forget(now() - UNASKED)
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
        _asked.pop(learner, None)
        _asked[learner] = now()
        if len(_kept) > LEARNERS:
            _asked.pop(_kept.popitem(last=False)[0], None)
    return trace


def _forget(before: float) -> None:
    """Those that were last asked for before then."""
    while _asked and (at := next(iter(_asked.items())))[1] < before:
        del _asked[at[0]]
        _kept.pop(at[0], None)
