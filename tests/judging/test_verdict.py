"""What was observed, and the verdict on it: values, texts, errors, and where a check has the word."""

from __future__ import annotations

from typing import Any

import pytest

from shared.curriculum import Case, prints_agree
from shared.judging import Asked, call_of, checked, expectation, verdict, written
from shared.sandbox import ErrorInfo, Observation

OUTCOMES = ("time", "memory", "output", "processes", "files", "disallowed", "missing_function")


def case(**changed: Any) -> Case:
    usual: dict[str, Any] = {
        "id": "one", "args": ([1, 2],), "kwargs": {}, "expected": None, "raises": None, "compare": "exact",
        "tolerance": None, "subtask": "all", "visible": True, "call": "f",
    }  # fmt: skip
    return Case(**{**usual, **changed})


def returned(value: Any = None, printed: str = "") -> Observation:
    return Observation("one", "returned", value, stdout=printed)


@pytest.mark.parametrize(
    ("expected", "printed", "same"),
    [
        ("a\nb", "a\nb\n", True),
        ("a\nb", "a  \nb\t\n\n\n", True),
        ("a\r\nb", "a\nb", True),
        ("", "\n", True),
        ("a\nb", "a\n\nb", False),
        ("a", " a", False),
        ("a b", "a  b", False),
        ("a", "A", False),
        ("1", "1\n2", False),
        ("a", "", False),
    ],
)
def test_printed_texts_differ_only_where_a_reader_sees_it(expected: str, printed: str, same: bool) -> None:
    assert prints_agree(expected, printed) is same
    assert verdict(case(prints=expected), returned(printed=printed)) == ("passed" if same else "failed")
    assert verdict(case(prints=expected, call="", args=()), returned(printed=printed)) == (
        "passed" if same else "failed"
    )


def test_what_a_function_prints_is_not_its_answer_nor_the_other_way_round() -> None:
    assert verdict(case(expected="hi"), returned(None, "hi\n")) == "failed"
    assert verdict(case(prints="hi"), returned("hi", "")) == "failed"
    assert verdict(case(expected=3), returned(3, "noise\n")) == "passed"


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_a_limit_is_its_own_verdict_unless_the_program_raised_what_was_asked(outcome: Any) -> None:
    plain = Observation("one", outcome)
    assert verdict(case(expected=1), plain) == outcome
    assert verdict(case(raises="OSError"), plain) == outcome
    own = Observation("one", outcome, error=ErrorInfo("PermissionError", "no", bases=("OSError",)))
    assert (verdict(case(raises="OSError"), own) == "passed") is (
        outcome in ("disallowed", "memory", "files", "processes")
    )


@pytest.mark.parametrize("outcome", ["syntax_error", "compile_error"])
def test_a_program_that_does_not_compile_says_so_in_one_word(outcome: Any) -> None:
    assert verdict(case(expected=1), Observation("one", outcome)) == "compile_error"
    assert verdict(case(raises="SyntaxError"), Observation("one", outcome)) == "compile_error"


def test_an_error_that_was_not_asked_for_is_an_error_and_another_than_asked_a_failure() -> None:
    seen = Observation("one", "raised", error=ErrorInfo("RangeError", "no", bases=("RangeError", "Error")))
    assert verdict(case(expected=1), seen) == "error"
    assert verdict(case(raises="TypeError"), seen) == "failed"
    assert [verdict(case(raises=name), seen) for name in ("RangeError", "Error")] == ["passed", "passed"]
    assert verdict(case(raises="RangeError", check="odd", compare="property"), seen) == "passed"


def test_a_check_is_asked_with_the_arguments_the_answer_and_what_was_expected() -> None:
    holds = case(compare="property", check="odd")
    asked = verdict(holds, returned({"$tuple": [1, {"$tuple": []}]}))
    assert isinstance(asked, Asked)
    assert (asked.call.function, asked.call.args) == ("odd", ([[1, 2]], [1, []]))
    custom = verdict(case(compare="custom", check="near", expected=4), returned(3))
    assert isinstance(custom, Asked)
    assert custom.call.args == ([[1, 2]], 3, 4)
    program = case(compare="property", check="tidy", call="", args=(), stdin="7\n")
    told = verdict(program, returned(printed="seven\n"))
    assert isinstance(told, Asked)
    assert told.call.args == (["7\n"], "seven\n")
    texts = verdict(case(compare="custom", check="near", prints="x"), returned(printed="y"))
    assert isinstance(texts, Asked)
    assert texts.call.args == ([[1, 2]], "y", "x")


@pytest.mark.parametrize(
    "value",
    [{"$set": [1]}, {"$repr": "<odd>", "$type": "Odd"}, {"$float": "nan"}, [{"$bytes": "00"}], {"$dict": [[1, 2]]}],
)
def test_an_answer_that_no_case_could_state_fails_without_asking(value: Any) -> None:
    assert verdict(case(compare="property", check="odd"), returned(value)) == "failed"


def test_a_check_passes_by_saying_true_and_by_nothing_else() -> None:
    assert checked(returned(True)) == "passed"
    for other in (1, "True", [True], None, False):
        assert checked(returned(other)) == "failed"
    assert checked(Observation("one", "raised", value=True, error=ErrorInfo("TypeError", ""))) == "failed"
    assert checked(Observation("one", "time")) == "failed"


def test_a_case_asks_the_program_with_all_it_may_read() -> None:
    call = call_of(case(stdin="a", files={"b.txt": "c"}, kwargs={"d": 1}))
    assert (call.stdin, dict(call.files), dict(call.kwargs)) == ("a", {"b.txt": "c"}, {"d": 1})


def test_calls_and_expectations_are_written_in_the_language_of_the_challenge() -> None:
    one = case(args=(True, None, "it's", {"a b": [1.5]}), expected={"k": None})
    assert written(one) == "f(True, None, \"it's\", {'a b': [1.5]})"
    assert written(one, "javascript") == 'f(true, null, "it\'s", { "a b": [1.5] })'
    assert (expectation(one), expectation(one, "typescript")) == ("{'k': None}", "{ k: null }")
    assert expectation(case(prints="a\nb")) == r"prints 'a\nb'"
    assert expectation(case(compare="property", check="well_sown")) == "anything that is well sown"
    assert written(case(call="", args=(), stdin="1 2\n")) == r"'1 2\n'"
