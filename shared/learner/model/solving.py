"""The logistic layer solved as a whole, for `fit`: what `linear` approaches one step at a time."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from shared.learner.model.lbfgs import Entries, Sparse, Vector, least, logistic
from shared.learner.model.linear import CONCEPT, ITEM, OWN_SEEN, SEEN, Linear
from shared.learner.model.prior import prior

STRENGTH, OWN = 3.0, 0.25
"""Of L2, around the prior; and how much less than a shared weight an item's or a concept's own may differ from 0."""
STEPS = 80


def solved(items: Sequence[str], concepts: Sequence[Sequence[str]], x: Vector, y: Vector) -> Linear:
    """The layer that fits best. `x` of (rows, figures), `y` of 0 and 1, `concepts` with their combinations.

    Its sums of squared gradients are those of all rows at the end, so that later steps are small."""
    own, places = _own(items, concepts, x)
    start, width = prior(), x.shape[1]

    def loss(w: Vector) -> tuple[float, Vector]:
        value, missed = logistic(x @ (start + w[:width]) + own.times(w[width:]), y)
        gradient = np.concatenate([missed @ x, own.back(missed)]) + STRENGTH * w
        return value + STRENGTH / 2 * float(w @ w), gradient

    w = least(loss, width + own.shape[1], STEPS)
    _, missed = logistic(x @ (start + w[:width]) + own.times(w[width:]), y)
    linear = Linear(start + w[:width])
    linear.seen = SEEN + missed**2 @ x**2
    slopes = (w[width:] * OWN).tolist()
    seen = (OWN_SEEN + np.bincount(own.column, (own.value / OWN * missed[own.row]) ** 2, own.shape[1])).tolist()
    for (kind, name), first in places.items():
        of, length = (linear.items, len(ITEM)) if kind == "item" else (linear.concepts, len(CONCEPT))
        of[name] = (slopes[first : first + length], seen[first : first + length])
    return linear


def _own(
    items: Sequence[str], concepts: Sequence[Sequence[str]], x: Vector
) -> tuple[Sparse, dict[tuple[str, str], int]]:
    """The figures that items and concepts have slopes on, times OWN, and each one's first column."""
    places: dict[tuple[str, str], int] = {}
    entries = Entries()
    figure = array("q")
    wide = 0
    for k, (item, about) in enumerate(zip(items, concepts, strict=True)):
        for kind, name, figures in (("item", item, ITEM), *(("concept", name, CONCEPT) for name in about)):
            first = places.get((kind, name))
            if first is None:
                first = places[kind, name] = wide
                wide += len(figures)
            share = OWN if kind == "item" else OWN / len(about)
            for place, sign in enumerate(figures):
                entries.add(k, first + place, share)
                figure.append(sign)
    own = entries.sparse(len(items), wide)
    return replace(own, value=x[own.row, np.array(figure, np.intp)] * own.value), places
