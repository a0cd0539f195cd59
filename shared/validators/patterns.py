"""The patterns of words.toml, compiled once."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path

_WORDS = Path(__file__).with_name("words.toml")


@cache
def patterns(table: str) -> tuple[re.Pattern[str], ...]:
    """Of one table. A pattern that is none is found by the tests, and raises re.error here."""
    found = tomllib.loads(_WORDS.read_text("utf-8"))[table]["patterns"]
    return tuple(re.compile(pattern, re.IGNORECASE | re.MULTILINE) for pattern in found)


def first(table: str, text: str) -> str | None:
    """What the table's first matching pattern found in `text`."""
    for pattern in patterns(table):
        if (found := pattern.search(text)) is not None:
            return found[0]
    return None
