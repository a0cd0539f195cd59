"""From what the sandbox observed to a verdict. Pure: no process, no clock, no network.

What the sandbox says is the learner's word, so only a well-formed returned value (or printed text) that agrees, or a
raised exception that was expected, passes. Where the challenge's own check has the word, the answer is `Asked`: the
check is run apart (`checking`), and its word is the verdict.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from shared.curriculum.compare import agrees, prints_agree
from shared.curriculum.model import JSON, Case
from shared.sandbox import Call, Observation, decode

Verdict = Literal[
    "passed",
    "failed",  # another value, another exception, another text, or none where one was expected
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

_LEARNERS_OWN = frozenset({"raised", "disallowed", "memory", "files", "processes"})
"""Outcomes that may be the program's own `raise`: of `PermissionError`, say."""


@dataclass(frozen=True, slots=True)
class Asked:
    """The call of a check. Its arguments: those of the case (of a whole program its stdin), the answer, and what was
    expected, unless the check is a property."""

    call: Call


def call_of(case: Case) -> Call:
    """What the learner's program is asked."""
    return Call(case.id, case.call, case.args, case.kwargs, case.stdin, case.files)


def verdict(case: Case, seen: Observation) -> Verdict | Asked:
    """`compare.agrees` says when values agree, `compare.prints_agree` when texts do; an expected exception is met by
    the class named or any subclass of it."""
    match seen.outcome:
        case "returned" if case.raises is not None:
            return "failed"
        case "returned" if case.check is not None:
            return _asked(case, seen)
        case "returned" if case.answer_is_printed:
            return _passed(prints_agree(case.prints or "", seen.stdout))
        case "returned":
            return _passed(agrees(case, value_of(seen)))
        case "syntax_error" | "compile_error":
            return "compile_error"
        case "no_result":
            return "error"
        case outcome if outcome in _LEARNERS_OWN and _expected(case, seen):
            return "passed"
        case "raised":
            return "failed" if case.raises is not None else "error"
        case limit:
            return limit


def checked(told: Observation) -> Verdict:
    """A check's word as the verdict. A check that fails on an answer, or takes too long for it, has not accepted it."""
    return _passed(told.outcome == "returned" and told.value is True)


def value_of(seen: Observation) -> object:
    """The value returned; what is malformed is an error, and equal to nothing."""
    try:
        return decode(seen.value)
    except ValueError as error:
        return error


def _passed(holds: bool) -> Verdict:
    return "passed" if holds else "failed"


def _expected(case: Case, seen: Observation) -> bool:
    return seen.error is not None and case.raises in (seen.error.type, *seen.error.bases)


def _asked(case: Case, seen: Observation) -> Verdict | Asked:
    try:
        answer = seen.stdout if case.answer_is_printed else plain(value_of(seen))
    except NotPlain:
        return "failed"
    args: JSON = list(case.args) if case.call else [case.stdin]
    expected = () if case.compare == "property" else (case.expected if case.prints is None else case.prints,)
    return Asked(Call(case.id, case.check or "", (args, answer, *expected)))


class NotPlain(ValueError):
    """A value that no case could state, and no check is given."""


def plain(value: object) -> JSON:
    """A value as a case states it: tuples as lists. Raises NotPlain."""
    match value:
        case None | bool() | int() | str():
            return value
        case float() if value - value == 0:  # neither infinite nor nan
            return value
        case list() | tuple():
            return [plain(item) for item in value]
        case dict() if all(isinstance(key, str) for key in value):
            return {key: plain(item) for key, item in value.items()}
    raise NotPlain(f"{type(value).__name__} is no value of a case")
