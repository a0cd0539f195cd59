"""The facts a text is held to: what ran, what the learner may know, and what must stay untold."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

from shared.curriculum.model import Case
from shared.spoken import Words

Kind = Literal["feedback", "hint", "example", "motivation"]
"""`example`: the worked example of a different problem, whose names and figures are its own."""

Passes = Callable[[str], Iterable[bool]]
"""Which cases of the challenge does this program pass, in their order? Runs it in the sandbox, as far as it is asked
on; none where that cannot be found out."""

LIMITS: dict[Kind, int] = {"feedback": 280, "hint": 280, "example": 900, "motivation": 280}
"""Characters. The catalogue holds every event to 280, a hint to 2,000: authored worked examples show a program."""

_NUMBER = re.compile(r"(?<![\w.])-?(?>\d+(?:[.,]\d+)?)(?![\w…]|[.,]\d)")


@dataclass(frozen=True)
class Ground:
    """`code`: the learner's program. `shown`: texts the learner has before them and that may be quoted (statement,
    starter, visible calls and answers, messages). `gave`, `expected`, `raised`: of the visible failing cases of this
    run, as written in the report. `passed`, `total`: of this run; None where the text is about no run.
    `there`: names with the values they had where the visible failing cases stopped.
    `reference`, `hidden`: never to be told (`hidden`: cases nobody sees). `entry`: the function asked for.
    `instructions`: what the model was told; no text repeats it. `figures`: further numbers that are true.
    """

    language: Words
    kind: Kind = "feedback"
    code: str = ""
    shown: tuple[str, ...] = ()
    gave: tuple[str, ...] = ()
    expected: tuple[str, ...] = ()
    raised: tuple[str, ...] = ()
    there: tuple[tuple[str, str], ...] = ()
    passed: int | None = None
    total: int | None = None
    reference: str = ""
    entry: str = ""
    hidden: tuple[Case, ...] = ()
    instructions: str = ""
    programming: str = "python"
    figures: frozenset[str] = field(default_factory=frozenset)

    @cached_property
    def known(self) -> str:
        """All that the learner has before them, as one text."""
        return "\n".join((self.code, *self.shown, *self.gave, *self.expected, *self.raised))

    @cached_property
    def numbers(self) -> frozenset[str]:
        """Numbers that may be named: of the known texts, of the run's count, and those further ones."""
        counts = {self.passed, self.total, (self.total or 0) - (self.passed or 0)} - {None}
        return frozenset(numbers(self.known)) | {str(n) for n in counts} | self.figures

    @cached_property
    def lines(self) -> int:
        """Lines of the learner's program."""
        return len(self.code.splitlines())


def numbers(text: str) -> list[str]:
    """The numbers written in `text`, not those that are part of a name; a decimal comma as a point."""
    return [found.replace(",", ".") for found in _NUMBER.findall(text)]
