"""Judging: what passes, what fails, and under which name."""

from __future__ import annotations

from typing import Any

import pytest

from functions.runner.agent import judge, overall, shown, written
from shared.curriculum.model import Case
from shared.sandbox import ErrorInfo, Observation


def case(expected: Any = None, **changes: Any) -> Case:
    fields: dict[str, Any] = {
        "id": "a", "args": ([3, 9, 2],), "kwargs": {}, "expected": expected, "raises": None, "compare": "exact",
        "tolerance": None, "subtask": "s", "visible": True, "call": "total",
    }  # fmt: skip
    return Case(**fields | changes)


def returned(value: Any) -> Observation:
    return Observation("a", "returned", value)


def raised(*names: str) -> Observation:
    return Observation("a", "raised", error=ErrorInfo(names[0], "no", 3, bases=names))


@pytest.mark.parametrize(
    ("expected", "value", "verdict"),
    [
        (14, 14, "passed"),
        (14, 14.0, "passed"),
        (14, 15, "failed"),
        (1, True, "failed"),
        (True, 1, "failed"),
        (None, None, "passed"),
        ([1, [2]], {"$tuple": [1, {"$tuple": [2]}]}, "passed"),
        ([1, 2], {"$set": [1, 2]}, "failed"),
        ("14", {"$repr": "14", "$type": "Yes"}, "failed"),
        (2**64, {"$int": str(2**64)}, "passed"),
        ({"a": [1]}, {"a": [1]}, "passed"),
    ],
)
def test_exact(expected: Any, value: Any, verdict: str) -> None:
    assert judge(case(expected), returned(value)).verdict == verdict


def test_approx_and_unordered() -> None:
    assert judge(case(0.3, compare="approx", tolerance=1e-9), returned(0.1 + 0.2)).verdict == "passed"
    assert judge(case(0.3, compare="approx", tolerance=1e-9), returned(0.31)).verdict == "failed"
    assert judge(case([1, 2, 2], compare="unordered"), returned([2, 1, 2])).verdict == "passed"
    assert judge(case([1, 2, 2], compare="unordered"), returned([2, 1, 1])).verdict == "failed"


def test_an_expected_exception_is_met_by_it_or_a_subclass() -> None:
    assert judge(case(raises="LookupError"), raised("KeyError", "LookupError")).verdict == "passed"
    assert judge(case(raises="ValueError"), raised("KeyError", "LookupError")).verdict == "failed"
    assert judge(case(raises="ValueError"), returned(1)).verdict == "failed"
    assert judge(case(raises="PermissionError"), raised("PermissionError")).verdict == "passed"


def test_an_unexpected_exception_is_an_error() -> None:
    assert judge(case(1), raised("KeyError")).verdict == "error"


@pytest.mark.parametrize(
    ("outcome", "verdict"),
    [("no_result", "error"), ("syntax_error", "compile_error"), ("missing_function", "missing_function")]
    + [(name, name) for name in ("time", "memory", "output", "processes", "files", "disallowed")],
)  # fmt: skip
def test_every_other_outcome_has_its_verdict_and_never_passes(outcome: Any, verdict: str) -> None:
    assert judge(case(None), Observation("a", outcome)).verdict == verdict


def test_the_call_is_written_as_the_learner_would() -> None:
    assert written(case(kwargs={"start": "x"})) == "total([3, 9, 2], start='x')"


def test_what_is_shown_is_bounded_and_never_fails() -> None:
    assert shown(10**5000) == f"<int of {(10**5000).bit_length()} bits>"
    assert "too large" in shown([10**5000])
    assert len(shown("x" * 10_000)) == 500
    assert shown("\ud800").encode()


def test_a_case_event_names_input_expected_got_line_and_variables() -> None:
    seen = Observation("a", "returned", 3, line=5, locals={"s": "3"}, stdout="hi", ms=0.5)
    event = judge(case(14), seen).event()
    assert (event["input"], event["expected"], event["got"]) == ("total([3, 9, 2])", "14", "3")
    assert (event["line"], event["locals"], event["stdout"], event["ms"]) == (5, {"s": "3"}, "hi", 0.5)


def test_the_whole_has_the_first_verdict_that_is_not_passed() -> None:
    good, bad, slow = judge(case(1), returned(1)), judge(case(1), returned(2)), judge(case(1), Observation("a", "time"))
    assert [overall(x) for x in ([good, good], [good, slow, bad], [])] == ["passed", "time", "passed"]
