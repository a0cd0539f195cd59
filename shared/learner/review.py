"""When a concept comes back: one FSRS card for each learner and concept, kept in `review.due` events.

FSRS 6 (J. Ye et al., "A Stochastic Shortest Path Algorithm for Optimizing Spaced Repetition Scheduling", KDD 2022;
package `fsrs`), without learning steps and without fuzz: the same review gives the same date. Its weights come from
flashcards, so a card's retrievability is never shown as mastery: the date is all that is taken from it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import IntEnum
from functools import cache

from fsrs import Card, Scheduler, State
from fsrs import Rating as Grade

RETENTION = 0.9
LONGEST = 180
"""Days. No programming concept is left alone for longer."""

SOON = timedelta(days=2)
"""What was solved with help is tested again within this time."""


class Recall(IntEnum):
    """How a concept was recalled, in FSRS's grades."""

    FAILED = 1
    WITH_EFFORT = 2
    CLEAN = 3
    BEYOND_EXPECTATION = 4


@dataclass(frozen=True, slots=True)
class Due:
    """A card after a review: `stability` in days, `difficulty` 1 to 10."""

    due: datetime
    stability: float
    difficulty: float
    reviewed: datetime


def recalled(*, solved: bool, assisted: bool, hints: int, failures: int, attempts: int, expected: float) -> Recall:
    """`failures`: submissions that failed on this goal; `attempts`: all its runs; `expected`: the model's p."""
    if not solved:
        return Recall.FAILED
    if assisted or hints or failures > 1 or attempts > 8:
        return Recall.WITH_EFFORT
    if not failures and expected < 0.5:
        return Recall.BEYOND_EXPECTATION
    return Recall.CLEAN


def schedule(
    recall: Recall,
    at: datetime,
    *,
    stability: float | None = None,
    difficulty: float | None = None,
    reviewed: datetime | None = None,
    soon: bool = False,
) -> Due:
    """The next review after one at `at`. Without `stability` the concept is new. `soon`: within two days.

    A card reviewed after `at` (runs evaluated out of order) is taken as reviewed at `at`.
    """
    now = at.astimezone(UTC)
    card = Card(card_id=1)
    if stability is not None and difficulty is not None and reviewed is not None:
        last = min(reviewed.astimezone(UTC), now)
        card = Card(1, State.Review, None, stability, difficulty, now, last)
    card, _ = _scheduler().review_card(card, Grade(int(recall)), now)
    if card.stability is None or card.difficulty is None:
        raise AssertionError("FSRS reviewed a card and left it without stability")
    due = min(card.due, now + SOON) if soon else card.due
    return Due(due, card.stability, card.difficulty, now)


@cache
def _scheduler() -> Scheduler:
    return Scheduler(
        desired_retention=RETENTION,
        learning_steps=(),
        relearning_steps=(),
        maximum_interval=LONGEST,
        enable_fuzzing=False,
    )
