"""Days in a row with work, in the learner's own calendar. Days off neither count nor break it, and neither does a day
that is not over."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True, slots=True)
class Run:
    """As it stands at the end of `day`: days in a row, and the most there ever were."""

    day: date
    current: int
    longest: int


def running(
    worked: Collection[date], first: date, last: date, days_off: Collection[int], rested: Collection[date] = ()
) -> Iterator[Run]:
    """Each day from `first` to `last`, which is today. `days_off`: weekdays, 0 is Monday; `rested`: days off taken."""
    longest = current = 0
    day = first
    while day <= last:
        if day in worked:
            current += 1
        elif day != last and day.weekday() not in days_off and day not in rested:
            current = 0
        longest = max(longest, current)
        yield Run(day, current, longest)
        day += timedelta(days=1)
