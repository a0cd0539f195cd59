"""Inputs for comparing: of the cases' own kind, never a case again, the same for the same seed."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from shared.curriculum import Challenge, load
from shared.proof.inputs import inputs
from shared.proof.sources import read
from shared.sandbox import Call
from tests.proof.conftest import instances


def made(challenge: Challenge, seed: int = 1, count: int = 400) -> list[Call]:
    (reference,) = read((challenge.reference,), challenge.language)
    return list(inputs(challenge.cases, reference.constants(), count=count, seed=seed))


def challenge(slug: str) -> Challenge:
    return load().challenges[slug].instantiate()


@pytest.mark.parametrize("one", instances(), ids=lambda c: f"{c.slug}-{c.variant}")
def test_every_function_gets_as_many_new_inputs_as_asked(one: Challenge) -> None:
    calls = made(one)
    functions = {case.call for case in one.cases}
    assert {function: sum(c.function == function for c in calls) for function in functions} == dict.fromkeys(
        functions, 400
    )
    keys = [json.dumps([c.function, c.args, dict(c.kwargs), c.stdin, dict(c.files)], sort_keys=True) for c in calls]
    known = {json.dumps([c.call, c.args, dict(c.kwargs), c.stdin, dict(c.files)], sort_keys=True) for c in one.cases}
    assert len(set(keys)) == len(keys)
    assert not known & set(keys)
    assert made(one) == calls
    assert made(one, seed=2) != calls


def test_numbers_are_negative_or_zero_only_where_cases_are() -> None:
    ages = [call.args[0] for call in made(challenge("cable-car"))]
    assert min(ages) >= 0  # type: ignore[type-var]
    assert {3, 4, 15, 16, 64, 65} <= {*ages, *(case.args[0] for case in challenge("cable-car").cases)}
    widths = [c.args[1] for c in made(challenge("fence-paint"))]
    assert min(widths) == 1  # type: ignore[type-var]
    passed = [c.args[1] for c in made(challenge("other-clocks"))]
    assert min(passed) < 0 < max(passed)  # type: ignore[type-var]


def test_arguments_that_always_have_one_length_keep_it() -> None:
    assert all(len(a) == len(b) for a, b in (c.args for c in made(challenge("faded-inscription"))))  # type: ignore[arg-type]


def test_pairs_of_a_name_and_a_number_stay_pairs() -> None:
    for call in made(challenge("harvest-board")):
        for name, amount in call.args[0]:  # type: ignore[union-attr, misc]
            assert isinstance(name, str)
            assert isinstance(amount, int)


def test_a_name_looked_for_is_often_one_of_those_there() -> None:
    there = [call.args[1] in call.args[0] for call in made(challenge("let-through"))]  # type: ignore[operator]
    assert 0.2 < sum(there) / len(there) < 0.95


def test_a_function_of_two_truth_values_has_no_more_than_four() -> None:
    case = challenge("greenhouse-roof").cases[0]
    cases = [replace(case, args=(True, False)), replace(case, args=(False, False))]
    found = {call.args for call in inputs(cases, ((), ()), count=400, seed=1)}
    assert found == {(True, True), (False, True)}
