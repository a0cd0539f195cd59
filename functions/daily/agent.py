"""Which learners get which day: the calendar day where each lives, at the tick's instant."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfoNotFoundError

from shared.clock import local_day
from shared.ids import derived_id
from shared.readmodel.rows import Learner

SOURCE = "/functions/daily"


@dataclass(frozen=True, slots=True)
class Day:
    """`id`: of its event, derived, so that any number of ticks starts a day once."""

    learner: str
    tenant: str
    day: date
    id: str


def days(learners: Iterable[Learner], at: datetime) -> list[Day]:
    """The present day of each; days that were missed stay missed: yesterday's goals help nobody today."""
    found = []
    for learner in learners:
        day = _day(at, learner.timezone)
        found.append(Day(learner.learner, learner.tenant, day, derived_id("day", learner.learner, day)))
    return found


def _day(at: datetime, zone: str) -> date:
    """In UTC where no such zone is known: one learner's odd setting must not keep the others from their day."""
    try:
        return local_day(at, zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return local_day(at, "UTC")
