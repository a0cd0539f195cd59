"""Mutants: each is Python, differs from the original and from the others, and keeps its name."""

from __future__ import annotations

import ast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.proof.mutate import mutants
from shared.proof.places import normalised
from tests.proof.conftest import instances

NAMES = st.sampled_from(["a", "b", "n"])
LEAVES = NAMES | st.integers(-3, 9).map(str) | st.sampled_from(["True", "'x'", "2.5", "[]", "n[0]", "n[1:]"])
EXPRESSIONS = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.builds("({} {} {})".format, inner, st.sampled_from(["+", "-", "*", "//", "%", "/", "**"]), inner),
        st.builds("({} {} {})".format, inner, st.sampled_from(["<", "<=", "==", "!=", ">", "in", "is"]), inner),
        st.builds("({} {} {})".format, inner, st.sampled_from(["and", "or"]), inner),
        st.builds("(not {})".format, inner),
        st.builds("({} if {} else {})".format, inner, inner, inner),
        st.builds("max({}, {})".format, inner, inner),
        st.builds("[i for i in range({}) if {}]".format, inner, inner),
    ),
    max_leaves=6,
)
JUMPS = st.sampled_from(["break", "n = b"])
STATEMENTS = st.one_of(
    st.builds("{} = {}".format, NAMES, EXPRESSIONS),
    st.builds("{} += {}".format, NAMES, EXPRESSIONS),
    st.builds("return {}".format, EXPRESSIONS),
    st.builds("if {}:\n        a = {}\n    else:\n        b = 1".format, EXPRESSIONS, EXPRESSIONS),
    st.builds(
        "for a in range({}):\n        b += a\n        {}".format, EXPRESSIONS, st.sampled_from(["break", "n = b"])
    ),
    st.builds("while {}:\n        a -= 1\n        continue".format, EXPRESSIONS),
)


@st.composite
def programs(draw: st.DrawFn) -> str:
    body = draw(st.lists(STATEMENTS, min_size=1, max_size=4))
    return "def f(a, b, n):\n" + "".join(f"    {statement}\n" for statement in body)


@settings(max_examples=40, deadline=None)
@given(programs())
def test_mutants_are_python_and_differ_from_the_original_and_each_other(source: str) -> None:
    made = mutants(source)
    trees = {normalised(source)}
    for mutant in made:
        ast.parse(mutant.source)
        assert normalised(mutant.source) not in trees
        trees.add(normalised(mutant.source))
        assert 1 <= mutant.line <= source.count("\n")
    assert len({mutant.id for mutant in made}) == len(made)
    assert mutants(source) == made


@settings(max_examples=40, deadline=None)
@given(programs())
def test_a_mutant_keeps_its_name_whatever_the_layout(source: str) -> None:
    spaced = source.replace("):\n", "):  # a comment\n", 1)
    assert [m.id for m in mutants(spaced)] == [m.id for m in mutants(source)]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("return a + b", {"return a - b", "return a", "return b", "return None"}),
        ("return a < b", {"return a <= b", "return not a < b"}),
        ("return a and b", {"return a or b", "return not (a and b)"}),
        ("return 3", {"return 4", "return 2"}),
        ("return 2.5", {"return 3.5"}),
        ("return 'x'", {"return ''"}),
        ("return True", {"return False"}),
        ("return a[1:b]", {"return a[2:b]", "return a[0:b]", "return a[1:b + 1]", "return a[1:b - 1]", "return a[:b]"}),
        ("return a[b - 1]", {"return a[b - 2]", "return a[b - 0]", "return a[b + 1]", "return a[b - 1 - 1]"}),
        ("return range(a)", {"return range(a + 1)", "return range(a - 1)", "return range(1, a)"}),
        ("a += 1", {"a -= 1", "a = 1", "a += 2", "pass"}),
        ("return max(a)", {"return min(a)"}),
        ("return [a, b]", {"return [b, a]"}),
    ],
)
def test_each_kind_of_slip_is_made(source: str, expected: set[str]) -> None:
    made = {mutant.source.splitlines()[-1].strip() for mutant in mutants(f"def f(a, b):\n    {source}\n")}
    assert expected <= made, made


def test_conditions_statements_and_loops_go_wrong_too() -> None:
    loop = "    for x in xs:\n        if x > 2:\n            n += x\n            break\n"
    source = f"def f(xs):\n    n = 0\n{loop}    return n\n"
    words = {mutant.words["en"] for mutant in mutants(source)}
    assert {
        "`if x > 2:` becomes `if not x > 2:`",
        "`if x > 2:` becomes `if True:`",
        "`if x > 2:` becomes `if False:`",
        "`n += x` is left out",
        "`break` becomes `continue`",
        "the loop ends after its first pass",
        "the return moves into the loop",
        "the start value is set again at each pass",
        "the loop skips the first item",
    } <= words
    assert all(mutant.words["es"] not in words for mutant in mutants(source))


def test_what_no_case_could_notice_is_not_changed() -> None:
    source = 'import math\ndef f(a: int = 3) -> int:\n    """Says 3."""\n    raise ValueError("no 3")\n'
    changed = [mutant.source for mutant in mutants(source)]
    assert all(("Says 3." in text and "no 3" in text) or "raise" not in text for text in changed)
    assert all("import math" in text and ": int" in text for text in changed)


def test_a_loop_is_not_given_a_condition_that_never_ends_it() -> None:
    without = mutants("def f(n):\n    while n > 0:\n        n -= 1\n    return n\n")
    assert all("while True" not in mutant.source for mutant in without)


def test_a_large_program_gives_an_even_choice() -> None:
    source = "def f(a):\n" + "".join(f"    a = a + {n}\n" for n in range(100)) + "    return a\n"
    made = mutants(source, most=50)
    assert 40 <= len(made) <= 50
    assert made[0].line < 6 < 94 < made[-1].line


def test_every_python_reference_of_the_courses_has_mutants_enough() -> None:
    challenges = [challenge for challenge in instances() if challenge.language == "python"]
    assert all(len(mutants(challenge.reference)) >= 8 for challenge in challenges)


def test_the_order_of_the_exceptions_that_one_except_names_is_no_mutant() -> None:
    source = "def f(x):\n    try:\n        return int(x)\n    except (ValueError, KeyError):\n        return [1, 2]\n"
    texts = [mutant.source for mutant in mutants(source)]
    assert any("[2, 1]" in text for text in texts)
    assert not [text for text in texts if "(KeyError, ValueError)" in text]
