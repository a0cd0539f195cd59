"""What the layers start from, before any attempt has been seen: the ratings, held back a little, and the directions
that all mechanisms of the generated logs agree on, rounded. Everything else starts at 0 and is learnt."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from shared.learner.model.history import SIGNS

PRIOR = {
    "rating": 0.85,
    "wins": 0.1,
    "fails": -0.1,
    "item_wins": 0.05,
    "item_fails": 0.1,
    "item_last": 0.1,
    "same_last": 0.15,
    "met_last": 0.03,
    "concept_mean": 0.02,
    "hints": -0.1,
}


def prior() -> npt.NDArray[np.float64]:
    """Weights in the order of SIGNS."""
    return np.array([PRIOR.get(name, 0.0) for name in SIGNS])
