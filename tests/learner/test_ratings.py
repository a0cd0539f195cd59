"""The learner model predicts before it sees, moves by increments, and settles on what is true."""

from __future__ import annotations

import math
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.learner import Attempt, applied, keys, stated
from shared.learner.ratings import learn, predict
from shared.readmodel.rows import Rating

ATTEMPT = Attempt("ana", "cable-car", ("conditionals",), 0.5)
TWO = Attempt("ana", "calm-window", ("loops", "conditionals"), 0.5)

values = st.floats(-6, 6, allow_nan=False)
counts = st.integers(0, 500)


@st.composite
def known(draw: st.DrawFn) -> dict[str, Rating]:
    return {key: Rating(draw(values), draw(counts)) for key in keys(TWO)}


def test_somebody_unknown_at_a_middling_challenge_is_a_fair_coin() -> None:
    assert predict({}, ATTEMPT) == pytest.approx(0.5)


def test_a_challenge_starts_from_its_stated_difficulty() -> None:
    easy, hard = (predict({}, Attempt("ana", "x", ("loops",), d)) for d in (0.1, 0.9))
    assert easy > 0.8
    assert hard < 0.2
    assert stated(-3) == stated(0) == -2


def test_several_concepts_count_by_their_mean() -> None:
    ratings = {"lc:ana|loops": Rating(2.0, 9), "lc:ana|conditionals": Rating(0.0, 9)}
    assert predict(ratings, TWO) == pytest.approx(1 / (1 + math.exp(-1.0)))


@given(known(), st.booleans(), st.floats(0.01, 1))
def test_success_raises_the_learner_and_eases_the_challenge_failure_does_the_reverse(
    ratings: dict[str, Rating], correct: bool, weight: float
) -> None:
    deltas = learn(ratings, TWO, correct, weight)
    assert set(deltas) == set(keys(TWO))
    sign = 1 if correct else -1
    assert all(sign * deltas[key] >= 0 for key in deltas if key.startswith(("l:", "lc:")))
    assert all(sign * deltas[key] <= 0 for key in deltas if key.startswith(("i:", "c:")))
    p, after = predict(ratings, TWO), predict(applied(ratings, deltas), TWO)
    assert (after - p) * sign >= 0


@given(known(), st.booleans())
def test_what_moves_is_what_was_missed(ratings: dict[str, Rating], correct: bool) -> None:
    p = predict(ratings, TWO)
    delta = learn(ratings, TWO, correct)["l:ana"]
    assert abs(delta) <= 0.4 * abs(correct - p) + 1e-12


def test_an_outcome_without_weight_leaves_no_trace() -> None:
    assert learn({}, ATTEMPT, False, 0.0) == {}


def test_increments_of_learners_in_parallel_add_up() -> None:
    one = learn({}, ATTEMPT, True)
    two = learn({}, Attempt("ben", "cable-car", ("conditionals",), 0.5), True)
    together = applied(applied({}, one), two)
    assert together == applied(applied({}, two), one)
    assert together["i:cable-car"] == Rating(one["i:cable-car"] + two["i:cable-car"], 2)


def test_steps_shrink_with_evidence_and_a_learner_keeps_moving() -> None:
    new = learn({}, ATTEMPT, True)
    old = learn({key: Rating(0.0, 5_000) for key in keys(ATTEMPT)}, ATTEMPT, True)
    assert all(abs(old[key]) < abs(new[key]) for key in new)
    assert old["lc:ana|conditionals"] == pytest.approx(0.5 * 0.15)


def test_generated_learners_are_told_apart_better_than_by_the_challenges_alone() -> None:
    """40 learners, 12 challenges whose stated difficulty is wrong by up to 0.3: every attempt predicted, then seen."""
    chance = random.Random(7)
    able = {f"l{i}": chance.gauss(0, 1.5) for i in range(40)}
    true = {f"x{i}": chance.uniform(0.1, 0.9) for i in range(12)}
    said = {slug: min(1.0, max(0.0, d + chance.uniform(-0.3, 0.3))) for slug, d in true.items()}
    ratings: dict[str, Rating] = {}
    model = naive = 0.0
    for step in range(2_400):
        learner, slug = chance.choice(list(able)), chance.choice(list(true))
        correct = chance.random() < 1 / (1 + math.exp(stated(true[slug]) - able[learner]))
        attempt = Attempt(learner, slug, ("loops",), said[slug])
        p, q = predict(ratings, attempt), 1 / (1 + math.exp(stated(true[slug])))
        if step >= 600:
            model -= math.log(p if correct else 1 - p)
            naive -= math.log(q if correct else 1 - q)
        ratings = applied(ratings, learn(ratings, attempt, correct))
    assert model < 0.9 * naive
