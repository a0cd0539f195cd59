"""A logistic layer over the figures of an attempt, with its own slopes for each item and concept, learnt on line.

    logit = w·x + u(item)·x[ITEM] + mean over concepts u(concept)·x[CONCEPT]

Steps are AdaGrad's (J. Duchi, E. Hazan, Y. Singer, JMLR 12, 2011): a weight that has moved much moves less. w starts
from `prior`, all u from 0. Slopes per concept are those of additive factors and of Best-LR (P. Pavlik et al., AIED
2009; T. Gervet et al., "When is deep learning the best approach to knowledge tracing?", JEDM 12, 2020).
"""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt
from operator import itemgetter, mul

import numpy as np
import numpy.typing as npt

from shared.learner.model.history import SIGNS

Vector = npt.NDArray[np.float64]

CONCEPT = tuple(
    SIGNS.index(name)
    for name in ("one", "learner", "concept", "wins", "fails", "concept_fast", "concept_last", "concept_gap",
                 "concept_lag", "concept_new")
)  # fmt: skip
ITEM = tuple(SIGNS.index(name) for name in ("one", "learner", "concept", "item_wins", "item_last"))

_ITEM, _CONCEPT = itemgetter(*ITEM), itemgetter(*CONCEPT)

STEP, OWN_STEP, SEEN, OWN_SEEN = 0.03, 0.02, 1.0, 2.0

Slopes = tuple[list[float], list[float]]
"""Weights, and sums of their squared gradients."""


class Linear:
    """`items` and `concepts` hold slopes by name; a combination of concepts is one more concept."""

    def __init__(self, weights: Vector) -> None:
        self.weights = weights.copy()
        self.seen = np.full(len(weights), SEEN)
        self.items: dict[str, Slopes] = {}
        self.concepts: dict[str, Slopes] = {}

    def logit(self, x: Vector, listed: Sequence[float], item: str, concepts: Sequence[str]) -> float:
        """`listed`: the same figures as a list. `concepts` with their combination."""
        z = float(self.weights @ x)
        slopes = self.items.get(item)
        if slopes is not None:
            z += sum(map(mul, slopes[0], _ITEM(listed)))
        if concepts:
            own = 0.0
            for concept in concepts:
                slopes = self.concepts.get(concept)
                if slopes is not None:
                    own += sum(map(mul, slopes[0], _CONCEPT(listed)))
            z += own / len(concepts)
        return z

    def learn(self, x: Vector, listed: Sequence[float], item: str, concepts: Sequence[str], missed: float) -> None:
        """`missed`: predicted probability minus outcome."""
        gradient = missed * x
        self.seen += gradient * gradient
        self.weights -= STEP * gradient / np.sqrt(self.seen)
        _learn(_slopes(self.items, item, len(ITEM)), _ITEM(listed), missed)
        if concepts:
            missed /= len(concepts)
            figures = _CONCEPT(listed)
            for concept in concepts:
                _learn(_slopes(self.concepts, concept, len(CONCEPT)), figures, missed)


def _slopes(of: dict[str, Slopes], name: str, length: int) -> Slopes:
    found = of.get(name)
    if found is None:
        found = of[name] = ([0.0] * length, [OWN_SEEN] * length)
    return found


def _learn(slopes: Slopes, figures: Sequence[float], missed: float) -> None:
    weights, seen = slopes
    for j, x in enumerate(figures):
        if x:
            g = missed * x
            seen[j] += g * g
            weights[j] -= OWN_STEP * g / sqrt(seen[j])
