"""Compares a mutant that passes every case with the reference, on inputs made for it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from shared.curriculum.model import Case, Challenge
from shared.proof.inputs import inputs
from shared.proof.trial import NotJson, answers, call_of, plain, said, satisfied
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
        return len(json.dumps([list(self.case.args), dict(self.case.kwargs)]))


class Referee:
    """`cases`: the inputs with the reference's answers. Left out are those outside the challenge: the reference raises
    what no case of the function expects, takes too long, or returns what no case can state.

    `short`: functions for which fewer than `inputs_each` were found, although there are more inputs.
    """

    def __init__(self, challenge: Challenge, sandbox: Sandbox, *, inputs_each: int, seed: int) -> None:
        self._sandbox = sandbox
        self.cases: list[Case] = []
        self.short: list[str] = []
        for function in sorted({case.call for case in challenge.cases}):
            own = [case for case in challenge.cases if case.call == function]
            made = inputs(own, challenge.reference, count=inputs_each * BATCHES, seed=seed)
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
        """Every input on which `program` does not answer as the reference does."""
        seen = answers(self._sandbox, program, [call_of(case) for case in self.cases])
        return [
            Parting(at, case, said(one))
            for at, (case, one) in enumerate(zip(self.cases, seen, strict=False))
            if not satisfied(case, one)
        ]

    def _answered(self, own: Sequence[Case], reference: str, calls: Sequence[Call]) -> Iterator[Case]:
        like = max(own, key=lambda case: (case.tolerance or 0.0, case.compare == "unordered"))
        raised = [case.raises for case in own if case.raises is not None]
        for call, seen in zip(calls, answers(self._sandbox, reference, calls), strict=False):
            asked = Case(
                id=call.id,
                args=call.args,
                kwargs=call.kwargs,
                expected=None,
                raises=None,
                compare=like.compare,
                tolerance=like.tolerance,
                subtask="",
                visible=False,
                call=call.function,
            )
            if (case := _with_answer(asked, seen, raised)) is not None:
                yield case


def _with_answer(asked: Case, seen: Observation, raised: Sequence[str]) -> Case | None:
    if seen.outcome == "returned":
        try:
            return replace(asked, expected=plain(seen))
        except NotJson:
            return None
    if seen.error is not None:
        names = (seen.error.type, *seen.error.bases)
        if (name := next((name for name in raised if name in names), None)) is not None:
            return replace(asked, raises=name, compare="exact", tolerance=None)
    return None
