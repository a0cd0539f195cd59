"""What an observation says of an honest program."""

# ruff: noqa: E501 - a program on one line reads as one thing

from __future__ import annotations

import math

import pytest

from shared.errors import InvalidInput
from shared.sandbox import Call, Sandbox, decode
from tests.sandbox.conftest import attempt, observe


@pytest.mark.parametrize(
    "written",
    [
        "None", "True", "0", "-7", "2**53", "2**64", "-(10**50)", "1 << 20_000", "1.5", "-0.0", "1e300", "''", "'ñ 🎈 \"\\\\ \\n \\x00'",
        "[]", "[1, [2, [3]]]", "(1, 2)", "((), (1,))", "{1, 2}", "frozenset({'a'})", "{}", "{'a': [1]}", "{1: 'one', (1, 2): 'pair'}",
        "{'$set': [1]}", "b'\\x00\\xff'", "float('inf')", "'\\ud800'",
    ],
)  # fmt: skip
def test_values_arrive_as_they_were(sandbox: Sandbox, written: str) -> None:
    value = decode(attempt(sandbox, f"def attack():\n    return {written}\n").value)
    expected = eval(written)  # noqa: S307 - written above
    assert value == expected and type(value) is type(expected)


def test_nan_arrives(sandbox: Sandbox) -> None:
    value = decode(attempt(sandbox, "def attack():\n    return float('nan')\n").value)
    assert isinstance(value, float) and math.isnan(value)


def test_a_cycle_ends(sandbox: Sandbox) -> None:
    assert attempt(sandbox, "def attack():\n    x = []\n    x.append(x)\n    return x\n").outcome == "returned"


def test_the_line_that_returned_and_its_variables(sandbox: Sandbox) -> None:
    program = "def total(xs):\n    s = 0\n    for x in xs:\n        s += x\n        return s\n"
    seen = observe(sandbox, program, Call("a", "total", ([3, 9, 2],)))[0]
    assert (seen.value, seen.line) == (3, 5)
    assert seen.locals == {"xs": "[3, 9, 2]", "s": "3", "x": "3"}


def test_falling_off_the_end_is_at_the_last_statement(sandbox: Sandbox) -> None:
    seen = attempt(sandbox, "def attack():\n    n = 1\n    if n > 1:\n        return n\n")
    assert (seen.value, seen.line) == (None, 3)


def test_recursion_reports_the_outermost_return(sandbox: Sandbox) -> None:
    program = "def attack(n=3):\n    if n == 0:\n        return 0\n    return n + attack(n - 1)\n"
    seen = attempt(sandbox, program)
    assert (seen.value, seen.line, seen.locals) == (6, 4, {"n": "3"})


def test_an_exception_is_at_the_learners_deepest_line(sandbox: Sandbox) -> None:
    program = "import json\ndef half(x):\n    y = x\n    return json.loads(y)\ndef attack():\n    return half('{')\n"
    seen = attempt(sandbox, program)
    assert seen.outcome == "raised" and seen.error is not None
    assert (seen.error.type, seen.line, seen.locals) == ("JSONDecodeError", 4, {"x": "'{'", "y": "'{'"})
    assert "ValueError" in seen.error.bases


def test_variables_are_bounded_and_hostile_reprs_harmless(sandbox: Sandbox) -> None:
    program = (
        "class Bad:\n    def __repr__(self): raise KeyError('no')\n"
        "def attack():\n" + "".join(f"    v{n} = {n}\n" for n in range(30)) + "    return 1\n"
        "def big():\n    a, b, c = list(range(10**6)), 'x' * 10**6, Bad()\n    return 1\n"
    )
    assert len(attempt(sandbox, program).locals) == 12
    seen = observe(sandbox, program, Call("big", "big"))[0]
    assert all(len(text) <= 200 for text in seen.locals.values()) and "KeyError" in seen.locals["c"]


def test_a_syntax_error_is_every_calls_outcome_with_its_place(sandbox: Sandbox) -> None:
    seen = observe(sandbox, "def f(:\n    return 1\n", Call("a", "f"), Call("b", "f"))
    assert [(s.call, s.outcome) for s in seen] == [("a", "syntax_error"), ("b", "syntax_error")]
    assert seen[0].error is not None and (seen[0].line, seen[0].error.column) == (1, 7)


@pytest.mark.parametrize(
    "program", ["x = 1\0", "(" * 5000, "\ud800", "def f():\n\treturn 1\n        return 2", "x = " + "-" * 60_000 + "1"]
)
def test_programs_that_do_not_compile(sandbox: Sandbox, program: str) -> None:
    assert attempt(sandbox, program).outcome in ("syntax_error", "no_result", "memory")


def test_a_missing_function(sandbox: Sandbox) -> None:
    assert attempt(sandbox, "attack = 3\n").outcome == "missing_function"


def test_an_exception_of_the_module_is_every_calls(sandbox: Sandbox) -> None:
    seen = observe(sandbox, "x = 1\ny = x / 0\ndef f(): pass\n", Call("a", "f"), Call("b", "f"))
    assert [(s.outcome, s.line) for s in seen] == [("raised", 2), ("raised", 2)]


def test_output_belongs_to_its_call(sandbox: Sandbox) -> None:
    program = "import os, sys\ndef f(n):\n    print('out', n); os.write(1, b'raw'); print('err', n, file=sys.stderr)\n"
    seen = observe(sandbox, program, Call("a", "f", (1,)), Call("b", "f", (2,)))
    assert [(s.stdout, s.stderr) for s in seen] == [("out 1\nraw", "err 1\n"), ("out 2\nraw", "err 2\n")]


def test_output_before_an_endless_loop_is_kept(sandbox: Sandbox) -> None:
    seen = attempt(sandbox, "def attack():\n    print('here')\n    import os; os.abort()\n")
    assert (seen.outcome, seen.stdout) == ("no_result", "here\n")
    assert seen.error is not None and "SIGABRT" in seen.error.message


def test_arguments_are_copies_and_input_is_empty(sandbox: Sandbox) -> None:
    program = "kept = []\ndef f(xs):\n    xs.append(1)\n    return len(xs)\ndef ask():\n    return input()\n"
    xs: list[object] = []
    seen = observe(sandbox, program, Call("a", "f", (xs,)), Call("b", "f", (xs,)), Call("c", "ask"))  # type: ignore[arg-type]
    assert [s.value for s in seen[:2]] == [1, 1] and xs == []
    assert seen[2].error is not None and seen[2].error.type == "EOFError"


def test_the_standard_library_is_there(sandbox: Sandbox) -> None:
    modules = "collections dataclasses datetime decimal enum fractions functools hashlib heapq itertools json math random re statistics string zoneinfo"
    program = (
        "import importlib\ndef attack(names):\n    return len([importlib.import_module(n) for n in names.split()])\n"
    )
    assert attempt(sandbox, program, modules).value == len(modules.split())


def test_the_mode_is_stamped(sandbox: Sandbox) -> None:
    seen = attempt(sandbox, "def attack(): pass\n")
    assert (seen.mode, seen.landlock_abi) == (sandbox.capability.mode, sandbox.capability.landlock_abi)


def test_an_unknown_language_is_refused(sandbox: Sandbox) -> None:
    with pytest.raises(InvalidInput, match="cobol"):
        sandbox.run("", [], language="cobol")


WRAPPED = {
    "by a decorator that says so": "import functools\ndef d(f):\n    @functools.wraps(f)\n    def w(*a):\n        return f(*a)\n    return w\n@d\n",
    "by one that does not": "def d(f):\n    return lambda *a: f(*a)\n#\n#\n#\n@d\n",
    "by a cache": "import functools\n#\n#\n#\n#\n#\n@functools.cache\n",
}


@pytest.mark.parametrize("wrapper", WRAPPED.values(), ids=WRAPPED.keys())
def test_a_wrapped_function_reports_its_own_line(sandbox: Sandbox, wrapper: str) -> None:
    lines = wrapper.count("\n")
    seen = attempt(sandbox, wrapper + "def attack(n=2):\n    m = n * 2\n    return m\n")
    assert (seen.value, seen.line, seen.locals) == (4, lines + 3, {"n": "2", "m": "4"})


def test_calls_inside_are_not_slowed_by_looking_for_the_line(sandbox: Sandbox) -> None:
    program = (
        "import sys\ndef step(n):\n    return n + 1\ndef attack():\n    n = 0\n    while n < 10: n = step(n)\n"
        "    return [n, sys.getprofile() is None, sys.gettrace() is None]\n"
    )
    assert attempt(sandbox, program).value == [10, True, True]
