"""Judges what the sandbox observed against a case. Pure: no process, no clock, no network.

The rule is `shared.judging`'s, and the proofs' too. Where the challenge's own check has the word, `Judged.asked` is its
call: `settled` takes the check's answer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from shared.curriculum.model import Case
from shared.judging import Asked, Verdict, call_of, expectation, shown, verdict, written
from shared.judging.verdict import value_of
from shared.sandbox import Observation

__all__ = ["Judged", "Verdict", "call_of", "judge", "overall", "settled", "shown", "written"]


@dataclass(frozen=True, slots=True)
class Judged:
    """`asked`: what the check is to be asked; until it has answered, the verdict is `failed`."""

    case: Case
    observation: Observation
    verdict: Verdict
    got: str | None
    asked: Asked | None = None
    language: str = "python"

    def event(self) -> dict[str, Any]:
        """The `case` line of the stream."""
        seen = self.observation
        return {
            "kind": "case",
            "id": self.case.id,
            "subtask": self.case.subtask,
            "visible": self.case.visible,
            "verdict": self.verdict,
            "input": written(self.case, self.language),
            "expected": expectation(self.case, self.language),
            "got": self.got,
            "line": seen.line,
            "locals": dict(seen.locals),
            "error": None if seen.error is None else asdict(seen.error) | {"bases": list(seen.error.bases)},
            "stdout": seen.stdout,
            "stderr": seen.stderr,
            "ms": seen.ms,
        }


def judge(case: Case, seen: Observation, language: str = "python") -> Judged:
    found, got = verdict(case, seen), _got(case, seen, language)
    if isinstance(found, Asked):
        return Judged(case, seen, "failed", got, found, language)
    return Judged(case, seen, found, got, None, language)


def settled(judged: Judged, word: Verdict) -> Judged:
    """With the check's word."""
    return replace(judged, verdict=word, asked=None)


def _got(case: Case, seen: Observation, language: str) -> str | None:
    if seen.outcome != "returned":
        return None
    if case.answer_is_printed:
        return f"prints {shown(seen.stdout, language)}"
    return shown(value_of(seen), language)


def overall(judged: Sequence[Judged]) -> Verdict:
    """`passed` when every case did, else the verdict of the first that did not."""
    return next((one.verdict for one in judged if one.verdict != "passed"), "passed")
