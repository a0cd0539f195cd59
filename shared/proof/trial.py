"""A program tried on calls, in the sandbox: which case it fails first, what it answers to each input."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from shared import judging
from shared.curriculum.model import JSON, Case, Challenge
from shared.judging import Asked, call_of, verdict
from shared.judging.verdict import NotPlain, value_of
from shared.judging.verdict import plain as plain_value
from shared.sandbox import Call, Observation, Sandbox

SHOWN = 160


@dataclass(frozen=True, slots=True)
class Trials:
    """Programs of one challenge, in its language and under its checks."""

    sandbox: Sandbox
    language: str = "python"
    checks: str = ""

    @classmethod
    def of(cls, challenge: Challenge, sandbox: Sandbox) -> Trials:
        return cls(sandbox, challenge.language, challenge.checks)

    def observed(self, program: str, calls: Sequence[Call]) -> tuple[Observation, ...]:
        """What each call did, in order; what an earlier one used up leaves `no_result`."""
        with self.sandbox.run(program, calls, language=self.language) as run:
            return tuple(run)

    def first_failed(self, program: str, cases: Sequence[Case]) -> tuple[Case, Observation] | None:
        """The first case that `program` fails, and how; the run ends there. None where it passes them all.

        Those on which a check has the word come after the others.
        """
        waiting: list[tuple[Case, Observation, Asked]] = []
        with self.sandbox.run(program, [call_of(case) for case in cases], language=self.language) as run:
            for case, seen in zip(cases, run, strict=True):
                found = verdict(case, seen)
                if isinstance(found, Asked):
                    waiting.append((case, seen, found))
                elif found != "passed":
                    return case, seen
        words = judging.answers(self.sandbox, self.checks, [asked for *_, asked in waiting])
        return next(((c, seen) for (c, seen, _), word in zip(waiting, words, strict=True) if word != "passed"), None)

    def holding(self, cases: Sequence[Case], seen: Sequence[Observation]) -> list[bool]:
        """For each observation, whether its case holds."""
        found = [verdict(case, one) for case, one in zip(cases, seen, strict=True)]
        asked = [one for one in found if isinstance(one, Asked)]
        words = iter(judging.answers(self.sandbox, self.checks, asked) if asked else ())
        return [(next(words) if isinstance(one, Asked) else one) == "passed" for one in found]

    def answers(self, program: str, calls: Sequence[Call], patience: int = 3) -> Iterator[Observation]:
        """As `observed`, but goes on after a call that used up the run's time, `patience` times; then no more is
        asked."""
        left = list(calls)
        while left:
            used_up = False
            with self.sandbox.run(program, left, language=self.language) as run:
                for seen in run:
                    left.pop(0)
                    yield seen
                    used_up = seen.outcome in ("time", "output")
                    if used_up:
                        break
            if not used_up:
                return
            patience -= 1
            if patience < 0:
                return


def said(seen: Observation, *, printed: bool = False, language: str = "python") -> str:
    """One observation as short words: a value (or what was printed), an exception, a limit."""
    match seen.outcome:
        case "returned":
            return cut(judging.shown(seen.stdout if printed else value_of(seen), language))
        case "raised" if seen.error is not None:
            return cut(f"{seen.error.type}: {seen.error.message}" if seen.error.message else seen.error.type)
        case limit:
            return limit.replace("_", " ")


def cut(text: str) -> str:
    return text if len(text) <= SHOWN else text[: SHOWN - 1] + "…"


class NotJson(ValueError):
    """A value that no case could state."""


def plain(seen: Observation) -> JSON:
    """The value returned, as a case states it. Raises NotJson."""
    try:
        value = plain_value(value_of(seen))
    except NotPlain as error:
        raise NotJson(str(error)) from error
    _within_toml(value)
    return value


def _within_toml(value: JSON) -> None:
    match value:
        case int() if abs(value) >= 2**63:
            raise NotJson("an integer beyond TOML's")
        case list():
            for item in value:
                _within_toml(item)
        case dict():
            for item in value.values():
                _within_toml(item)
