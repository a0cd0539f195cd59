"""`fit`: what several passes over many attempts can add to one pass.

An attempt's figures must look as they will for a learner not seen in training: items and concepts known from others,
the learner new. So the training learners are dealt into PARTS; the figures of each part come from a history of the
others. On these the logistic layer is solved as a whole, the net passes over them several times, and trees are grown.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from shared.learner.model.history import SIGNS, History
from shared.learner.model.linear import Linear, Vector
from shared.learner.model.net import BATCH, MEMORY, Net
from shared.learner.model.prior import prior
from shared.learner.model.rows import Row
from shared.learner.model.solving import solved
from shared.learner.model.trees import Trees, grow

PARTS, NET_PASSES = 4, 6


@dataclass(frozen=True, slots=True)
class Layers:
    """What `fitted` gives."""

    linear: Linear
    net: Net
    trees: Trees | None


def fitted(log: Sequence[Row]) -> Layers:
    """The layers after several passes over a log. The order of passes is drawn from a fixed seed."""
    start, chance = prior(), np.random.default_rng(1)
    x = crossed_figures(log)
    y = np.array([row.correct for row in log], float)
    named = [(*row.concepts, "|".join(row.concepts)) if len(row.concepts) > 1 else row.concepts for row in log]
    net = Net(start)
    for _ in range(NET_PASSES):
        order = chance.permutation(len(log))
        for first in range(0, len(order), BATCH):
            chosen = order[first : first + BATCH]
            net.step(x[chosen], y[chosen])
    for vector, outcome in zip(x[-MEMORY:], y[-MEMORY:], strict=True):
        net.keep(vector, bool(outcome))
    return Layers(solved([row.item for row in log], named, x, y), net, grow(x, y, start))


def crossed_figures(log: Sequence[Row]) -> Vector:
    """Figures of each row, by histories that know the other parts' learners only: (rows, figures)."""
    parts = {name: k % PARTS for k, name in enumerate(dict.fromkeys(row.learner for row in log))}
    found = np.empty((len(log), len(SIGNS)))
    for part in range(min(PARTS, len(parts))):
        history = History()
        if len(parts) > 1:
            for row in log:
                if parts[row.learner] != part:
                    history.absorb(history.situation(*row[:4]), row.correct)
        for k, row in enumerate(log):
            if parts[row.learner] == part:
                s = history.situation(*row[:4])
                found[k] = s.vector
                history.absorb(s, row.correct)
    return found
