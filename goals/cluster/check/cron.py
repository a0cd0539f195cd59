"""Whether a cron expression is one: `minute hour day month weekday`, seconds before them where there are six fields."""

from __future__ import annotations

import re
from datetime import date, timedelta

RANGES = {"second": (0, 59), "minute": (0, 59), "hour": (0, 23), "day": (1, 31), "month": (1, 12), "weekday": (0, 7)}


def times(expression: str) -> int:
    """How often on a day that it is for: six fields, seconds before the others."""
    second, minute, hour, *_ = (len(each) for each in _fields(expression))
    return second * minute * hour


def days(expression: str) -> int:
    """On how many days of a leap year. Where both are given, the day of the month or that of the week is enough."""
    *_, day, month, weekday = _fields(expression)
    text = expression.split()
    either = "*" not in (text[-3], text[-1])
    found = 0
    for n in range(366):
        on = date(2028, 1, 1) + timedelta(days=n)
        is_day, is_weekday = on.day in day, bool({on.isoweekday() % 7, on.isoweekday()} & weekday)
        found += on.month in month and (is_day or is_weekday if either else is_day and is_weekday)
    return found


def _fields(expression: str) -> list[set[int]]:
    """Which numbers each field is for. Of an expression that is one."""
    given = expression.split()
    found: list[set[int]] = []
    for text, name in zip(given, list(RANGES)[-len(given) :], strict=True):
        low, high = RANGES[name]
        numbers: set[int] = set()
        for part in text.split(","):
            span, _, step = part.partition("/")
            first, _, last = span.partition("-")
            begin = low if span == "*" else int(first)
            end = high if span == "*" or (step and not last) else int(last or first)
            numbers |= set(range(begin, end + 1, int(step or 1)))
        found.append(numbers)
    return found


def invalid(expression: str, fields: int = 5) -> str | None:
    """What is wrong with it, None where nothing is. Names of months and days are not used here, so not understood."""
    given = expression.split()
    names = list(RANGES)[-fields:]
    if len(given) != fields:
        return f"{expression!r} is no schedule: {fields} fields are needed"
    for text, name in zip(given, names, strict=True):
        low, high = RANGES[name]
        for part in text.split(","):
            found = re.fullmatch(r"(\*|(\d+)(?:-(\d+))?)(?:/(\d+))?", part)
            if found is None:
                return f"{expression!r} is no schedule: {part!r} as {name}"
            numbers = [int(n) for n in (found[2], found[3]) if n is not None]
            if any(not low <= n <= high for n in numbers) or found[4] == "0" or numbers != sorted(numbers):
                return f"{expression!r} is no schedule: {part!r} as {name} is not within {low} to {high}"
    return None
