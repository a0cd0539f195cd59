"""Mastery rests on evidence: capped while there is little, apart for help, sure only with attempts."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.learner import GATE, Attempt, Mastered, applied, crossed, evidence, mastered
from shared.readmodel.rows import Rating

Outcome = tuple[bool, bool, float]
outcomes = st.lists(st.tuples(st.booleans(), st.booleans(), st.floats(0, 1)), max_size=30)


def after(*seen: Outcome, concepts: tuple[str, ...] = ("loops",)) -> Mastered:
    """Outcomes as (correct, assisted, difficulty)."""
    ratings: dict[str, Rating] = {}
    for correct, assisted, difficulty in seen:
        attempt = Attempt("ana", "x", concepts, difficulty)
        ratings = applied(ratings, evidence(ratings, attempt, correct, assisted))
    return mastered(ratings, "ana", "loops")


def test_before_any_attempt_mastery_is_low_and_uncertain() -> None:
    new = mastered({}, "ana", "loops")
    assert new.shown <= 0.1
    assert new.uncertainty > 1.5


def test_one_success_shows_at_most_half_and_two_at_most_four_fifths() -> None:
    assert after((True, False, 1.0)).shown <= 0.5
    assert after(*[(True, False, 1.0)] * 2).shown <= 0.8


def test_four_clean_solutions_of_middling_challenges_pass_the_gate() -> None:
    assert after(*[(True, False, 0.5)] * 4).shown >= GATE


def test_solving_with_help_never_passes_for_mastery() -> None:
    helped = after(*[(True, True, 0.6)] * 20)
    assert helped.assisted >= GATE
    assert helped.unassisted <= 0.1
    assert 0.1 < helped.shown <= 0.5


def test_help_never_lifts_what_is_known_without_it() -> None:
    alone = after(*[(True, False, 0.5)] * 3)
    both = after(*[(True, False, 0.5)] * 3, (True, True, 0.9))
    assert both.unassisted == alone.unassisted
    assert both.shown == alone.shown


def test_failing_in_spite_of_help_counts_against_both() -> None:
    before = after(*[(True, False, 0.5)] * 4)
    then = after(*[(True, False, 0.5)] * 4, (False, True, 0.5))
    assert then.unassisted < before.unassisted


def test_a_hard_success_says_more_than_an_easy_one_and_an_easy_failure_more_than_a_hard_one() -> None:
    base: list[Outcome] = [(True, False, 0.3), (False, False, 0.3), (True, False, 0.3)]
    assert after(*base, (True, False, 0.8)).shown > after(*base, (True, False, 0.2)).shown
    assert after(*base, (False, False, 0.2)).shown < after(*base, (False, False, 0.8)).shown


def test_after_many_failures_a_few_successes_are_believed() -> None:
    recovered = after(*[(False, False, 0.5)] * 30, *[(True, False, 0.5)] * 4)
    assert recovered.shown >= 0.8


def test_a_secondary_concept_learns_half() -> None:
    ratings = applied({}, evidence({}, Attempt("ana", "x", ("text", "loops"), 0.5), True, False))
    assert ratings["mu:ana|loops"].value * 2 == pytest.approx(ratings["mu:ana|text"].value)


@given(outcomes)
def test_figures_stay_in_their_ranges_whatever_happens(seen: list[Outcome]) -> None:
    result = after(*seen)
    assert 0 <= result.unassisted <= result.shown <= 1
    assert 0 <= result.assisted <= 1
    assert result.uncertainty > 0


@given(outcomes, st.booleans(), st.floats(0, 1))
def test_an_attempt_never_makes_us_less_sure(seen: list[Outcome], correct: bool, difficulty: float) -> None:
    assert after(*seen, (correct, False, difficulty)).uncertainty < after(*seen).uncertainty


def test_crossing_names_the_highest_step_in_either_direction() -> None:
    assert crossed(0.4, 0.6) == 0.5
    assert crossed(0.95, 0.4) == 0.9
    assert crossed(0.6, 0.7) is None
