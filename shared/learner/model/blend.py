"""Several logits into one probability: their mean, rescaled by what the outcomes have shown of it.

A mean of logits is the pooled opinion of M. Stone (Annals of Mathematical Statistics 32, 1961). Members that err apart
are too timid together, and a layer may be too bold in a group unlike its earlier ones: `scale` is the inverse
temperature of C. Guo et al. ("On calibration of modern neural networks", ICML 2017), kept up to date, as is `level`.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from shared.learner.ratings import sigmoid

STEP, SEEN = 0.03, 200.0
LEVEL_STEP = 0.001


class Blend:
    """`scale` times the mean logit, plus `level`."""

    def __init__(self) -> None:
        self.scale, self.seen, self.level = 1.0, SEEN, 0.0

    def logit(self, logits: Sequence[float]) -> float:
        """The blend of the members' logits."""
        return self.level + self.scale * sum(logits) / len(logits)

    def learn(self, logits: Sequence[float], correct: bool) -> None:
        """Moves scale and level towards what would have said the outcome."""
        missed = sigmoid(self.logit(logits)) - correct
        self.level -= LEVEL_STEP * missed
        g = missed * sum(logits) / len(logits)
        self.seen += g * g
        self.scale -= STEP * g / math.sqrt(self.seen)
