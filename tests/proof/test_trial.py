"""A case holds for a proof exactly where the runner would call it passed."""

from __future__ import annotations

import pytest

from functions.runner.agent import judge
from shared.curriculum import Case
from shared.proof.trial import answers, satisfied
from shared.sandbox import Call, ErrorInfo, Observation, Sandbox
from shared.sandbox.contract import JSON, Outcome

OUTCOMES: tuple[Outcome, ...] = (
    "returned",
    "raised",
    "time",
    "memory",
    "output",
    "processes",
    "files",
    "disallowed",
    "no_result",
    "missing_function",
    "syntax_error",
)
ERRORS = (None, ErrorInfo("ValueError", "x", bases=("Exception",)), ErrorInfo("Mine", "x", bases=("ValueError",)))


@pytest.mark.parametrize("raises", [None, "ValueError", "KeyError"])
@pytest.mark.parametrize("error", ERRORS)
@pytest.mark.parametrize("value", [3, 3.0, [1], {"$tuple": [1]}])
@pytest.mark.parametrize("outcome", OUTCOMES)
def test_the_rule_is_the_runner_s(outcome: Outcome, value: JSON, error: ErrorInfo | None, raises: str | None) -> None:
    for expected in (3, [1], None):
        case = Case("one", (), {}, expected, raises, "exact", None, "all", True, "f")
        seen = Observation("one", outcome, value=value, error=error)
        assert satisfied(case, seen) == (judge(case, seen).verdict == "passed")


def test_what_one_input_uses_up_is_not_missing_for_the_next(sandbox: Sandbox) -> None:
    program = "def f(n):\n    while n == 1:\n        pass\n    return n\n"
    calls = [Call(str(n), "f", (n,)) for n in (0, 1, 2)]
    assert [one.outcome for one in answers(sandbox, program, calls)] == ["returned", "time", "returned"]
