"""A place is blamed where another form of it would have made the failing case right, and spoils no other case; the call
that is followed for that comes to what Python comes to."""

from __future__ import annotations

import ast
import time

import pytest

from functions.feedback.diagnosis import Diagnosis, diagnose
from functions.feedback.diagnosis.following import STEPS, Follower
from functions.feedback.diagnosis.reckoning import TooHard
from functions.feedback.diagnosis.trying import same
from functions.feedback.failure import Failure
from shared.curriculum import Case, Challenge, load
from shared.judging import written

PYTHON = [c.instantiate() for c in load().challenges.values() if c.language == "python"]


def wrong(code: str, call: str, expected: str, got: str, *cases: tuple[str, str], visible: bool = True) -> Diagnosis:
    failure = Failure("c", visible, "wrong", "failed", call, expected if visible else "", got, code.count("\n"))
    return diagnose(code, "f", failure, others=[Failure("", True, "wrong", input=i, expected=e) for i, e in cases])


COUNTED = """def f(windows):
    count = 0
    for window in windows:
        if window == "off":
            count += 1
    return count
"""


def test_what_explains_one_case_by_chance_and_spoils_another_is_not_the_cause() -> None:
    call = "f(['on', 'off', 'on'])"
    alone = wrong(COUNTED, call, "2", "1")
    beside = wrong(COUNTED, call, "2", "1", ("f(['off', 'off'])", "0"), ("f(['on'])", "1"))
    assert (alone.cause, alone.line) == ("initial-value", 2)
    assert (beside.cause, beside.line) == ("deciding-test", 4)


LIMITS = """def f(age):
    if 4 < age < 16:
        return 7
    if age > 64:
        return 9
    return 0
"""


@pytest.mark.parametrize(("call", "expected", "line"), [("f(4)", "7", 2), ("f(16)", "7", 2), ("f(64)", "9", 4)])
def test_of_several_limits_the_one_that_this_case_meets_is_named(call: str, expected: str, line: int) -> None:
    found = wrong(LIMITS, call, expected, "0", ("f(3)", "0"), ("f(70)", "9"))
    assert (found.cause, found.line) == ("boundary", line)


@pytest.mark.parametrize(
    ("code", "call", "expected", "got"),
    [
        ("def f(ns, most):\n    return [n for n in ns if n <= most and n % 2]\n", "f([2, 3], 3)", "[2]", "[3]"),
        ("def f(ns):\n    ns.sort()\n    return ns[0] + 1\n", "f([4, 2])", "4", "3"),
        ("def f(ns):\n    sum = 0\n    for n in ns:\n        sum += n * n\n    return sum\n", "f([3, 4])", "7", "25"),
        ("def f(n):\n    t = 0\n    for i in range(1, n):\n        t += i\n    return t * n\n", "f(3)", "7", "9"),
        ("def f(ns):\n    return sorted(ns, key=lambda n: n % 7)[1:]\n", "f([8, 3, 9])", "[5, 5]", "[9, 3]"),
    ],
)
def test_what_is_harmless_is_not_blamed(code: str, call: str, expected: str, got: str) -> None:
    found = wrong(code, call, expected, got).cause
    assert found in {"result-expression", "result-name", "one-too-few", "one-too-many"}


def test_what_earlier_calls_left_is_told_where_the_call_alone_is_right() -> None:
    code = "seen = 0\ndef f(ns):\n    global seen\n    seen += len(ns)\n    return seen\n"
    found = wrong(code, "f([1, 2])", "2", "5")
    assert (found.cause, found.line, found.words) == ("kept-between-calls", 1, {"name": "seen"})
    code = "seen = []\ndef f(n):\n    seen.append(n)\n    return len(seen)\n"
    assert wrong(code, "f(1)", "1", "3").cause == "kept-between-calls"


def test_of_a_hidden_case_nothing_is_worked_out() -> None:
    code = "def f(n):\n    return sum(range(n))\n"
    assert wrong(code, "f(3)", "6", "3").cause == "range-stops-short"
    assert wrong(code, "f(3)", "6", "3", visible=False).cause == "unseen-case"


def test_where_the_call_cannot_be_followed_nothing_is_blamed() -> None:
    code = "import random\ndef f(n):\n    return sum(range(1, n)) + random.choice([0])\n"
    assert wrong(code, "f(3)", "6", "3").cause == "result-expression"


def test_what_was_printed_is_held_against_what_should_be() -> None:
    code = "def f(n):\n    for i in range(1, n):\n        print('line', i)\n"
    found = wrong(code, "f(2)", "prints 'line 1\\nline 2'", "prints 'line 1\\n'")
    assert (found.cause, found.line) == ("range-stops-short", 2)


def asked(challenge: Challenge) -> list[Case]:
    return [c for c in challenge.cases if c.call and c.compare == "exact" and not c.raises and c.prints is None]


def test_a_right_solution_that_is_followed_comes_to_the_right_answers() -> None:
    followed = hard = 0
    for challenge in PYTHON:
        tree = ast.parse(challenge.reference)
        for case in asked(challenge):
            try:
                came = Follower(tree).call(ast.parse(written(case), mode="eval").body)
            except (TooHard, SyntaxError):
                hard += 1
                continue
            followed += 1
            assert not came.raised, (challenge.slug, case.id, came)
            assert same(came.value, case.expected), (challenge.slug, case.id, came)
    assert followed > 3 * hard, "most challenges can be followed"


@pytest.mark.parametrize(
    "body",
    [
        "while True:\n        pass",
        "return [0] * 10**9",
        "return 'a'.center(10**9)",
        "return '%1000000000d' % 1",
        "return f'{1:1000000000}'",
        "return 9 ** 9 ** 9",
        "x = [1]\n    while x:\n        x += x",
        "x = []\n    x.append(x)\n    return x",
        "x = 'ab'\n    for _ in range(99):\n        x = x.replace('', x)\n    return x",
        "x = 9\n    for _ in range(99):\n        x = x * x\n    return x",
        "return f(n)",
        "return sum(range(10**12))",
        "x = []\n    x.extend(range(10**12))",
        "x = []\n    x += range(10**12)",
        "x = set()\n    x.update(range(10**12))",
        "x, y = range(10**12)",
        "return [*range(10**12)]",
        "return len({*range(10**12)})",
        "return f(*range(10**12))",
        "for i in range(10**12):\n        pass",
        "return round(5, -(10**12))",
        "return list(range(10**12))",
        "return ','.join(['a' * 400] * 400)",
        "return __import__('os').getcwd()",
        "return open('/etc/passwd').read()",
        "return n.__class__.__mro__",
        "return eval('1')",
        "import os\n    return os.getcwd()",
    ],
)
def test_what_is_hard_or_not_known_is_left_in_a_moment(body: str) -> None:
    follower = Follower(ast.parse(f"def f(n):\n    {body}\n"))
    began = time.process_time()
    with pytest.raises(TooHard):
        follower.call(ast.parse("f(1)", mode="eval").body)
    assert time.process_time() - began < 0.5
    assert follower.left > -STEPS


def test_the_tree_is_as_it_was_when_another_form_was_tried() -> None:
    tree = ast.parse(COUNTED)
    follower, before = Follower(tree), ast.dump(tree)
    call = ast.parse("f(['off'])", mode="eval").body
    test = next(node for node in ast.walk(tree) if isinstance(node, ast.Compare))
    assert follower.call(call).value == 1
    assert follower.call(call, {id(test): ast.Constant(False)}).value == 0
    assert follower.call(call).value == 1
    assert ast.dump(tree) == before
