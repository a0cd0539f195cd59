"""Is a text in the language asked for? By the small words that hold its sentences together.

The commonest function words tell two languages apart from a dozen words on: Cavnar and Trenkle (1994) and Grefenstette
(1995) compare this with n-grams; for short sentences in two known languages it is as good and needs no model.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Mapping
from pathlib import Path

from shared.validators.ground import Ground
from shared.validators.reading import Reading

SMALL: Mapping[str, frozenset[str]] = {
    name: frozenset(words.split())
    for name, words in tomllib.loads(Path(__file__).with_name("small.toml").read_text("utf-8")).items()
}
"""`en`, `es`, `other`."""

ENOUGH = 4
FEW = 0.12
"""Share of small words under which a text of eight words or more is in no language we know; an example has few."""
_WORD = re.compile(r"[^\W\d_]+")
_PLAIN = {"es": "áéíóúñü¿¡"}


def another(reading: Reading, ground: Ground) -> str | None:
    """A reason where the prose is in another language than `ground.language`."""
    letters = [c for c in reading.prose if c.isalpha()]
    foreign = [c for c in letters if not unicodedata.name(c, "?").startswith("LATIN")]
    if len(foreign) > 2:
        return f"written in another script: `{''.join(foreign[:8])}`"
    words = [word.lower() for word in _WORD.findall(reading.prose) if len(word) > 0]
    if len(words) < ENOUGH:
        return None
    counts = {name: sum(word in small for word in words) for name, small in SMALL.items()}
    mine = counts.pop(ground.language) + (_marks(reading.prose) if ground.language == "es" else 0)
    if ground.language == "en":
        counts["es"] += _marks(reading.prose)
    best = max(counts.values())
    if mine == 0 or (best > mine) or (ground.kind != "example" and len(words) >= 8 and mine / len(words) < FEW):
        return f"not in {ground.language}: {mine} of {len(words)} words are its small ones, {best} another's"
    return None


def _marks(text: str) -> int:
    return sum(c in _PLAIN["es"] for c in text.lower())
