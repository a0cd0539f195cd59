"""How far a concept is mastered: with help and without apart, how sure that is, and never faster than evidence allows.

Each concept has two hidden states, known or not. An attempt at a challenge of difficulty b (log-odds) has the
Rasch likelihoods σ(+A − b) if known and σ(−A − b) if not, so an outcome adds its log-likelihood ratio to the log-odds
of "known" (Bayes' rule; the two-state view is that of knowledge tracing, Corbett & Anderson 1995; the likelihoods
Rasch 1960). A hard challenge solved says more than an easy one, an easy one failed more than a hard one.
The sum is held between FLOOR and CEILING, so that somebody who learns, or forgets, is believed within a few attempts.

Sums are ratings like those of `ratings`: keys `mu:<learner>|<concept>` (unassisted), `ma:` (assisted), from PRIOR.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from shared.learner.ratings import NEW, Attempt, Ratings, sigmoid, stated

GATE = 0.9
"""Mastery at which a concept counts as learnt (0.9 to 0.95 in the literature on mastery learning)."""

STEPS = (0.5, 0.8, GATE)
"""Crossing one of these, up or down, is worth a new plan."""

CAPS = {0: 0.1, 1: 0.5, 2: 0.8}
"""The most that is shown after so many attempts (facts: a gate without them lets a lucky guess through)."""

PRIOR = math.log(0.1 / 0.9)
"""Log-odds of "known" before any evidence: 0.1."""

APART = 1.5
"""A: distance of each state from the middle, in log-odds."""

FLOOR, CEILING = -3.0, 4.0
ASSISTED_SHARE, ASSISTED_CAP = 0.25, 0.5
"""Success with help lifts what is shown by a quarter of its lead, and never above 0.5: the rest is shown alone."""

SECONDARY = 0.5
"""What an attempt says of a concept that is not the challenge's primary one."""

SPREAD = 1.6
"""Standard deviation before any evidence, in log-odds; each attempt adds the information of a fair trial, 1/4."""


@dataclass(frozen=True, slots=True)
class Mastered:
    """`shown`, `assisted`, `unassisted` in [0, 1]; `uncertainty`: one standard deviation in log-odds."""

    shown: float
    assisted: float
    unassisted: float
    uncertainty: float
    attempts: int


def mastery_keys(learner: str, concept: str) -> tuple[str, str]:
    """Keys of the unassisted and of the assisted sum."""
    return f"mu:{learner}|{concept}", f"ma:{learner}|{concept}"


def mastered(ratings: Ratings, learner: str, concept: str, *, attempts: int | None = None) -> Mastered:
    """Where a learner stands in a concept, with the caps on few attempts. `attempts`: how many there were, where that
    is known: an attempt that moved both sums is one, and the sums count it twice."""
    alone, helped = (ratings.get(key, NEW) for key in mastery_keys(learner, concept))
    unassisted = min(_cap(alone.n), sigmoid(PRIOR + alone.value))
    assisted = min(_cap(helped.n), sigmoid(PRIOR + helped.value))
    lifted = min(ASSISTED_CAP, unassisted + ASSISTED_SHARE * (assisted - unassisted))
    attempts = alone.n + helped.n if attempts is None else attempts
    return Mastered(
        shown=max(unassisted, lifted),
        assisted=assisted,
        unassisted=unassisted,
        uncertainty=1 / math.sqrt(1 / SPREAD**2 + attempts / 4),
        attempts=attempts,
    )


def evidence(
    ratings: Ratings, attempt: Attempt, correct: bool, assisted: bool, weight: float = 1.0
) -> dict[str, float]:
    """What an outcome adds to the sums, by key. Success with help says nothing of success alone, so it moves the
    assisted sum only; failure in spite of help moves both. Empty for a weight of 0."""
    if weight <= 0:
        return {}
    deltas: dict[str, float] = {}
    for place, concept in enumerate(attempt.concepts):
        alone, helped = mastery_keys(attempt.learner, concept)
        moved = (helped,) if assisted and correct else (alone, helped) if assisted else (alone,)
        told = weight * (1.0 if place == 0 else SECONDARY) * _likelihood_ratio(stated(attempt.difficulty), correct)
        for key in moved:
            now = PRIOR + ratings.get(key, NEW).value
            deltas[key] = min(CEILING, max(FLOOR, now + told)) - now
    return deltas


def crossed(before: float, after: float) -> float | None:
    """The highest of STEPS that lies between two mastery figures, in either direction; None where none does."""
    low, high = sorted((before, after))
    return max((step for step in STEPS if low < step <= high), default=None)


def _cap(attempts: int) -> float:
    return CAPS.get(attempts, 1.0)


def _likelihood_ratio(b: float, correct: bool) -> float:
    """log P(outcome | known) − log P(outcome | not known), for a challenge of difficulty `b` in log-odds."""
    if correct:
        return math.log(sigmoid(APART - b) / sigmoid(-APART - b))
    return math.log(sigmoid(b - APART) / sigmoid(b + APART))
