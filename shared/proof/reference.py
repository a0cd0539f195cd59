"""The reference itself: it passes every case, in every run alike."""

from __future__ import annotations

import json
from collections.abc import Iterator
from random import Random

from shared.curriculum.model import Challenge
from shared.proof.model import Reason
from shared.proof.orders import with_sets_turned
from shared.proof.reasons import reason
from shared.proof.trial import call_of, first_failed, observed, said, satisfied, written
from shared.sandbox import Observation, Sandbox

RUNS = 10


def at_fault(challenge: Challenge, sandbox: Sandbox, *, seed: int) -> Iterator[Reason]:
    """Its runs: the first in order, the others with the calls shuffled, so that what one call leaves behind shows; and
    one with the sets turned round, which equal runs may share."""
    calls = [call_of(case) for case in challenge.cases]
    first = {one.call: one for one in observed(sandbox, challenge.reference, calls)}
    wrong = next((case for case in challenge.cases if not satisfied(case, first[case.id])), None)
    if all(one.outcome in ("returned", "raised") for one in first.values()):  # else what it does depends on the order
        random = Random(f"{seed}/runs")  # noqa: S311  not for secrets
        for _ in range(RUNS - 1):
            random.shuffle(calls)
            for one in observed(sandbox, challenge.reference, calls):
                before = first[one.call]
                if _told(one) != _told(before):
                    yield reason("reference_unstable", case=one.call, runs=RUNS, one=said(before), other=said(one))
                    return
    if wrong is not None:
        yield reason(
            "reference_fails",
            case=wrong.id,
            call=written(wrong.call, wrong.args, dict(wrong.kwargs)),
            got=said(first[wrong.id]),
            expected=wrong.raises or repr(wrong.expected),
        )
        return
    turned = with_sets_turned(challenge.reference)
    failed = first_failed(sandbox, turned, challenge.cases) if turned is not None else None
    if failed is not None:
        case, seen = failed
        yield reason("reference_unstable.sets", case=case.id, one=said(first[case.id]), other=said(seen))


def _told(seen: Observation) -> str:
    """All that must not change from run to run: not how long it took, not where in memory it lay."""
    error = None if seen.error is None else (seen.error.type, seen.error.message)
    return json.dumps([seen.outcome, seen.value, error, seen.stdout], sort_keys=True)
