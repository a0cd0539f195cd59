"""Functions that call themselves: a wrong base case is named, with its line and what it answers; a right one is not."""

from __future__ import annotations

import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from functions.feedback.diagnosis import CAUSES, Diagnosis, diagnose
from functions.feedback.diagnosis.source import read
from functions.feedback.diagnosis.working import TooHard, Working
from functions.feedback.failure import Failure, Raised
from functions.feedback.wording import failing
from shared.curriculum import Challenge, load


def wrong(code: str, call: str, expected: str, got: str) -> Diagnosis:
    return diagnose(code, "f", Failure("c", True, "wrong", "failed", call, expected, got))


def endless(code: str, call: str, *, line: int, visible: bool = True, **local: str) -> Diagnosis:
    error = Raised("RecursionError", "maximum recursion depth exceeded", line)
    return diagnose(code, "f", Failure("c", visible, "raised", "error", call, "0", "", line, local, error))


def recursive(base: str, answer: str, step: str) -> str:
    return f"def f(x, n=0):\n    if {base}:\n        return {answer}\n    return {step}\n"


@pytest.mark.parametrize(
    ("base", "answer", "step", "call", "expected", "got", "cause", "words"),
    [
        ("x == 0", "0", "x * f(x - 1)", "f(3)", "6", "0", "base-value", ("f(0, 0)", "0")),
        ("x == []", "10", "x[0] + f(x[1:])", "f([4, 2])", "6", "16", "base-value", ("f([], 0)", "10")),
        ("x == ''", "' '", "f(x[1:]) + x[0]", "f('ab')", "'ba'", "' ba'", "base-value", ("f('', 0)", "' '")),
        ("x == []", "True", "x[0] > 5 or f(x[1:])", "f([1])", "False", "True", "base-value", ("f([], 0)", "True")),
        ("x == []", "0", "max(x[0], f(x[1:]))", "f([-3])", "-3", "0", "base-value", ("f([], 0)", "0")),
        ("x <= 1", "1", "f(x - 1) + f(x - 2)", "f(5)", "5", "8", "base-value", ("f(0, 0)", "1")),
        ("x == 1", "0", "x + f(x - 1)", "f(3)", "6", "5", "base-early", ("f(1, 0)", "0")),
        ("len(x) < 2", "1", "x[0] + f(x[1:])", "f([4, 2])", "6", "5", "base-early", ("f([2], 0)", "1")),
        ("len(x) == 1", "n", "f(x[1:], n + x[0])", "f([4, 2])", "6", "4", "base-early", ("f([2], 4)", "4")),
        ("x < 0", "[]", "[x] + f(x - 1)", "f(1)", "[1]", "[1, 0]", "base-late", ("f(-1, 0)", "[]")),
    ],
)
def test_a_wrong_base_case_is_named_with_its_line_its_call_and_what_it_answers(
    base: str, answer: str, step: str, call: str, expected: str, got: str, cause: str, words: tuple[str, str]
) -> None:
    found = wrong(recursive(base, answer, step), call, expected, got)
    assert (found.cause, found.line, tuple(found.words.values())) == (cause, 3, words)


@pytest.mark.parametrize(
    ("base", "answer", "step", "call", "expected", "got"),
    [
        ("x == 0", "1", "x * f(x - 2)", "f(4)", "24", "8"),
        ("x == 0", "1", "(x - 1) * f(x - 1)", "f(3)", "6", "0"),
        ("x == 0", "1", "x * f(x - 1) + 1", "f(1)", "1", "2"),
        ("x == []", "0", "x[0] + f(x[2:])", "f([4, 2])", "6", "4"),
        ("x == []", "0", "(1 if x[0] >= 0 else 0) + f(x[1:])", "f([5, 0])", "1", "2"),
        ("x < 10", "1", "1 + f(x // 100)", "f(407)", "3", "2"),
        ("x == []", "False", "x[0] == 1 or f(x[2:])", "f([2, 1])", "True", "False"),
        ("len(x) < 2", "True", "x[0] == x[-1] and f(x[1:])", "f('anna')", "True", "False"),
        ("x <= 1", "x", "f(x - 1) + f(x - 2) + 1", "f(3)", "2", "4"),
        ("x == 0", "True", "f(x - 1)", "f(3)", "False", "True"),
        ("x == ''", "''", "x[0] + f(x[1:])", "f('ab')", "'ba'", "'ab'"),
        ("x < 10", "1", "1 + f(x // 10, n)", "f(40, 0)", "1", "2"),
    ],
)
def test_a_right_base_case_is_not_blamed_for_a_wrong_step(
    base: str, answer: str, step: str, call: str, expected: str, got: str
) -> None:
    assert not wrong(recursive(base, answer, step), call, expected, got).cause.startswith("base-")


def test_what_the_case_expects_is_not_told_as_the_base_cases_answer() -> None:
    """The answer to find is 1: where the case's own call is not the base case's, nothing says so."""
    code = recursive("x == 0", "0", "x * f(x - 1)")
    failure = Failure("c", True, "wrong", "failed", "f(3)", "6", "0")
    for language in ("en", "es"):
        for way in failing(language, failure, diagnose(code, "f", failure), 0):
            assert "1" not in way.replace("pista 1 de 5", "").replace("Hint 1 of 5", "")


def test_what_was_not_worked_out_as_it_ran_says_nothing_of_the_base_case() -> None:
    """The program holds something that is not seen here: the answer that came is not the one worked out."""
    assert wrong(recursive("x == 0", "0", "x * f(x - 1)"), "f(3)", "6", "42").cause == "wrong-value"


def test_the_calls_that_never_end_are_shown_beside_the_base_case_they_passed() -> None:
    code = recursive("x == 0", "0", "x + f(x - 2)")
    found = endless(code, "f(5)", line=4, x="-1973", n="0")
    assert found == Diagnosis("base-passed", 2, {"test": "x == 0", "name": "x", "value": "-1973"})


def test_of_a_hidden_case_no_value_of_the_last_call_is_told() -> None:
    code = recursive("x == 0", "0", "x + f(x - 2)")
    assert endless(code, "f(5)", line=4, visible=False, x="-1973").cause == "endless-recursion"


def test_a_large_input_may_need_more_calls_than_there_are_whatever_the_base_case() -> None:
    assert endless(recursive("x == 0", "0", "x + f(x - 1)"), "f(5000)", line=4, x="4005").cause == "endless-recursion"


@pytest.mark.parametrize(
    "body",
    [
        "return x + f(x - 1)",
        "rest = f(x - 1)\n    if x == 0:\n        return 0\n    return x + rest",
        "if x > 5:\n        return f(x - 1)\n    else:\n        return f(x + 1)",
    ],
)
def test_calls_that_no_base_case_can_come_before_are_told_as_that(body: str) -> None:
    found = endless(f"def f(x):\n    {body}\n", "f(3)", line=2, x="-900")
    assert (found.cause, found.words) == ("base-missing", {"name": "f"})


def test_a_method_of_the_same_name_is_no_call_of_the_function() -> None:
    code = "def pop(items):\n    return items.pop() + items.pop()\n"
    error = Raised("IndexError", "pop from empty list", 2)
    failure = Failure("c", True, "raised", "error", "pop([1])", "1", "", 2, {"items": "[]"}, error)
    assert diagnose(code, "pop", failure).cause == "nothing-left"


def test_a_step_that_forgets_its_return_is_not_told_as_a_base_case_without_answer() -> None:
    code = "def f(x):\n    if x == 0:\n        return 0\n    if x > 0:\n        x + f(x - 1)\n"
    error = Raised("TypeError", "unsupported operand type(s) for +: 'int' and 'NoneType'", 5)
    failure = Failure("c", True, "raised", "error", "f(3)", "6", "", 5, {"x": "2"}, error)
    assert diagnose(code, "f", failure).cause == "none-value"


@pytest.mark.parametrize(
    "challenge", [c for c in load().challenges.values() if c.language == "python"], ids=lambda c: c.slug
)
def test_no_reference_is_said_to_lose_a_parameter_or_its_base_case(challenge: Challenge) -> None:
    """Each reference, with an answer that is not the expected one: whatever is said, it is not that."""
    filled = challenge.instantiate()
    for case in filled.cases:
        call = f"{case.call}({', '.join(map(repr, case.args))})"
        failure = Failure(case.id, True, "wrong", "failed", call, repr(case.expected), "'another'")
        cause = diagnose(filled.reference, filled.entry, failure).cause
        assert not cause.startswith(("base-", "parameter-"))


@pytest.mark.parametrize(
    ("step", "argument"),
    [
        ("f([x, x])", [1]),
        ("f(x + x)", "ab"),
        ("f(x * x)", 3),
        ("f(x * 10 ** 9)", "a"),
        ("f(x % 5)", "%99999999d"),
        ("f(x) + f(x)", 1),
        ("[f(y) for y in x]", [[[1]]]),
        ("f(str([x]))", "a"),
        ("x + f(x + 1)", 1),
    ],
)
def test_what_grows_without_end_is_soon_given_up(step: str, argument: object) -> None:
    source = read(recursive("x == 'never'", "0", step), "f")
    assert not isinstance(source, SyntaxError)
    made = 0

    def count(_: object, event: str, __: object) -> None:
        nonlocal made
        made += event in ("call", "c_call")

    sys.setprofile(count)
    try:
        with pytest.raises(TooHard):
            Working(source.tree, function=source.functions["f"]).worked([argument])
    finally:
        sys.setprofile(None)
    assert made < 200_000


PARTS = st.sampled_from(
    ["f(x - 1)", "f(x[1:])", "x[0]", "x", "0", "1", "[]", "''", "n", "f(x // 2, n + 1)", "[f(y) for y in x]", "len(x)"]
)
JOINED = st.tuples(PARTS, st.sampled_from(["+", "*", "and", "or", "-", "//", "%"]), PARTS).map(" ".join)


@settings(max_examples=300, deadline=None)
@given(
    st.sampled_from(["x == 0", "not x", "len(x) < 2", "x <= 1", "x[0] == n", "n"]),
    PARTS,
    st.one_of(PARTS, JOINED),
    st.sampled_from(["3", "0", "[4, [2]]", "''", "'abc'", "[]", "{'a': 1}", "None"]),
    st.sampled_from(["6", "0", "[]", "'cba'", "True", "None"]),
)
def test_any_recursive_program_gets_a_cause(base: str, answer: str, step: str, argument: str, expected: str) -> None:
    code = recursive(base, answer, step)
    source = read(code, "f")
    assert not isinstance(source, SyntaxError)
    try:
        got = repr(Working(source.tree, function=source.functions["f"]).worked([eval(argument)]))  # noqa: S307 - of the list above
    except TooHard:
        got = "7"
    assert wrong(code, f"f({argument})", expected, got).cause in CAUSES
