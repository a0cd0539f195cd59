"""Asking a challenge's own checks, in a sandbox of their own: after the learner's run and apart from it.

A check may be anybody's code (a model's too), so it never runs in our process; and it judges, so it never runs beside
what it judges. All it is given is a copy of the answer.
"""

from __future__ import annotations

from collections.abc import Sequence

from shared.errors import SandboxUnavailable
from shared.judging.verdict import Asked, Verdict, checked
from shared.sandbox import Sandbox

PATIENCE = 3
"""Times the checks are started again after an answer that used up their time."""


def answers(sandbox: Sandbox, checks: str, asked: Sequence[Asked]) -> list[Verdict]:
    """The verdict for each, in order. `checks`: the challenge's `checks.py`.

    Raises SandboxUnavailable where the checks themselves cannot be run: never the learner's fault.
    """
    told: list[Verdict] = []
    for _ in range(PATIENCE + 1):
        left = [one.call for one in asked[len(told) :]]
        if not left:
            break
        with sandbox.run(checks, left) as run:
            for seen in run:
                if seen.outcome in ("syntax_error", "compile_error", "missing_function"):
                    raise SandboxUnavailable(f"the check {left[0].function!r} of this challenge cannot be run")
                told.append(checked(seen))
                if seen.outcome in ("time", "output"):  # used up what the others would need
                    break
    return told + ["failed"] * (len(asked) - len(told))
