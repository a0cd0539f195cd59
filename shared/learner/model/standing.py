"""What is remembered: of a learner, of a learner in a concept, of a learner at an item, of an item, of a concept.

Each is a fixed number of figures. A rating is a mean and a variance in log-odds (`ratings` says how they move).
"""

from __future__ import annotations

import random
import zlib

FACTORS = 4
"""Length of the latent vectors."""


class Known:
    """A learner in a concept, or in a combination of concepts."""

    __slots__ = ("able", "fast", "last", "mean", "n", "place", "slow", "streak", "t", "unsure", "wins")

    def __init__(self, unsure: float) -> None:
        self.able, self.unsure = 0.0, unsure
        self.n = self.wins = self.streak = 0
        self.fast = self.slow = self.mean = self.last = 0.0
        self.place = -1
        self.t: float | None = None


class Tried:
    """A learner at an item. `hints`: asked for since the last attempt."""

    __slots__ = ("able", "fast", "hints", "last", "n", "place", "t", "unsure", "wins")

    def __init__(self, unsure: float) -> None:
        self.able, self.unsure = 0.0, unsure
        self.n = self.wins = self.hints = 0
        self.fast = self.last = 0.0
        self.place = -1
        self.t: float | None = None


class Learner:
    """A learner: `fast`, `slow`, `long` are decayed residuals, `pace` their mean log gap beside everybody's."""

    __slots__ = (
        "able", "before", "concepts", "factors", "fast", "item", "known", "last", "long", "n", "pace", "paced",
        "sitting", "slow", "streak", "t", "tried", "unsure", "wins",
    )  # fmt: skip

    def __init__(self, unsure: float) -> None:
        self.able, self.unsure = 0.0, unsure
        self.n = self.wins = self.streak = self.sitting = self.paced = 0
        self.fast = self.slow = self.long = self.last = self.before = self.pace = 0.0
        self.item = ""
        self.concepts: tuple[str, ...] = ()
        self.factors = [0.0] * FACTORS
        self.t: float | None = None
        self.known: dict[str, Known] = {}
        self.tried: dict[str, Tried] = {}


class Item:
    """An item: `hard` beside its concepts; `first`: mean residual of first tries; `pace`: as the learner's."""

    __slots__ = ("factors", "first", "firsts", "hard", "n", "pace", "paced", "unsure", "wins")

    def __init__(self, unsure: float, factors: list[float]) -> None:
        self.hard, self.unsure, self.factors = 0.0, unsure, factors
        self.n = self.wins = self.firsts = self.paced = 0
        self.first = self.pace = 0.0


class Concept:
    """A concept, or a combination of concepts."""

    __slots__ = ("factors", "hard", "n", "unsure", "wins")

    def __init__(self, unsure: float, factors: list[float]) -> None:
        self.hard, self.unsure, self.factors = 0.0, unsure, factors
        self.n = self.wins = 0


def direction(name: str) -> list[float]:
    """Where a latent vector begins: small, and the same for a name in every process."""
    chance = random.Random(zlib.crc32(name.encode()))  # noqa: S311 - the same for ever, no secret
    return [chance.gauss(0.0, 0.3) for _ in range(FACTORS)]
