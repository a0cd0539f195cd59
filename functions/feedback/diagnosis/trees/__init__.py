"""Why a case failed in JavaScript, TypeScript or Go: rules over the program's own syntax tree.

Each rule looks for one misconception and gives a `Diagnosis` or None; the first that finds something speaks. Most of
them ask what the failing call would have given with something else in that place (`seeing.Seen.right_with`): the call
is gone through as one would on paper (`walking`), must come to what the run really gave, and with the change to what
was expected, without another case that the learner is shown going wrong by it. Nothing here runs code, or knows the
reference solution.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from functions.feedback.diagnosis.source import Diagnosis
from functions.feedback.diagnosis.trees import (
    answering,
    choosing,
    looping,
    naming,
    reading,
    recursing,
    returning,
    valuing,
)  # fmt: skip
from functions.feedback.diagnosis.trees.seeing import Rule, Seen, see
from functions.feedback.failure import Failure

__all__ = ["Case", "case"]

WRONG: tuple[Rule, ...] = (
    returning.not_written,
    returning.awaited,
    choosing.assigned,
    returning.walked,
    returning.nothing,
    returning.early,
    naming.overwritten,
    naming.shadowed,
    naming.inner,
    naming.absent,
    choosing.same_object,
    choosing.loose,
    choosing.falls,
    looping.reset,
    looping.places,
    valuing.sorted_as_text,
    valuing.thrown_away,
    naming.changed_meanwhile,
    naming.shared,
    naming.one_variable,
    valuing.joined,
    recursing.base,
    looping.span,
    valuing.division,
    choosing.boundary,
    looping.start_value,
    valuing.rounding,
    choosing.either,
    choosing.order,
    valuing.without_effect,
    valuing.no_number,
    looping.beyond,
    returning.path,
    returning.unreachable,
    returning.not_raised,
)
"""From what is certain to what is likely."""

RAISED: tuple[Rule, ...] = (
    returning.not_written,
    recursing.base,
    choosing.assigned,
    naming.absent,
    looping.span,
    looping.places,
    naming.changed_meanwhile,
    looping.start_value,
    choosing.boundary,
    choosing.either,
)
ENDLESS: tuple[Rule, ...] = (recursing.missing, recursing.passed)
LAST: tuple[Rule, ...] = (answering.chosen, answering.named)


@dataclass(frozen=True, slots=True)
class Case:
    """A failing case beside the program's tree."""

    seen: Seen

    def fact(self) -> Diagnosis | None:
        """A cause that the tree and the values show."""
        failure = self.seen.failure
        match failure.kind:
            case "wrong":
                return _first(WRONG, self.seen)
            case "raised":
                endless = failure.error is not None and "stack" in failure.error.message.lower()
                return _first(ENDLESS if endless else RAISED, self.seen)
            case "time" | "limit":
                return looping.endless(self.seen) or recursing.missing(self.seen)
            case _:
                return None

    def answer(self) -> Diagnosis | None:
        """Where no cause shows: what is certain about the line that answered."""
        return _first(LAST, self.seen) if self.seen.failure.kind == "wrong" else None

    @property
    def line(self) -> int | None:
        """The one that answered."""
        return returning.line(self.seen)

    def around(self, line: int | None) -> str:
        """The function that this line stands in; empty for none."""
        return next((f.sign for f in self.seen.tree.ordered() if line and f.line <= line <= f.last), "")


def case(code: str, entry: str, failure: Failure, language: str, others: Sequence[Failure] = ()) -> Case | None:
    """None for a program that is not read. `others`: the cases that the learner is shown, besides this one."""
    tree = reading.read(code, entry, language)
    if tree is None:
        return None
    asked = failure.input.partition("(")[0]
    return Case(see(replace(tree, entry=asked) if asked in tree.functions else tree, failure, others))


def _first(rules: tuple[Rule, ...], seen: Seen) -> Diagnosis | None:
    return next((said for rule in rules if (said := rule(seen)) is not None), None)
