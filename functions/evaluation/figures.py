"""The seam to the learner model: all that evaluation asks of it, in three questions.

What an outcome is expected to be and what it moves; what is left when it is taken back; where a concept stands. Another
model needs to answer these and nothing else here changes: whatever it moves, it moves by increments under keys of its
own, which the evaluation's event carries and the read model adds up (ADR 0016). The on-line model, whose changes do not
add up, says what is expected and nothing more (ADR 0029).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from shared.learner import Attempt, Mastered, Ratings, applied, evidence, mastered
from shared.learner.forecasting import Forecast
from shared.learner.ratings import learn, predict
from shared.readmodel.rows import Rating


class Measured(NamedTuple):
    """`expected`: before the outcome was seen, in [0, 1]; `deltas`: what it moves; `after`: the ratings with them."""

    expected: float
    deltas: dict[str, float]
    after: Ratings


def measured(
    ratings: Ratings,
    attempt: Attempt,
    *,
    correct: bool,
    assisted: bool,
    weight: float,
    forecast: Forecast | None = None,
) -> Measured:
    """One outcome, expected by `forecast`, or else by the ratings. A weight of 0 moves nothing: it is recorded only."""
    expected = predict(ratings, attempt) if forecast is None else forecast.expected(attempt)
    deltas = learn(ratings, attempt, correct, weight) | evidence(ratings, attempt, correct, assisted, weight)
    return Measured(expected, deltas, applied(ratings, deltas))


def taken_back(ratings: Ratings, deltas: Mapping[str, float]) -> Ratings:
    """The ratings without an outcome that had moved them by `deltas`."""
    after = dict(ratings)
    for key, delta in deltas.items():
        old = ratings.get(key, Rating(0.0, 0))
        after[key] = Rating(old.value - delta, max(0, old.n - 1))
    return after


def standing(ratings: Ratings, learner: str, concept: str, attempts: int) -> Mastered:
    """Where a concept stands after so many attempts that counted."""
    return mastered(ratings, learner, concept, attempts=attempts)
