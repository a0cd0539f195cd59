"""Compares a mutant that passes every case with the reference, on inputs made for it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from shared.curriculum.model import Case, Challenge
from shared.judging import call_of
from shared.proof.inputs import inputs
from shared.proof.sources import read
from shared.proof.trial import NotJson, Trials, plain, said
from shared.sandbox import Call, Observation, Sandbox

BATCHES = 6
"""Times `inputs_each` inputs are tried for each function, until that many are answered by the reference."""


@dataclass(frozen=True, slots=True)
class Parting:
    """An input, as a case with the reference's answer, and what the mutant did instead. `at`: its place in `cases`."""

    at: int
    case: Case
    mutant: str

    @property
    def size(self) -> int:
        case = self.case
        return len(json.dumps([list(case.args), dict(case.kwargs), case.stdin, dict(case.files)]))


class Referee:
    """`cases`: the inputs with the reference's answers. Left out are those outside the challenge: the reference raises
    what no case of the function expects, takes too long, returns what no case can state or its own check refuses.

    `short`: functions for which fewer than `inputs_each` were found, although there are more inputs.
    """

    def __init__(self, challenge: Challenge, sandbox: Sandbox, *, inputs_each: int, seed: int) -> None:
        self._trials = Trials.of(challenge, sandbox)
        (reference,) = read((challenge.reference,), challenge.language)
        constants = reference.constants()
        self.cases: list[Case] = []
        self.short: list[str] = []
        for function in sorted({case.call for case in challenge.cases}):
            own = [case for case in challenge.cases if case.call == function]
            made = inputs(own, constants, count=inputs_each * BATCHES, seed=seed)
            found: list[Case] = []
            for _ in range(BATCHES):
                batch = list(islice(made, inputs_each))
                found += self._answered(own, challenge.reference, batch)
                if len(found) >= inputs_each or len(batch) < inputs_each:
                    break
            if len(found) < inputs_each and len(batch) == inputs_each:
                self.short.append(function)
            self.cases += found[:inputs_each]

    def partings(self, program: str) -> list[Parting]:
        """Every input on which `program` does not answer as the reference does: on which its answer would fail."""
        seen = list(self._trials.answers(program, [call_of(case) for case in self.cases]))
        cases = self.cases[: len(seen)]
        return [
            Parting(at, case, said(one, printed=case.answer_is_printed, language=self._trials.language))
            for at, (case, one, holds) in enumerate(zip(cases, seen, self._trials.holding(cases, seen), strict=True))
            if not holds
        ]

    def _answered(self, own: Sequence[Case], reference: str, calls: Sequence[Call]) -> Iterator[Case]:
        """The inputs that the reference answers, and that its own answer holds for."""
        found = list(self._stated(own, zip(calls, self._trials.answers(reference, calls), strict=False)))
        holds = self._trials.holding([case for case, _ in found], [seen for _, seen in found])
        yield from (case for (case, _), good in zip(found, holds, strict=True) if good)

    @staticmethod
    def _stated(own: Sequence[Case], seen: Iterable[tuple[Call, Observation]]) -> Iterator[tuple[Case, Observation]]:
        like = max(
            own,
            key=lambda case: (
                case.check is not None,
                case.prints is not None,
                case.tolerance or 0.0,
                case.compare == "unordered",
            ),
        )
        raised = [case.raises for case in own if case.raises is not None]
        for call, one in seen:
            asked = replace(
                like,
                id=call.id,
                args=call.args,
                kwargs=call.kwargs,
                stdin=call.stdin,
                files=call.files,
                raises=None,
                visible=False,
            )
            if one.outcome == "returned":
                try:
                    value = None if like.answer_is_printed else plain(one)
                except NotJson:
                    continue
                printed = one.stdout if like.answer_is_printed else None
                yield replace(asked, expected=value, prints=printed), one
            elif one.error is not None:
                names = (one.error.type, *one.error.bases)
                known = next((name for name in raised if name in names), None)
                if known is not None:
                    yield (
                        replace(
                            asked, raises=known, expected=None, prints=None, compare="exact", check=None, tolerance=None
                        ),
                        one,
                    )
