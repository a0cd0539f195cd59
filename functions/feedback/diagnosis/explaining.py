"""The rule that asks what if: of each place that a common mistake is made at, whether another form of it explains the
failing case. The first that explains most failing cases speaks."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from functions.feedback.diagnosis import answering, choosing, repeating, returning, valuing
from functions.feedback.diagnosis.source import Diagnosis, Source
from functions.feedback.diagnosis.trying import Trial, WhatIf, trial
from functions.feedback.failure import Failure

WHAT_IFS: tuple[Callable[[Trial], Iterator[WhatIf]], ...] = (
    choosing.boundaries,
    repeating.spans,
    returning.in_loop,
    repeating.carried_over,
    repeating.left_at_end,
    repeating.decided_by_last,
    choosing.zero_as_false,
    choosing.later_if,
    choosing.asked_late,
    valuing.changed_arguments,
    valuing.rounded,
    valuing.other_letters,
)
POINTING: tuple[Callable[[Trial], Iterator[WhatIf]], ...] = (
    repeating.replaced,
    repeating.other_start,
    repeating.counted_from_zero,
    repeating.other_step,
    repeating.other_walk,
    choosing.turned,
    answering.forced,
)
"""What might explain one case by chance: told where it explains all that fail. From what says most to what only points
at a place."""


def explained(source: Source, failure: Failure) -> Diagnosis | None:
    tried = trial(source, failure)
    if tried is None:
        return None
    if tried.asked.right:
        return repeating.kept_between_calls(tried)
    best, most = None, 0
    for what_ifs in (*WHAT_IFS, *POINTING):
        for one in what_ifs(tried):
            count = tried.explains(one.swaps)
            if count > most and (count >= tried.wrong or what_ifs not in POINTING):
                best, most = one.diagnosis, count
                if count >= tried.wrong:
                    return best
    return best
