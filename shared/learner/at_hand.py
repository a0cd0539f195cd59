"""How likely it is that a learner has a concept at hand now: what a plan is made by. Never shown as mastery.

Mastery (`mastery.py`) says what the evidence proves and must be slow to. A plan has to guess: what was learnt in the
meantime, what was forgotten, what follows for the concepts below. This is knowledge tracing over a prerequisite graph:

**Levels.** A concept is at one of LEVELS: not there, half there, at hand (a of 0, 1/2, 1); two states (Corbett &
Anderson, "Knowledge tracing", UMUAI 4, 1995) take one lucky success for knowledge where it grows by degrees.
**Outcomes.** A challenge of difficulty b succeeds with u + (k − u)·a·h, k = σ(A − b), u = σ(−A − b) the Rasch
likelihoods of `mastery.py`, and h = Π (a′ + HINDERED·(1 − a′)) over the prerequisites' levels a′: so a success is
evidence of what the concept rests on too, and a failure casts doubt on it (Bayes' rule, each concept with the others at
their mean: assumed density filtering). With assistance an outcome says nothing; it is practice all the same.
**Practice** moves a level up with chance `speed`·h, after a failure SHARED of that; prerequisites by BELOW of it, since
working on what rests on them repeats them in part.
**Time** takes each level down by one with chance 1 − R, R = (1 + F·t/S)^−DECAY, the forgetting curve of FSRS 6
(J. Ye et al., KDD 2022; S in days, R = 0.9 at t = S); S grows with each success, the more the later it comes (the
spacing effect: N. Cepeda et al., Psychological Bulletin 132, 2006).
**People** differ most in how fast they learn and forget: KINDS of people are followed side by side, and weighed by how
well each foresaw the outcomes (Bayes' rule again).

All figures are round ones, chosen for being usual, not fitted. Nothing is stored: the estimate is made anew from the
learner's submissions.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import product
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from shared.learner.mastery import APART
from shared.learner.ratings import sigmoid, stated

LEVELS = np.array([0.0, 0.5, 1.0])
SPEEDS, STABILITIES = (0.2, 0.4, 0.8), (0.7, 2.0, 6.0)
"""Chance to move up a level in one attempt; S in days after the first."""
KINDS = tuple(product(SPEEDS, STABILITIES))
HINDERED = 0.4
FAILING = 0.7
"""What a failed attempt teaches, as a share of a successful one."""
BELOW = 0.2
JUMP = 0.2
"""Share of the moves up that go all the way."""
GROWTH = 4.0
F, DECAY = 0.98, 0.1542
DAY = 86_400.0
LEAST = 1e-4
"""No kind of person is ruled out for good."""

Array = npt.NDArray[np.float64]
Below = Mapping[str, Sequence[str]]


class Practice(NamedTuple):
    """One submission. `at`: in seconds; `difficulty`: stated, 0 to 1; `alone`: without assistance."""

    concept: str
    at: float
    difficulty: float
    correct: bool
    alone: bool = True


class AtHand:
    """One learner. `below`: each concept's direct prerequisites, in learning order. `known`: chance that a concept was
    at hand at first."""

    def __init__(self, below: Below, known: float = 0.05) -> None:
        self.place = {concept: n for n, concept in enumerate(below)}
        self.under = [[self.place[b] for b in under if b in self.place] for under in below.values()]
        kinds = len(KINDS)
        self.speed = np.array([speed for speed, _ in KINDS])
        self.weight = np.full(kinds, 1 / kinds)
        self.level = np.zeros((len(self.place), kinds, len(LEVELS)))
        self.level[:, :, 0], self.level[:, :, -1] = 1 - known, known
        self.stability = np.tile(np.array([s for _, s in KINDS]), (len(self.place), 1))
        self.last = np.full(len(self.place), np.nan)
        self.tried = np.zeros(len(self.place), dtype=bool)

    def copy(self) -> AtHand:
        """Goes on apart from this one."""
        other = object.__new__(AtHand)
        other.place, other.under, other.speed, other.weight = self.place, self.under, self.speed, self.weight
        other.level, other.stability = self.level.copy(), self.stability.copy()
        other.last, other.tried = self.last.copy(), self.tried.copy()
        return other

    def met(self, concept: str) -> bool:
        """Was it ever practised itself?"""
        return concept in self.place and bool(self.tried[self.place[concept]])

    def learn(self, one: Practice) -> None:
        """A submission; in the order of their times. A concept that is not in the graph is passed over."""
        n = self.place.get(one.concept)
        if n is None:
            return
        rows = [n, *self.under[n]]
        recall = self._recall(rows, one.at)
        level = _dropped(self.level[rows], recall)
        mean = level @ LEVELS  # of each concept and kind
        free = mean[1:] + HINDERED * (1 - mean[1:])
        hindrance = np.prod(free, axis=0) if len(rows) > 1 else np.ones(len(KINDS))
        if one.alone:
            level = self._believed(level, mean[0], free, hindrance, one)
        taught = 1.0 if one.correct else FAILING
        up = np.empty((len(rows), len(KINDS)))
        up[0] = self.speed * taught * hindrance
        up[1:] = self.speed * taught * BELOW
        self.level[rows] = _risen(level, up)
        if one.correct:
            share = np.full((len(rows), 1), BELOW)
            share[0] = 1.0
            self.stability[rows] *= 1 + share * GROWTH * (1 - recall)
        self.last[rows] = one.at
        self.tried[n] = True

    def success(self, concept: str, difficulty: float, at: float) -> float | None:
        """The probability in (0, 1) that a submission then passes; None for a concept that is not in the graph."""
        n = self.place.get(concept)
        if n is None:
            return None
        rows = [n, *self.under[n]]
        mean = _dropped(self.level[rows], self._recall(rows, at)) @ LEVELS
        hindrance = np.prod(mean[1:] + HINDERED * (1 - mean[1:]), axis=0)
        b = stated(difficulty)
        k, u = sigmoid(APART - b), sigmoid(-APART - b)
        return float((u + (k - u) * mean[0] * hindrance) @ self.weight)

    def chances(self, at: float) -> dict[str, float]:
        """Of every concept: the mean of its level at a time, in [0, 1]. What was never tried itself is no less likely
        as what rests on it: nobody gets there without it."""
        rows = list(range(len(self.place)))
        mean = _dropped(self.level, self._recall(rows, at)) @ LEVELS @ self.weight
        for n in reversed(rows):  # what rests on a concept comes after it
            for under in self.under[n]:
                if not self.tried[under]:
                    mean[under] = max(mean[under], mean[n])
        return {concept: float(mean[n]) for concept, n in self.place.items()}

    def _recall(self, rows: Sequence[int], at: float) -> Array:
        """R of each concept and kind; 1 for what was never practised."""
        past = np.maximum(0.0, (at - self.last[rows]) / DAY)
        past = np.where(np.isnan(past), 0.0, past)
        recall: Array = (1 + F * past[:, None] / self.stability[rows]) ** -DECAY
        return recall

    def _believed(self, level: Array, mean: Array, free: Array, hindrance: Array, one: Practice) -> Array:
        """Levels after the outcome, and `weight` with them."""
        b = stated(one.difficulty)
        k, u = sigmoid(APART - b), sigmoid(-APART - b)

        def likely(chance: Array) -> Array:
            success = u + (k - u) * chance
            return success if one.correct else 1 - success

        seen = np.empty_like(level)
        seen[0] = level[0] * likely(LEVELS * hindrance[:, None])
        ours = seen[0].sum(axis=1)
        if len(free):
            rest = (mean * hindrance / free)[:, :, None]
            seen[1:] = level[1:] * likely(rest * (LEVELS + HINDERED * (1 - LEVELS)))
        weight = self.weight * ours
        weight = np.maximum(LEAST, weight / weight.sum())
        self.weight = weight / weight.sum()
        believed: Array = seen / seen.sum(axis=2, keepdims=True)
        return believed


def _dropped(level: Array, recall: Array) -> Array:
    """Each level falls by one with chance 1 − R, by two with its square."""
    none, half, full = level[..., 0], level[..., 1], level[..., 2]
    lost = 1 - recall
    out = np.empty_like(level)
    out[..., 2] = full * recall
    out[..., 1] = half * recall + full * lost * recall
    out[..., 0] = none + half * lost + full * lost * lost
    return out


def _risen(level: Array, up: Array) -> Array:
    none, half = level[..., 0], level[..., 1]
    out = np.empty_like(level)
    out[..., 0] = none * (1 - up)
    out[..., 1] = half * (1 - up) + none * up * (1 - JUMP)
    out[..., 2] = level[..., 2] + half * up + none * up * JUMP
    return out
