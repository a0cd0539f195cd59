"""Errors over time: which likely causes came up again and again, and whether they come up more or less."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Literal

from shared.events.catalogue.explaining import ErrorPattern
from shared.readmodel.rows import Cause

RECENT, BEFORE = timedelta(days=7), timedelta(days=21)
WINDOW = RECENT + BEFORE
FEWEST, MOST = 2, 5
"""Times a cause must have come up to be a pattern; patterns told at most."""

Trend = Literal["new", "more", "same", "less", "gone"]


def patterns(causes: Sequence[Cause], until: datetime) -> tuple[ErrorPattern, ...]:
    """Those of the 28 days before `until`, the most frequent of the last seven first."""
    seen: dict[str, list[Cause]] = {}
    for cause in causes:
        if until - WINDOW <= cause.at < until:
            seen.setdefault(cause.cause, []).append(cause)
    found = [_pattern(name, times, until) for name, times in seen.items() if len(times) >= FEWEST]
    return tuple(sorted(found, key=lambda p: (-p.recent, -p.before, p.cause))[:MOST])


def _pattern(name: str, times: Sequence[Cause], until: datetime) -> ErrorPattern:
    recent = sum(c.at >= until - RECENT for c in times)
    before = len(times) - recent
    return ErrorPattern(
        cause=name[:80],
        recent=recent,
        before=before,
        goals=len({c.goal for c in times}),
        trend=trend(recent, before),
    )


def trend(recent: int, before: int) -> Trend:
    """`before` covers three weeks, `recent` one: half as much again is more, half is less."""
    weekly = before * (RECENT / BEFORE)
    if not before:
        return "new"
    if not recent:
        return "gone"
    return "more" if recent > 1.5 * weekly else "less" if recent < 0.5 * weekly else "same"
