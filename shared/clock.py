"""Time comes in from outside: one clock for everything, so that every test can fix it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

Clock = Callable[[], datetime]
"""Gives the present instant, aware, in UTC."""


def utc_now() -> datetime:
    return datetime.now(UTC)


def rfc3339(instant: datetime) -> str:
    """`2026-11-23T05:30:00.000000Z`: fixed width, so that text order is time order."""
    return instant.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def parse(text: str) -> datetime:
    """Inverse of `rfc3339`; raises ValueError on text that names no offset."""
    instant = datetime.fromisoformat(text)
    if instant.tzinfo is None:
        raise ValueError(f"{text!r} has no offset: write it as RFC 3339, for example 2026-11-23T05:30:00Z")
    return instant.astimezone(UTC)


def local_day(instant: datetime, zone: str) -> date:
    """The calendar day of `instant` where the learner lives (`zone`: IANA name)."""
    return instant.astimezone(ZoneInfo(zone)).date()


def day_of(instant: datetime, zone: str) -> tuple[datetime, datetime]:
    """The learner's own day that `instant` lies in: the instants at which it begins and ends. Not always 24 hours."""
    day = local_day(instant, zone)
    return midnight(day, zone), midnight(day + timedelta(days=1), zone)


def midnight(day: date, zone: str) -> datetime:
    """The instant, in UTC, at which `day` begins where the learner lives (where clocks jump over it: just after)."""
    return datetime.combine(day, time.min, ZoneInfo(zone)).astimezone(UTC)
