"""Rules on where a text comes from: no word of what the model was told, or of what it is, and no echo.

Who tells a model what to say writes it into a comment or a text of the program: what comes back word by word from
there, outside of code and quotes, was not the model's own.
"""

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
    for told, text, what in (
        (ground.instructions, reading.text, "its instructions"),
        (ground.code, reading.prose, "the program's own words"),
    ):
        known = _shingles(told)
        piece = next((piece for piece in sorted(_shingles(text)) if piece in known), None)
        if piece is not None:
            return f"repeats {what}: `{piece}`"
    return None


def _shingles(text: str) -> set[str]:
    words = _WORD.findall(text.lower())
    return {" ".join(words[n : n + SHINGLE]) for n in range(len(words) - SHINGLE + 1)}
