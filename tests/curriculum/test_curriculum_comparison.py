"""When an answer agrees with a case."""

from __future__ import annotations

import pytest

from shared.curriculum import JSON, Case, agrees
from shared.curriculum.model import Comparison


def case(
    expected: JSON, compare: Comparison = "exact", tolerance: float | None = None, raises: str | None = None
) -> Case:
    return Case("one", (), {}, expected, raises, compare, tolerance, "all", True, "f")


@pytest.mark.parametrize(
    ("expected", "answer"),
    [
        (3, 3),
        (3, 3.0),
        (None, None),
        ("a", "a"),
        ([1, [2, 3]], (1, (2, 3))),
        ({"a": [1]}, {"a": (1,)}),
        ([], ()),
    ],
)
def test_exactly_the_same_agrees_and_a_tuple_counts_as_a_list(expected: JSON, answer: object) -> None:
    assert agrees(case(expected), answer)


@pytest.mark.parametrize(
    ("expected", "answer"),
    [
        (1, True),
        (True, 1),
        (0, None),
        (None, 0),
        (3, "3"),
        ([1, 2], [2, 1]),
        ([1], [1, 1]),
        ([], None),
        ([1], {1}),
        ({"a": 1}, {"a": 1, "b": 2}),
        ({"1": 1}, {1: 1}),
        ("ab", ["a", "b"]),
        (0.3, 0.1 + 0.2),
    ],
)
def test_anything_else_does_not(expected: JSON, answer: object) -> None:
    assert not agrees(case(expected), answer)


def test_approx_allows_the_tolerance_at_any_depth_and_no_more() -> None:
    near = case({"mean": [0.3]}, "approx", 0.01)
    assert agrees(near, {"mean": [0.305]})
    assert not agrees(near, {"mean": [0.32]})
    assert not agrees(near, {"mean": [float("nan")]})
    assert not agrees(near, {"mean": [10**400]})
    assert not agrees(case(1.0, "approx", 0.5), True)


def test_unordered_pairs_items_up_each_once() -> None:
    any_order = case(["a", "b", "b"], "unordered")
    assert agrees(any_order, ["b", "a", "b"])
    assert not agrees(any_order, ["b", "a", "a"])
    assert not agrees(any_order, ["b", "a"])
    assert not agrees(any_order, {"a", "b"})
    assert agrees(case([[1, 2], [3]], "unordered"), [[3], [1, 2]])
    assert not agrees(case([[1, 2], [3]], "unordered"), [[3], [2, 1]])


def test_a_value_never_agrees_where_an_exception_is_expected() -> None:
    assert not agrees(case(None, raises="ValueError"), None)
