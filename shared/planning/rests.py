"""Days that do not count: those a learner takes off. Pure; in the learner's own calendar."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from shared.clock import local_day
from shared.readmodel.rows import Rest

LONGEST = timedelta(days=366)
"""So far ahead may the day be on which a learner will be back."""


def span(rest: Rest, zone: str) -> tuple[date, date]:
    """The first day off, and the first that is none any more. A rest begins with the day it was asked for and is over
    on the day the learner was back."""
    first = local_day(rest.since, zone)
    after = rest.until if rest.ended is None else min(rest.until, local_day(rest.ended, zone))
    return first, max(first, after)


def resting(rests: Sequence[Rest], day: date, zone: str) -> date | None:
    """The first day on which the learner learns again, where `day` is one of their days off; None where it is not."""
    found = [after for first, after in (span(rest, zone) for rest in rests) if first <= day < after]
    return max(found, default=None)


def rest_days(rests: Sequence[Rest], first: date, last: date, zone: str) -> set[date]:
    """The days off among those from `first` to `last`, both counted."""
    days: set[date] = set()
    for rest in rests:
        begin, after = span(rest, zone)
        begin, after = max(begin, first), min(after, last + timedelta(days=1))
        days |= {begin + timedelta(days=n) for n in range((after - begin).days)}
    return days


def rested(rests: Sequence[Rest], first: date, last: date, zone: str) -> int:
    """How many these are."""
    return len(rest_days(rests, first, last, zone))


SILENCE = timedelta(days=14)
"""Without a sign of the learner for so long, nothing new is planned until they are back."""


def just_over(rests: Sequence[Rest], day: date) -> bool:
    """Whether the learner comes back from days off, which are over by their date. Who was silent for SILENCE after
    them is away for another reason."""
    last = rests[-1] if rests else None
    return last is not None and last.ended is None and last.until <= day < last.until + SILENCE
