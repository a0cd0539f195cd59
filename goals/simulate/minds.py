"""Learners with a hidden state: what they know, learn, forget and slip on. No agent ever sees any of it.

Three mechanisms, none of them the product's own model (logistic, with a two-state mastery that forgets nothing):

    states      known or not (knowledge tracing, Corbett & Anderson 1995, with forgetting): what is known is lost after
                an exponential time whose mean grows with each spaced success
    strength    a sum of practice that wears off as a power of time (Wickelgren 1974; Wixted & Ebbesen 1991), slower
                after spaced practice
    half-life   a skill that stays and an access to it that halves (Settles & Meeder 2016), more slowly after each
                spaced success

In all of them: people differ in how fast they learn and forget; a concept is learnt badly and used badly while what it
rests on is not there; working on it also rehearses that; success is possible without knowledge and failure with it.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

MINUTE = 1 / 1440
"""Of a day, the unit of all times here."""
SOLID = 0.8
"""Hidden chance of having a concept at hand from which it counts as held."""


@dataclass(frozen=True, slots=True)
class Traits:
    """What learners are drawn from. `rate`: mean chance (or share) learnt in one attempt, what it rests on being there;
    `memory`: median days after which what was learnt in one go, and not used again, is held no more; `spread`: of both,
    between people, in log units; `prior`: mean share of the course known before; `slip`, `guess`: at a challenge of
    middle difficulty; `hindered`: what learning and success are multiplied by for each prerequisite that is missing;
    `rehearsed`: share of an attempt that practises each of the concepts below."""

    rate: float = 0.25
    memory: float = 21.0
    spread: float = 0.5
    prior: float = 0.15
    slip: float = 0.1
    guess: float = 0.1
    hindered: float = 0.4
    rehearsed: float = 0.3


class Mind(Protocol):
    prior: float
    """Share of the course this learner knew at the start."""

    def attempt(self, concept: str, difficulty: float, day: float) -> bool:
        """Tries a challenge of this true difficulty, and learns from it. Whether it passed."""
        ...

    def holds(self, concept: str, day: float) -> bool:
        """Is the concept truly mastered at this time?"""
        ...


Below = Mapping[str, tuple[str, ...]]


class _Mind:
    """What all mechanisms share: people, prerequisites, slips, guesses."""

    def __init__(self, below: Below, traits: Traits, seed: object) -> None:
        self.chance = random.Random(f"mind {seed}")  # noqa: S311 - a simulation
        self.below, self.traits = below, traits
        self.rate = min(0.8, traits.rate * math.exp(self.chance.gauss(0, traits.spread)))
        self.memory = traits.memory * math.exp(self.chance.gauss(0, traits.spread))
        share = self.chance.betavariate(0.8, 0.8 * (1 / traits.prior - 1)) if traits.prior else 0.0
        had: set[str] = set()
        for concept, under in below.items():  # in learning order
            if all(u in had for u in under) and self.chance.random() < min(1.0, 2 * share):
                had.add(concept)
                self.begin(concept)
        self.prior = len(had) / len(below)

    def attempt(self, concept: str, difficulty: float, day: float) -> bool:
        hindrance = self.traits.hindered ** sum(not self.holds(b, day) for b in self.below[concept])
        slip = 2 * self.traits.slip * difficulty
        guess = 2 * self.traits.guess * (1 - difficulty)
        able = self.at_hand(concept, day) * hindrance
        passed = self.chance.random() < guess + (1 - slip - guess) * able
        self.practise(concept, day, passed, hindrance)
        for b in self.below[concept]:
            if self.holds(b, day):
                self.practise(b, day, passed, self.traits.rehearsed)
        return passed

    def holds(self, concept: str, day: float) -> bool:
        return self.at_hand(concept, day) >= SOLID

    def at_hand(self, concept: str, day: float) -> float:
        """Hidden chance, in [0, 1], of having the concept at hand."""
        raise NotImplementedError

    def begin(self, concept: str) -> None:
        """Known since long before day 0."""
        raise NotImplementedError

    def practise(self, concept: str, day: float, passed: bool, share: float) -> None:
        raise NotImplementedError


class States(_Mind):
    """Known or not. `until[c]`: when what is known will be lost; `mean[c]`: its expected time."""

    def __init__(self, below: Below, traits: Traits, seed: object) -> None:
        self.until: dict[str, float] = {}
        self.mean: dict[str, float] = {}
        self.last: dict[str, float] = {}
        super().__init__(below, traits, seed)

    def begin(self, concept: str) -> None:
        self.mean[concept] = 4 * self.memory / math.log(2)
        self.last[concept] = 0.0
        self.until[concept] = self.chance.expovariate(1 / self.mean[concept])

    def at_hand(self, concept: str, day: float) -> float:
        return float(day < self.until.get(concept, -1.0))

    def practise(self, concept: str, day: float, passed: bool, share: float) -> None:
        mean = self.mean.get(concept)
        if self.at_hand(concept, day):
            assert mean is not None  # noqa: S101  what is at hand was learnt
            if passed:  # a success after a pause makes it last, one at once hardly
                mean *= 1 + share * min(1.0, (day - self.last[concept]) / (0.5 * mean))
        elif self.chance.random() < min(0.9, share * self.rate * (1 if mean is None else 2)):
            mean = self.memory / math.log(2) if mean is None else mean
        else:
            return
        self.mean[concept], self.last[concept] = mean, day
        self.until[concept] = day + self.chance.expovariate(1 / mean)


class Strength(_Mind):
    """A sum of traces, one of each practice, and each wears off as a power of its own age (J. Anderson & L. Schooler,
    "Reflections of the environment in memory", Psychological Science 2, 1991): of two equal strengths the older one
    wears off more slowly (Jost's law), and practice never leaves less behind than no practice would."""

    FULL, LEARNT, NEEDED, WEAR = 3.0, 2.0, 4**0.25, 0.35
    """The most; after learning; at SOLID; the exponent of wear."""

    def __init__(self, below: Below, traits: Traits, seed: object) -> None:
        self.traces: dict[str, list[tuple[float, float, float]]] = {}  # strength at first, day, time scale of wear
        super().__init__(below, traits, seed)

    @property
    def scale(self) -> float:
        """Such that LEARNT falls to NEEDED in `memory` days: LEARNT · (1 + memory / scale)^−WEAR = NEEDED."""
        return float(self.memory / ((self.LEARNT / self.NEEDED) ** (1 / self.WEAR) - 1))

    def begin(self, concept: str) -> None:
        self.traces[concept] = [(self.LEARNT, 0.0, 4 * self.scale)]

    def strength(self, concept: str, day: float) -> float:
        kept = self.traces.get(concept, ())
        return float(sum(first * (1 + max(0.0, day - at) / scale) ** -self.WEAR for first, at, scale in kept))

    def at_hand(self, concept: str, day: float) -> float:
        x = self.strength(concept, day)
        return x**4 / (x**4 + 1) if x else 0.0  # a half at 1, four fifths at 1.41

    def practise(self, concept: str, day: float, passed: bool, share: float) -> None:
        x = self.strength(concept, day)
        kept = self.traces.setdefault(concept, [])
        _, at, scale = kept[-1] if kept else (0.0, day, self.scale)
        gained = share * 2 * self.rate * (1.0 if passed else 0.7) * (1 - x / self.FULL)
        spaced = max(0.0, day - at)
        scale *= 1 + (share * 1.5 * spaced / (spaced + 5 * scale) if passed else 0.0)
        if gained > 0:
            kept.append((gained, day, scale))


class HalfLife(_Mind):
    """A skill in [0, 1] that stays, and an access to it that halves."""

    LEARNT = 0.95

    def __init__(self, below: Below, traits: Traits, seed: object) -> None:
        self.kept: dict[str, tuple[float, float, float]] = {}  # skill, day, half-life
        super().__init__(below, traits, seed)

    def begin(self, concept: str) -> None:
        self.kept[concept] = (self.LEARNT, 0.0, 4 * self.half)

    @property
    def half(self) -> float:
        """Such that LEARNT falls to SOLID in `memory` days: LEARNT · 2^(−memory / half) = SOLID."""
        return self.memory / math.log2(self.LEARNT / SOLID)

    def at_hand(self, concept: str, day: float) -> float:
        kept = self.kept.get(concept)
        return float(kept[0] * 2 ** (-max(0.0, day - kept[1]) / kept[2])) if kept else 0.0

    def practise(self, concept: str, day: float, passed: bool, share: float) -> None:
        skill, at, half = self.kept.get(concept, (0.0, day, self.half))
        access = 2 ** (-max(0.0, day - at) / half)
        half *= 1 + (2.0 * share * (1 - access) / 0.5 if passed else 0.0)
        skill += share * 1.5 * self.rate * (1.0 if passed else 0.7) * (1 - skill)
        self.kept[concept] = (min(1.0, skill), day, half)


MECHANISMS: Mapping[str, Callable[[Below, Traits, object], Mind]] = {
    "states": States,
    "strength": Strength,
    "half-life": HalfLife,
}
