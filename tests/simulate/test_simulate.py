"""Simulated learners: seeded, measured against hidden knowledge, and the planner better than chance."""

from __future__ import annotations

from statistics import mean

import pytest

from goals.simulate.minds import MECHANISMS, Traits
from goals.simulate.study import Course, fewer, figures, run
from goals.simulate.world import make

WORLD = make(1)
BELOW = {c: WORLD.below(c) for c in WORLD.concepts}


def test_a_course_is_the_same_for_a_seed_and_rests_only_on_what_comes_before() -> None:
    assert make(1) == WORLD
    assert make(2) != WORLD
    order = {c: n for n, c in enumerate(WORLD.concepts)}
    assert len(order) == 30
    assert all(order[b] < order[c] for c, below in BELOW.items() for b in below)


@pytest.mark.parametrize("mechanism", MECHANISMS)
def test_practice_brings_a_concept_to_be_held_and_long_disuse_takes_it_away(mechanism: str) -> None:
    first = WORLD.concepts[0]
    learnt, kept = [], []
    for number in range(40):
        mind = MECHANISMS[mechanism](BELOW, Traits(prior=0.0), number)
        assert not mind.holds(first, 0.0)
        for n in range(20):
            mind.attempt(first, 0.5, n / 100)
        learnt.append(mind.holds(first, 0.2))
        kept.append(mind.holds(first, 400.0))
    assert mean(learnt) > 0.8
    assert mean(kept) < 0.3


def test_a_learner_s_course_is_the_same_for_a_seed() -> None:
    assert run("half-life", "planner", 1, 3) == run("half-life", "planner", 1, 3)


def test_the_planner_needs_fewer_attempts_than_chance() -> None:
    found = [
        figures("half-life", arm, [run("half-life", arm, 1, n) for n in range(6)]) for arm in ("planner", "random")
    ]
    assert all(f.reached > 0.5 for f in found)
    assert fewer(found, "half-life", "random") > 0.2


def test_figures_count_who_never_got_there_with_what_they_tried() -> None:
    found = figures("states", "fixed", [Course(100, True, 0.5), Course(300, False, None)])
    assert (found.attempts, found.reached, found.retained) == (200, 0.5, 0.5)
