"""A program tried on calls, in the sandbox: which case it fails first, what it answers to each input."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from shared.curriculum.compare import agrees
from shared.curriculum.model import JSON, Case
from shared.sandbox import Call, Observation, Sandbox, decode

SHOWN = 160

_LEARNERS_OWN = frozenset({"raised", "disallowed", "memory", "files", "processes"})
"""Outcomes that may be the program's own `raise`: of `PermissionError`, say."""


def call_of(case: Case) -> Call:
    return Call(case.id, case.call, case.args, case.kwargs)


def satisfied(case: Case, seen: Observation) -> bool:
    """Whether `case` holds: the same rule as the runner's verdict `passed` (a test holds them together)."""
    if seen.outcome == "returned":
        return agrees(case, _value(seen))
    if case.raises is None or seen.outcome not in _LEARNERS_OWN or seen.error is None:
        return False
    return case.raises in (seen.error.type, *seen.error.bases)


def observed(sandbox: Sandbox, program: str, calls: Sequence[Call]) -> tuple[Observation, ...]:
    """What each call did, in order; what an earlier one used up leaves `no_result`."""
    with sandbox.run(program, calls) as run:
        return tuple(run)


def first_failed(sandbox: Sandbox, program: str, cases: Sequence[Case]) -> tuple[Case, Observation] | None:
    """The first case that `program` fails, and how; the run ends there. None where it passes them all."""
    with sandbox.run(program, [call_of(case) for case in cases]) as run:
        for case, seen in zip(cases, run, strict=True):
            if not satisfied(case, seen):
                return case, seen
    return None


def answers(sandbox: Sandbox, program: str, calls: Sequence[Call], patience: int = 3) -> Iterator[Observation]:
    """As `observed`, but goes on after a call that used up the run's time, `patience` times; then no more is asked."""
    left = list(calls)
    while left:
        used_up = False
        with sandbox.run(program, left) as run:
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


def said(seen: Observation) -> str:
    """One observation as short words: a value, an exception, a limit."""
    match seen.outcome:
        case "returned":
            return cut(repr(_value(seen)))
        case "raised" if seen.error is not None:
            return cut(f"{seen.error.type}: {seen.error.message}" if seen.error.message else seen.error.type)
        case limit:
            return limit.replace("_", " ")


def cut(text: str) -> str:
    return text if len(text) <= SHOWN else text[: SHOWN - 1] + "…"


def written(function: str, args: Sequence[JSON], kwargs: dict[str, JSON]) -> str:
    words = [repr(arg) for arg in args] + [f"{name}={value!r}" for name, value in kwargs.items()]
    return f"{function}({', '.join(words)})"


class NotJson(ValueError):
    """A value that no case could state."""


def plain(seen: Observation) -> JSON:
    """The value returned, as a case states it. Raises NotJson."""
    return _plain(_value(seen))


def _plain(value: object) -> JSON:
    match value:
        case None | bool() | str():
            return value
        case int() if abs(value) < 2**63:  # TOML's integers
            return value
        case float() if value - value == 0:  # neither infinite nor nan
            return value
        case list() | tuple():
            return [_plain(item) for item in value]
        case dict() if all(isinstance(key, str) for key in value):
            return {key: _plain(item) for key, item in value.items()}
    raise NotJson(f"{type(value).__name__} is no value of a case")


def _value(seen: Observation) -> object:
    try:
        return decode(seen.value)
    except ValueError as error:
        return error  # malformed: equal to nothing
