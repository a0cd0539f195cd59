"""A learner's own forgetting curve."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from functions.api.recalling import STEPS, Attempt, recall

START = datetime(2026, 1, 1, 12, tzinfo=UTC)


def attempt(goal: str, day: float, *, review: bool = False, recalled: bool = True, concept: str = "loops") -> Attempt:
    return Attempt(goal, [concept], review, recalled, START + timedelta(days=day))


def curve(*attempts: Attempt) -> dict[int, tuple[int, int]]:
    return {step.from_days: (step.reviews, step.recalled) for step in recall(attempts) if step.reviews}


@pytest.mark.parametrize(
    ("day", "step"), [(0.1, 0), (1.9, 0), (2, 2), (7.9, 4), (8, 8), (30.5, 15), (31, 31), (400, 31)]
)
def test_a_review_counts_where_its_concept_had_rested_so_long(day: float, step: int) -> None:
    assert curve(attempt("g", 0), attempt("r", day, review=True)) == {step: (1, 1)}


def test_the_rest_is_since_the_concept_was_last_met_in_another_goal() -> None:
    attempts = [attempt("g", 0), attempt("h", 9, concept="sets"), attempt("h2", 8), attempt("r", 10, review=True)]
    assert curve(*sorted(attempts, key=lambda a: a.at)) == {2: (1, 1)}
    assert curve(attempt("g", 0), attempt("r", 5), attempt("r", 5.1, review=True)) == {4: (1, 1)}


def test_only_the_first_submission_of_a_review_counts() -> None:
    tries = [attempt("r", 5, review=True, recalled=False), attempt("r", 5.1, review=True)]
    assert curve(attempt("g", 0), *tries) == {4: (1, 0)}


def test_what_was_never_met_before_was_not_forgotten_or_kept() -> None:
    assert curve(attempt("r", 5, review=True)) == {}
    assert [step.reviews for step in recall([])] == [0] * len(STEPS)
