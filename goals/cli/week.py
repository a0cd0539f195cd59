"""Weekdays as they are typed: `mon,tue`, `sat=90`. 0 is Monday."""

from __future__ import annotations

from collections.abc import Sequence

from shared.errors import InvalidInput

NAMES = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def weekday(word: str) -> int:
    """By the first three letters of its English name. Raises InvalidInput."""
    name = word.strip().casefold()[:3]
    if name not in NAMES:
        raise InvalidInput(f"{word.strip()!r} is no weekday", hint=f"one of {', '.join(NAMES)}")
    return NAMES.index(name)


def days_off(learning: str) -> list[int]:
    """The days left out of those one learns on."""
    if learning.strip().casefold() == "all":
        return []
    chosen = {weekday(word) for word in learning.split(",") if word.strip()}
    return [day for day in range(7) if day not in chosen]


def minutes_on(words: Sequence[str]) -> dict[str, int]:
    """Weekday → minutes."""
    found = {}
    for word in words:
        day, _, minutes = word.partition("=")
        if not minutes.strip().isdecimal():
            raise InvalidInput(f"{word!r} is not a day and its minutes", hint="for example sat=90")
        found[str(weekday(day))] = int(minutes)
    return found
