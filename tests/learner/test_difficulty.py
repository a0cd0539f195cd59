"""Figures of difficulty: near the truth, held to what was stated, as sure as was seen, silent about few people."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest

from shared.learner.difficulty import LEAST, MOVED, Answers, Figure, measured, worth_saying
from shared.learner.rasch import TRUST, Fitted, fitted
from shared.learner.ratings import stated

Floats = npt.NDArray[np.float64]


def group(
    seed: int, people: int, challenges: int, *, share: float = 0.3, mean: float = 0.0
) -> tuple[Fitted, Floats, Floats]:
    """What was fitted, the truth, and what was stated: everything drawn as the model has it."""
    dice = np.random.default_rng(seed)
    true = dice.normal(0, 1, challenges)
    believed = true + dice.normal(0, TRUST, challenges)
    ability = dice.normal(mean, 1.5, people)
    who, what = np.where(dice.random((people, challenges)) < share)
    right = dice.random(len(who)) < 1 / (1 + np.exp(true[what] - ability[who]))
    return fitted(who, what, right, believed), true, believed


def rmse(one: Floats, other: Floats) -> float:
    return float(np.sqrt(np.mean((one - other) ** 2)))


def test_with_many_answers_figures_come_near_the_truth() -> None:
    found, true, believed = group(1, 400, 60)
    assert rmse(found.b, true) < 0.5 * rmse(believed, true)


def test_strong_learners_do_not_make_challenges_easy() -> None:
    found, true, _ = group(2, 400, 60, mean=1.5)
    assert found.mean == pytest.approx(1.5, abs=0.4)
    assert abs(float(np.mean(found.b - true))) < 0.2


def test_what_is_said_to_be_unsure_is_as_unsure_as_that() -> None:
    """Misses in units of the uncertainty that was told: about one."""
    misses = np.concatenate([(f.b - true) / f.sd for f, true, _ in (group(seed, 60, 40) for seed in range(20))])
    assert 0.8 < float(np.sqrt(np.mean(misses**2))) < 1.2


def test_without_answers_it_is_what_was_stated_and_as_unsure() -> None:
    none = np.array([], np.int64)
    found = fitted(none, none, none.astype(bool), np.array([-1.0, 0.5]))
    assert found.b == pytest.approx([-1.0, 0.5])
    assert found.sd == pytest.approx(np.full(2, TRUST * np.sqrt(1.5)))


def test_a_few_answers_move_it_a_little_and_many_a_lot() -> None:
    def after(people: int) -> float:
        who = np.repeat(np.arange(people), 2)
        what = np.tile([0, 1], people)
        right = np.tile([False, True], people)  # everybody fails the first and solves the second
        return float(fitted(who, what, right, np.zeros(2)).b[0])

    assert 0 < after(2) < after(10) < after(200)


def answers(people: int, *, failing: int) -> Answers:
    """All meet both challenges; so many fail the first, all solve the second."""
    learner = np.repeat(np.arange(people), 2)
    right = np.ones(2 * people, bool)
    right[: 2 * failing : 2] = False
    return Answers(learner, np.zeros(2 * people, np.int64), np.tile([0, 1], people), right)


STATED = {"hard-nut": 0.4, "warm-up": 0.4}


def test_nothing_is_told_of_fewer_than_ten_learners() -> None:
    for figure in measured(answers(LEAST - 1, failing=9), STATED):
        assert (figure.difficulty, figure.learners) == (0.4, 0)
    first, second = measured(answers(LEAST, failing=10), STATED)
    assert first.difficulty > 0.4 > second.difficulty
    assert (first.learners, second.learners) == (10, 10)


def test_one_learner_in_many_months_is_one_learner() -> None:
    months = np.arange(40)
    alone = Answers(np.zeros(40, np.int64), months, np.zeros(40, np.int64), np.zeros(40, bool))
    assert measured(alone, {"hard-nut": 0.4})[0].learners == 0


def test_the_number_of_learners_is_told_in_steps() -> None:
    assert {f.learners for f in measured(answers(14, failing=7), STATED)} == {10}
    assert {f.learners for f in measured(answers(15, failing=7), STATED)} == {15}


def test_figures_stay_in_their_bounds() -> None:
    hard, easy = measured(answers(500, failing=500), {"hard-nut": 1.0, "warm-up": 0.0})
    assert (hard.difficulty, easy.difficulty) == (1.0, 0.0)
    assert stated(hard.difficulty) == 2.0


@pytest.mark.parametrize(
    ("difficulty", "uncertainty", "learners", "there", "said"),
    [
        (0.4 + MOVED, 0.01, 20, False, True),
        (0.4 + MOVED - 0.01, 0.01, 20, False, False),  # too little
        (0.48, 0.09, 20, False, False),  # within its own uncertainty
        (0.31, 0.09, 20, True, True),
        (0.40, 0.0, 0, True, True),  # too few are left: what is stated holds again
        (0.40, 0.0, 0, False, False),
    ],
)
def test_it_is_said_where_it_moved_by_more_than_its_uncertainty(
    difficulty: float, uncertainty: float, learners: int, there: bool, said: bool
) -> None:
    figure = Figure("hard-nut", difficulty, 0.4, uncertainty, learners)
    assert worth_saying(figure, 0.4, there) is said
