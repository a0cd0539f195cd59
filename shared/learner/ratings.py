"""Elo with concepts: the probability that an attempt succeeds, and what its outcome moves.

    logit p = θ(learner) + mean over concepts θ(learner, concept) − b(challenge) − mean over concepts b(concept)

Elo as an on-line estimate of the Rasch model: R. Pelánek, "Applications of the Elo rating system in adaptive
educational systems", Computers & Education 98 (2016); per-concept abilities as in its section 4 and in J. Papoušek,
R. Pelánek, V. Stanislav, "Adaptive practice of facts in domains with varied prior knowledge", EDM 2014.
The step K(n) = α / (1 + β·n), Pelánek's uncertainty function, never below a floor: abilities change, so a learner's
ratings must keep moving; a challenge does not change and may settle.

All ratings are log-odds and are kept as sums of increments from 0, so that learners who attempt one challenge at the
same time add up. What a rating starts from is not stored: a challenge starts from its stated difficulty (`stated`).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from shared.readmodel.rows import Rating

Ratings = Mapping[str, Rating]
"""By key (`l:<learner>`, `lc:<learner>|<concept>`, `i:<challenge>`, `c:<concept>`). A missing key is a rating of 0."""

NEW = Rating(0.0, 0)


@dataclass(frozen=True, slots=True)
class Attempt:
    """Who tries what, when. `difficulty`: as the challenge states it, 0 easiest to 1; `variant`s share a rating.

    `at` is not used by this model; one that knows time gaps needs it.
    """

    learner: str
    challenge: str
    concepts: tuple[str, ...]
    difficulty: float
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """K(n) = max(floor, alpha / (1 + beta·n)), in log-odds for an outcome that was missed by a whole probability."""

    alpha: float
    beta: float
    floor: float

    def __call__(self, n: int) -> float:
        return max(self.floor, self.alpha / (1 + self.beta * n))


LEARNER = Step(0.4, 0.05, 0.06)
LEARNER_CONCEPT = Step(1.0, 0.15, 0.15)
CHALLENGE = Step(0.6, 0.05, 0.02)
CONCEPT = Step(0.2, 0.05, 0.01)


def sigmoid(x: float) -> float:
    """1 / (1 + e^−x), without overflow."""
    if x >= 0:
        return 1 / (1 + math.exp(-x))
    e = math.exp(x)
    return e / (1 + e)


SCALE = 4.0
"""Log-odds from the easiest to the hardest."""


def stated(difficulty: float) -> float:
    """A stated difficulty in [0, 1] as log-odds in [−2, 2]: at 0.5 somebody unknown succeeds every other time."""
    return SCALE * (min(1.0, max(0.0, difficulty)) - 0.5)


def keys(attempt: Attempt) -> tuple[str, ...]:
    """The ratings an attempt depends on and moves."""
    return (
        f"l:{attempt.learner}",
        *(f"lc:{attempt.learner}|{concept}" for concept in attempt.concepts),
        f"i:{attempt.challenge}",
        *(f"c:{concept}" for concept in attempt.concepts),
    )


def predict(ratings: Ratings, attempt: Attempt) -> float:
    """The probability in (0, 1) that this attempt succeeds, before it is seen."""
    able = _value(ratings, f"l:{attempt.learner}") + _mean(
        _value(ratings, f"lc:{attempt.learner}|{concept}") for concept in attempt.concepts
    )
    hard = stated(attempt.difficulty) + _value(ratings, f"i:{attempt.challenge}")
    hard += _mean(_value(ratings, f"c:{concept}") for concept in attempt.concepts)
    return sigmoid(able - hard)


def learn(ratings: Ratings, attempt: Attempt, correct: bool, weight: float = 1.0) -> dict[str, float]:
    """What the outcome moves: increments by key, in log-odds. `weight` in [0, 1]: how much this outcome says.

    Each increment is K(n) · (outcome − p) · the term's share in the logit (1/m for each of m concepts).
    Empty for a weight of 0: nothing is counted then, not even the attempt.
    """
    if weight <= 0:
        return {}
    missed = weight * (float(correct) - predict(ratings, attempt))
    share = 1 / len(attempt.concepts) if attempt.concepts else 0.0

    def moved(key: str, step: Step) -> float:
        return step(ratings.get(key, NEW).n) * missed

    deltas = {
        f"l:{attempt.learner}": moved(f"l:{attempt.learner}", LEARNER),
        f"i:{attempt.challenge}": -moved(f"i:{attempt.challenge}", CHALLENGE),
    }
    for concept in attempt.concepts:
        ours, theirs = f"lc:{attempt.learner}|{concept}", f"c:{concept}"
        deltas[ours] = share * moved(ours, LEARNER_CONCEPT)
        deltas[theirs] = -share * moved(theirs, CONCEPT)
    return deltas


def applied(ratings: Ratings, deltas: Mapping[str, float]) -> dict[str, Rating]:
    """The ratings after increments, as the read model will have them: value plus delta, one attempt more."""
    after = dict(ratings)
    for key, delta in deltas.items():
        old = ratings.get(key, NEW)
        after[key] = Rating(old.value + delta, old.n + 1)
    return after


def _value(ratings: Ratings, key: str) -> float:
    return ratings.get(key, NEW).value


def _mean(values: Iterable[float]) -> float:
    found = tuple(values)
    return sum(found) / len(found) if found else 0.0
