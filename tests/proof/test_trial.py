"""Programs tried on calls and cases."""

from __future__ import annotations

from dataclasses import replace

from shared.curriculum import Case
from shared.proof.trial import Trials
from shared.sandbox import Call, Sandbox

EVEN = Case("even", (3,), {}, None, None, "property", None, "all", True, "f", check="even")
CHECKS = "def even(args, answer):\n    return answer % 2 == 0 and answer > args[0]\n"


def test_what_one_input_uses_up_is_not_missing_for_the_next(sandbox: Sandbox) -> None:
    program = "def f(n):\n    while n == 1:\n        pass\n    return n\n"
    calls = [Call(str(n), "f", (n,)) for n in (0, 1, 2)]
    assert [one.outcome for one in Trials(sandbox).answers(program, calls)] == ["returned", "time", "returned"]


def test_the_first_case_that_fails_is_found_also_where_a_check_has_the_word(sandbox: Sandbox) -> None:
    trials = Trials(sandbox, "python", CHECKS)
    seven = Case("seven", (7,), {}, 8, None, "exact", None, "all", True, "f")
    cases = [EVEN, replace(EVEN, id="far", args=(9,)), seven]
    assert trials.first_failed("def f(n):\n    return n + 1\n", cases) is None
    failed = trials.first_failed("def f(n):\n    return 8\n", cases)
    assert failed is not None
    assert failed[0].id == "far"
    seen = trials.observed("def f(n):\n    return 8\n", [Call(case.id, "f", case.args) for case in cases])
    assert trials.holding(cases, seen) == [True, False, True]
