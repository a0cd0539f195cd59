"""Judges what the sandbox observed against a case. Pure: no process, no clock, no network.

Values agree as `shared.curriculum.compare.agrees` says (the one definition). An expected exception is met by
the class named or any subclass of it. What the sandbox says is the learner's word, so only a well-formed returned value
that agrees, or a raised exception that was expected, passes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

from shared.curriculum.compare import agrees
from shared.curriculum.model import Case
from shared.sandbox import Call, Observation, decode

Verdict = Literal[
    "passed",
    "failed",  # another value, another exception, or none where one was expected
    "error",  # an exception nobody expected, or no answer at all
    "time",
    "memory",
    "output",
    "processes",
    "files",
    "disallowed",
    "missing_function",
    "compile_error",
]

SHOWN = 500
"""Characters of a value shown."""


@dataclass(frozen=True, slots=True)
class Judged:
    case: Case
    observation: Observation
    verdict: Verdict
    got: str | None

    def event(self) -> dict[str, Any]:
        """The `case` line of the stream."""
        seen = self.observation
        return {
            "kind": "case",
            "id": self.case.id,
            "subtask": self.case.subtask,
            "visible": self.case.visible,
            "verdict": self.verdict,
            "input": written(self.case),
            "expected": expectation(self.case),
            "got": self.got,
            "line": seen.line,
            "locals": dict(seen.locals),
            "error": None if seen.error is None else asdict(seen.error) | {"bases": list(seen.error.bases)},
            "stdout": seen.stdout,
            "stderr": seen.stderr,
            "ms": seen.ms,
        }


def call_of(case: Case) -> Call:
    return Call(case.id, case.call, case.args, case.kwargs)


def judge(case: Case, seen: Observation) -> Judged:
    match seen.outcome:
        case "returned":
            value = decode(seen.value)
            verdict: Verdict = "passed" if agrees(case, value) else "failed"
            return Judged(case, seen, verdict, shown(value))
        case "raised":
            return Judged(case, seen, _raised(case, seen), None)
        case "syntax_error":
            return Judged(case, seen, "compile_error", None)
        case "no_result":
            return Judged(case, seen, "error", None)
        case "disallowed" | "memory" | "files" | "processes" if case.raises and _raised(case, seen) == "passed":
            return Judged(case, seen, "passed", None)  # the learner's own `raise PermissionError` was asked for
        case limit:
            return Judged(case, seen, limit, None)


def _raised(case: Case, seen: Observation) -> Verdict:
    if case.raises is None:
        return "error"
    names = (seen.error.type, *seen.error.bases) if seen.error else ()
    return "passed" if case.raises in names else "failed"


def overall(judged: Sequence[Judged]) -> Verdict:
    """`passed` when every case did, else the verdict of the first that did not."""
    return next((one.verdict for one in judged if one.verdict != "passed"), "passed")


def written(case: Case) -> str:
    """The call as the learner would write it: `total([3, 9, 2], start=1)`."""
    words = [shown(arg) for arg in case.args] + [f"{name}={shown(value)}" for name, value in case.kwargs.items()]
    return f"{case.call}({', '.join(words)})"


def expectation(case: Case) -> str:
    return f"raises {case.raises}" if case.raises else shown(case.expected)


def shown(value: object) -> str:
    """A bounded repr that never fails: an integer may have more digits than Python will print."""
    try:
        text = repr(value)
    except ValueError:
        text = (
            f"<int of {value.bit_length()} bits>" if isinstance(value, int) else "<holds an integer too large to show>"
        )
    text = text.encode("utf-8", "replace").decode("utf-8").replace("\0", "\\x00")
    return text if len(text) <= SHOWN else text[: SHOWN - 1] + "…"
