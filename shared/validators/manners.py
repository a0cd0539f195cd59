"""Rules on tone: never rude, about the task and not about the person, nothing dangerous.

Feedback helps less the more it turns attention to the self: Kluger and DeNisi (1996), Psychological Bulletin 119.
"""

from __future__ import annotations

from shared.validators.ground import Ground
from shared.validators.patterns import first, patterns
from shared.validators.reading import Reading


def rude(reading: Reading, _ground: Ground) -> str | None:
    found = first("rude", reading.told)
    return f"rude: `{found}`" if found else None


def about_the_person(reading: Reading, _ground: Ground) -> str | None:
    found = first("person", reading.told)
    return f"about the person: `{found}`" if found else None


def unsafe(reading: Reading, ground: Ground) -> str | None:
    """Code counts too, except what the learner wrote or was shown themselves."""
    known = ground.known.lower()
    for pattern in patterns("unsafe"):
        for found in pattern.finditer(reading.text):
            if found[0].lower() not in known:
                return f"unsafe: `{found[0]}`"
    return None
