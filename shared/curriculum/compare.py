"""When an answer agrees with a case. The one definition: the runner, the proofs and the tests use it."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable

from shared.curriculum.model import Case


def agrees(case: Case, answer: object) -> bool:
    """Whether the value `answer` is what `case` expects; False for a case that expects none (an exception, a printed
    text), and for one on which its check has the word.

    exact      equal; a tuple counts as a list at any depth, True and 1 differ, 1 and 1.0 do not
    approx     as exact, but numbers at any depth may differ by `tolerance` (absolute)
    unordered  lists of equal length whose items pair up exactly, in any order (only the outermost list is free)
    """
    if case.raises is not None or case.prints is not None:
        return False
    match case.compare:
        case "unordered":
            return _pair_up(case.expected, answer)
        case "approx":
            tolerance = case.tolerance or 0.0
            return _same(case.expected, answer, lambda a, b: _close(a, b, tolerance))
        case "exact":
            return _same(case.expected, answer, operator.eq)
        case "custom" | "property":
            return False


def prints_agree(expected: str, printed: str) -> bool:
    """Whether two printed texts are the same to a reader: line by line, where white space at the end of a line, empty
    lines at the end of the text and the form of line ends (`\\r\\n`) do not count. All else does."""
    return _lines(expected) == _lines(printed)


def _lines(text: str) -> list[str]:
    lines = [line.rstrip() for line in text.replace("\r\n", "\n").split("\n")]
    while lines and not lines[-1]:
        lines.pop()
    return lines


def _close(a: float, b: float, tolerance: float) -> bool:
    try:
        return math.isclose(a, b, rel_tol=0.0, abs_tol=tolerance)
    except OverflowError:  # a learner's integer beyond what a float can hold
        return False


def _same(expected: object, answer: object, numbers: Callable[[float, float], bool]) -> bool:
    match expected:
        case None | bool() | str():
            return type(expected) is type(answer) and expected == answer
        case int() | float():
            return isinstance(answer, int | float) and not isinstance(answer, bool) and numbers(expected, answer)
        case list():
            return (
                isinstance(answer, list | tuple)
                and len(expected) == len(answer)
                and all(_same(e, a, numbers) for e, a in zip(expected, answer, strict=True))
            )
        case dict():
            return (
                isinstance(answer, dict)
                and expected.keys() == answer.keys()
                and all(_same(value, answer[key], numbers) for key, value in expected.items())
            )
        case _:
            return False


def _pair_up(expected: object, answer: object) -> bool:
    if not (isinstance(expected, list) and isinstance(answer, list | tuple) and len(expected) == len(answer)):
        return False
    left = list(answer)
    for item in expected:
        found = next((i for i, a in enumerate(left) if _same(item, a, operator.eq)), None)
        if found is None:
            return False
        del left[found]
    return True
