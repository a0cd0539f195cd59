"""Reviews come when forgetting is likely; the same history always gives the same date."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from shared.learner.review import LONGEST, SOON, Due, Recall, recalled, schedule

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def again(due: Due, recall: Recall) -> Due:
    """A review on the very day it was due."""
    return schedule(recall, due.due, stability=due.stability, difficulty=due.difficulty, reviewed=due.reviewed)


def test_the_same_review_gives_the_same_date() -> None:
    assert schedule(Recall.CLEAN, NOW) == schedule(Recall.CLEAN, NOW)


def test_a_better_recall_waits_longer() -> None:
    waits = [schedule(recall, NOW).due for recall in Recall]
    assert waits == sorted(waits)
    assert waits[0] < waits[-1]


def test_intervals_grow_with_success_and_shrink_with_failure() -> None:
    first = schedule(Recall.CLEAN, NOW)
    second = again(first, Recall.CLEAN)
    third = again(second, Recall.FAILED)
    assert second.due - second.reviewed > first.due - first.reviewed
    assert third.due - third.reviewed < second.due - second.reviewed


def test_no_interval_is_longer_than_half_a_year() -> None:
    due = schedule(Recall.BEYOND_EXPECTATION, NOW)
    for _ in range(12):
        due = again(due, Recall.BEYOND_EXPECTATION)
    assert due.due - due.reviewed <= timedelta(days=LONGEST)


def test_what_was_solved_with_help_is_tested_within_two_days() -> None:
    assert schedule(Recall.CLEAN, NOW, stability=60, difficulty=3, reviewed=NOW, soon=True).due <= NOW + SOON


def test_times_of_another_zone_are_understood() -> None:
    local = NOW.astimezone(timezone(timedelta(hours=9)))
    assert schedule(Recall.CLEAN, local) == schedule(Recall.CLEAN, NOW)


def test_an_older_review_seen_late_does_not_break_the_card() -> None:
    due = schedule(Recall.CLEAN, NOW, stability=5, difficulty=5, reviewed=NOW + timedelta(days=3))
    assert due.reviewed == NOW


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"solved": False}, Recall.FAILED),
        ({"hints": 1}, Recall.WITH_EFFORT),
        ({"failures": 2}, Recall.WITH_EFFORT),
        ({"attempts": 12}, Recall.WITH_EFFORT),
        ({}, Recall.CLEAN),
        ({"expected": 0.3}, Recall.BEYOND_EXPECTATION),
        ({"expected": 0.3, "failures": 1}, Recall.CLEAN),
    ],
)
def test_a_recall_is_graded_by_help_tries_and_surprise(facts: dict[str, float], expected: Recall) -> None:
    given = {"solved": True, "assisted": False, "hints": 0, "failures": 0, "attempts": 1, "expected": 0.7}
    assert recalled(**(given | facts)) is expected  # type: ignore[arg-type]
