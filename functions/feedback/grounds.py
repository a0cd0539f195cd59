"""The facts that a text of this node must agree with, and what a model is told of them."""

from __future__ import annotations

from collections.abc import Sequence

from functions.feedback.failure import PRINTS, RAISES, Failure
from shared.curriculum import Challenge
from shared.curriculum import text as spoken
from shared.curriculum.model import Case
from shared.spoken import words
from shared.validators import Ground, Kind


def ground(
    challenge: Challenge,
    language: str,
    code: str,
    failing: Sequence[Failure],
    *,
    kind: Kind = "feedback",
    passed: int | None = None,
    total: int | None = None,
) -> Ground:
    """`failing`: of the newest run. Only what its visible cases say may be quoted."""
    seen = [failure for failure in failing if failure.visible]
    return Ground(
        language=words(language),
        kind=kind,
        code=code,
        shown=(
            spoken(challenge.statement, language),
            challenge.starter,
            *(_call(case) for case in challenge.visible_cases),
            *(repr(case.expected) for case in challenge.visible_cases),
            *(failure.input for failure in seen),
            *(value for failure in seen for value in failure.locals.values()),
            *(failure.error.message for failure in seen if failure.error),
            *(str(failure.line) for failure in seen if failure.line),
        ),
        gave=tuple(failure.got.removeprefix(PRINTS) for failure in seen if failure.got),
        expected=tuple(failure.expected.removeprefix(PRINTS).removeprefix(RAISES) for failure in seen),
        there=tuple(pair for failure in seen for pair in failure.locals.items()),
        raised=tuple(failure.error.type for failure in failing if failure.error),
        passed=passed,
        total=total,
        reference=challenge.reference,
        entry=challenge.entry,
        hidden=tuple(case for case in challenge.cases if not case.visible),
        programming=challenge.language,
        figures=frozenset(map(str, range(6))),
    )


def told(failure: Failure | None) -> str:
    """A failing case for a model, as far as the learner may know it."""
    if failure is None:
        return "none"
    failure = failure.veiled()
    parts = {
        "call": failure.input or "hidden",
        "expected": failure.expected,
        "got": failure.got,
        "ended with": failure.error.type if failure.error else "",
        "message": failure.error.message if failure.error else "",
        "line": str(failure.line or ""),
        "values there": ", ".join(f"{name} = {value}" for name, value in list(failure.locals.items())[:6]),
    }
    return "\n".join(f"{name}: {value[:300]}" for name, value in parts.items() if value)


def _call(case: Case) -> str:
    words = [repr(arg) for arg in case.args] + [f"{name}={value!r}" for name, value in case.kwargs.items()]
    return f"{case.call}({', '.join(words)})"
