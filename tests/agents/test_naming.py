"""A parameter whose value is lost under another of the same name is named; one whose name is used again is not."""

from __future__ import annotations

import pytest

from functions.feedback.diagnosis import Diagnosis, diagnose
from functions.feedback.failure import Failure


def cause(body: str, *, visible: bool = True) -> Diagnosis:
    code = f"def f(items, item):\n    {body}\n"
    return diagnose(code, "f", Failure("c", visible, "wrong", "failed", "f([1, 2], 1)", "[5]" * visible, "[6]", None))


@pytest.mark.parametrize(
    ("body", "name"),
    [
        ("item = 3\n    return [item]", "item"),
        ("found = []\n    items = [1, 2]\n    return items + found + [item]", "items"),
        ("'''Words.'''\n    items = []\n    items.append(item)\n    return items", "items"),
    ],
)
def test_a_parameter_that_gets_another_value_first_is_named(body: str, name: str) -> None:
    found = cause(body)
    assert (found.cause, found.words) == ("parameter-overwritten", {"name": name})


@pytest.mark.parametrize(
    ("body", "line"),
    [
        ("for item in items:\n        if item == item:\n            return [item]\n    return []", 2),
        ("for items in items:\n        item += items\n    return [item, items]", 2),
        ("return [item for item in items if item == item]", 2),
        ("best = 0\n    return [sum(1 for item in items if item > best)]", 3),
    ],
)
def test_a_parameter_whose_name_a_loop_takes_is_named(body: str, line: int) -> None:
    found = cause(body)
    assert (found.cause, found.line) == ("parameter-shadowed", line)


@pytest.mark.parametrize(
    "body",
    [
        "item = item + 1\n    return [item]",
        "item += 1\n    return [item]",
        "item = [] if item is None else item\n    return item",
        "if item is None:\n        item = []\n    return item",
        "limit = item\n    item = 0\n    return [limit + item]",
        "limit = item * 2\n    for item in items:\n        limit += item\n    return [limit]",
        "limit = item * 2\n    return [item for item in items if item < limit]",
        "for item in range(item):\n        items.append(item)\n    return items",
        "for other in items:\n        other += item\n    return [other]",
        "return [other for other in items if other != item]",
        "return [item for item in item]",
    ],
)
def test_a_parameter_whose_name_is_used_again_once_it_was_read_is_not(body: str) -> None:
    assert not cause(body).cause.startswith("parameter-")


def test_of_a_hidden_case_it_is_told_too_since_the_program_shows_it() -> None:
    assert cause("item = 3\n    return [item]", visible=False).cause == "parameter-overwritten"
    assert cause("return [item for item in items if item == item]", visible=False).cause == "parameter-shadowed"
