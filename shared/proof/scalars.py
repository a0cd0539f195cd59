"""Numbers and texts like those seen: the leaves of a function's arguments."""

from __future__ import annotations

import re
import string
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from random import Random

from shared.curriculum.model import JSON

SPREAD = 8
"""Items or characters a new value may have beyond the longest seen: half of this many."""

_WORDS = re.compile(r"[^\W\d_]+|\d+")


@dataclass(frozen=True, slots=True)
class Pool:
    """What values to come back to: `numbers` and `texts` of the program, `recent` of this very input. `wider`: how many
    times further numbers may go than the cases do (for a function that has no more inputs otherwise)."""

    numbers: tuple[int | float, ...]
    texts: tuple[str, ...]
    recent: list[JSON]
    wider: int = 1


Shape = Callable[[Random, Pool], JSON]
"""Makes a new value."""


def numbers(seen: Sequence[JSON]) -> Shape:
    values = [v for v in seen if isinstance(v, int | float)]
    least, most = min(values), max(values)
    low = 2 * least - 3 if least < 0 else min(1, least)
    high = max(2 * most + 3, 10)
    whole = all(isinstance(v, int) for v in values)
    places = max((len(repr(v).partition(".")[2]) for v in values), default=0)

    def one(random: Random, pool: Pool) -> JSON:
        top = high * pool.wider

        def kept(value: float) -> JSON:
            value = min(max(value, low), top)
            return int(value) if whole else round(float(value), places)

        near: list[int | float] = [v for v in pool.recent if isinstance(v, int | float) and not isinstance(v, bool)]
        match random.randrange(6):
            case 0 if near:
                return kept(random.choice(near) + random.choice((-1, 0, 0, 1)))
            case 1 if pool.numbers:
                return kept(random.choice(pool.numbers) + random.choice((-1, 0, 0, 1)))
            case 2:
                return kept(random.choice(values) + random.choice((-1, 0, 1)))
            case 3:
                return kept(low + random.randrange(12))
            case _:
                return kept(random.randint(int(low), int(top)) if whole else random.uniform(low, top))

    return one


def texts(seen: Sequence[JSON]) -> Shape:
    values = [v for v in seen if isinstance(v, str)]
    alphabet = sorted(set("".join(values)) | set("".join(_more_like(values))))
    shortest = 0 if "" in values else 1
    longest = max(map(len, values)) + SPREAD // 2
    letters = len(values) > 2 and {len(v) for v in values} == {1}

    def made(random: Random, pool: Pool) -> str:
        recent = [v for v in pool.recent if isinstance(v, str) and set(v) <= set(alphabet)]
        known = [v for v in pool.texts if set(v) <= set(alphabet)]
        match random.randrange(8):
            case _ if letters:
                return random.choice(alphabet)
            case 0 if alphabet:
                return "".join(random.choices(alphabet, k=random.randint(shortest, longest)))
            case 1 | 2 if recent:
                return random.choice(recent)
            case 3 if known:
                return random.choice(known)
            case 4:
                return random.choice(values)
            case _ if alphabet:
                return _changed(random, random.choice(values), values, alphabet)
        return random.choice(values)

    def one(random: Random, pool: Pool) -> JSON:
        text = made(random, pool)
        return text if shortest <= len(text) <= 2 * longest else random.choice(values)

    return one


def _changed(random: Random, text: str, values: Sequence[str], alphabet: Sequence[str]) -> str:
    """One slip in `text`: a character more, less or other, words in another order, one number or word another."""
    at = random.randrange(len(text) + 1)
    match random.randrange(7):
        case 0:
            return text[:at] + random.choice(alphabet) + text[at:]
        case 1:
            return text[:at] + text[at + 1 :]
        case 2:
            return text[:at] + random.choice(alphabet) + text[at + 1 :]
        case 3:
            parts = text.split(" ")
            random.shuffle(parts)
            return " ".join(parts)
        case 4:
            return text[:at] + random.choice(values)
        case _:
            return _retold(random, text, sorted({word for value in values for word in _WORDS.findall(value)}))


def _retold(random: Random, text: str, words: Sequence[str]) -> str:
    """One number in `text` replaced by another, or one word by another of `words`."""
    found = list(_WORDS.finditer(text))
    if not found:
        return text
    old = random.choice(found)
    alike = [word for word in words if word.isdigit() == old[0].isdigit()]
    new = str(random.randrange(100)) if old[0].isdigit() and random.random() < 0.5 else random.choice(alike)
    return text[: old.start()] + new + text[old.end() :]


def _more_like(values: Iterable[str]) -> Iterable[str]:
    """A few characters of the kinds seen, that were not seen."""
    text = "".join(values)
    if any(c in string.ascii_lowercase for c in text):
        yield "abez"
    if any(c in string.ascii_uppercase for c in text):
        yield "ABZ"
    if any(c in string.digits for c in text):
        yield string.digits
