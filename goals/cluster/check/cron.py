"""Whether a cron expression is one: `minute hour day month weekday`, seconds before them where there are six fields."""

from __future__ import annotations

import re

RANGES = {"second": (0, 59), "minute": (0, 59), "hour": (0, 23), "day": (1, 31), "month": (1, 12), "weekday": (0, 7)}


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
