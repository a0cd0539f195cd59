"""A learner's own forgetting curve: how many of the reviews were recalled, by how long the concept had rested."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from functions.api.models.learning import Recall

STEPS: tuple[tuple[int, int | None], ...] = ((0, 1), (2, 3), (4, 7), (8, 14), (15, 30), (31, None))
"""First and last whole day of each step."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """An evaluation that stands. `review`: a submission on a goal of kind review."""

    goal: str
    concepts: list[str]
    review: bool
    recalled: bool
    at: datetime


def recall(attempts: Iterable[Attempt]) -> list[Recall]:
    """By step. `attempts`: oldest first. What counts is the first submission of each review, as in `retention`, and the
    days since the review's concept was last met in another goal; a concept that never was has not rested.
    """
    met: dict[str, dict[str, datetime]] = {}
    """Concept → goal → when last."""
    answered: set[str] = set()
    seen = [[0, 0] for _ in STEPS]
    for attempt in attempts:
        if attempt.review and attempt.goal not in answered:
            answered.add(attempt.goal)
            others = [at for goal, at in met.get(attempt.concepts[0], {}).items() if goal != attempt.goal]
            if others:
                step = _step((attempt.at - max(others)).days)
                seen[step][0] += 1
                seen[step][1] += attempt.recalled
        for concept in attempt.concepts:
            met.setdefault(concept, {})[attempt.goal] = attempt.at
    return [
        Recall(from_days=first, until_days=last, reviews=reviews, recalled=recalled)
        for (first, last), (reviews, recalled) in zip(STEPS, seen, strict=True)
    ]


def _step(days: int) -> int:
    return next(place for place, (_, last) in enumerate(STEPS) if last is None or days <= last)
