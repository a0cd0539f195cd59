"""Rules on where a text comes from: no word of what the model was told, or of what it is."""

from __future__ import annotations

import re

from shared.validators.ground import Ground
from shared.validators.patterns import first
from shared.validators.reading import Reading

SHINGLE = 6
"""Words in a row that a text may not share with its instructions."""

_WORD = re.compile(r"\w+")


def betrayed(reading: Reading, ground: Ground) -> str | None:
    found = first("system", reading.text)
    if found is not None:
        return f"speaks of its instructions: `{found.strip()}`"
    told = _shingles(ground.instructions)
    words = _WORD.findall(reading.text.lower())
    for start in range(len(words) - SHINGLE + 1):
        if (piece := " ".join(words[start : start + SHINGLE])) in told:
            return f"repeats its instructions: `{piece}`"
    return None


def _shingles(text: str) -> set[str]:
    words = _WORD.findall(text.lower())
    return {" ".join(words[n : n + SHINGLE]) for n in range(len(words) - SHINGLE + 1)}
