"""The reference itself: it passes every case, in every run alike."""

from __future__ import annotations

import json
from collections.abc import Iterator
from random import Random

from shared.curriculum.model import Challenge
from shared.judging import call_of, expectation, written
from shared.proof.model import Reason
from shared.proof.reasons import reason
from shared.proof.sources import Source
from shared.proof.trial import Trials, said
from shared.sandbox import Observation

RUNS = 10


def at_fault(challenge: Challenge, read: Source, trials: Trials, *, seed: int) -> Iterator[Reason]:
    """Its runs: the first in order, the others with the calls shuffled, so that what one call leaves behind shows; and
    one with the sets turned round, which equal runs may share. `read`: the reference."""
    calls = [call_of(case) for case in challenge.cases]
    printing = {case.id for case in challenge.cases if case.answer_is_printed}

    def told(seen: Observation) -> str:
        return said(seen, printed=seen.call in printing, language=challenge.language)

    first = {one.call: one for one in trials.observed(challenge.reference, calls)}
    holds = trials.holding(challenge.cases, [first[case.id] for case in challenge.cases])
    wrong = next((case for case, good in zip(challenge.cases, holds, strict=True) if not good), None)
    if all(one.outcome in ("returned", "raised") for one in first.values()):  # else what it does depends on the order
        random = Random(f"{seed}/runs")  # noqa: S311  not for secrets
        for _ in range(RUNS - 1):
            random.shuffle(calls)
            for one in trials.observed(challenge.reference, calls):
                before = first[one.call]
                if _told(one) != _told(before):
                    yield reason("reference_unstable", case=one.call, runs=RUNS, one=told(before), other=told(one))
                    return
    if wrong is not None:
        yield reason(
            "reference_fails",
            case=wrong.id,
            call=written(wrong, challenge.language),
            got=told(first[wrong.id]),
            expected=expectation(wrong, challenge.language),
        )
        return
    turned = read.turned()
    failed = trials.first_failed(turned, challenge.cases) if turned is not None else None
    if failed is not None:
        case, seen = failed
        yield reason("reference_unstable.sets", case=case.id, one=told(first[case.id]), other=told(seen))


def _told(seen: Observation) -> str:
    """All that must not change from run to run: not how long it took, not where in memory it lay."""
    error = None if seen.error is None else (seen.error.type, seen.error.message)
    return json.dumps([seen.outcome, seen.value, error, seen.stdout], sort_keys=True)
