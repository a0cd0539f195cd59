"""A challenge's checks: asked apart from what they judge, and never more than what they were given."""

from __future__ import annotations

import pytest

from shared.errors import SandboxUnavailable
from shared.judging import Asked, answers
from shared.sandbox import JSON, Call, Sandbox

CHECKS = """
seen = []

def small(args, answer):
    if answer == "slow":
        while True:
            pass
    if answer == "loud":
        print("x" * 10_000_000)
    return answer < args[0]

def truthy(args, answer):
    return answer

def near(args, answer, expected):
    return abs(answer - expected) < 1
"""


def asked(check: str, *args: JSON) -> Asked:
    return Asked(Call("one", check, args))


def test_each_answer_gets_its_own_verdict_in_order(sandbox: Sandbox) -> None:
    questions = [asked("small", [3], 2), asked("small", [3], 4), asked("near", [], 4.5, 4), asked("near", [], 9, 4)]
    assert answers(sandbox, CHECKS, questions) == ["passed", "failed", "passed", "failed"]
    assert answers(sandbox, CHECKS, []) == []


def test_an_answer_that_the_check_cannot_handle_is_not_accepted(sandbox: Sandbox) -> None:
    assert answers(sandbox, CHECKS, [asked("small", [3], None), asked("small", [3], 1)]) == ["failed", "passed"]
    assert answers(sandbox, CHECKS, [asked("truthy", [], 1), asked("truthy", [], True)]) == ["failed", "passed"]


@pytest.mark.parametrize("greedy", ["slow", "loud"])
def test_an_answer_that_uses_up_the_check_s_time_costs_the_others_nothing(greedy: str, sandbox: Sandbox) -> None:
    questions = [asked("small", [3], greedy), asked("small", [3], 1)]
    assert answers(sandbox, CHECKS, questions) == ["failed", "passed"]


def test_checks_that_cannot_be_run_are_our_fault(sandbox: Sandbox) -> None:
    for checks, name in (("def small(:", "small"), (CHECKS, "absent")):
        with pytest.raises(SandboxUnavailable):
            answers(sandbox, checks, [asked(name, [3], 1)])


def test_a_check_finds_no_trace_of_the_learner_s_program(sandbox: Sandbox) -> None:
    """The learner's program hides a file and patches a built-in: the check runs in another process, in other files."""
    learner = "import builtins\nopen('left', 'w').write('x')\nbuiltins.len = lambda _: 0\ndef f():\n    return [1]\n"
    with sandbox.run(learner, [Call("one", "f")]) as run:
        (seen,) = run
    assert seen.value == [1]
    checks = "import os\ndef clean(args, answer):\n    return len(answer) == 1 and not os.path.exists('left')\n"
    assert answers(sandbox, checks, [asked("clean", [], seen.value)]) == ["passed"]
