"""The learner model: what a learner can do, from what they did. Pure functions over ratings; nothing is stored here.

`ratings` predicts an attempt and learns from it, `mastery` says how far a concept is mastered and how sure that is,
`review` (not imported here: it needs `fsrs`) says when a concept comes back. Nothing here may import from functions,
graph or goals, nor from the store. A model (LLM) never moves any of these figures.
"""

from shared.learner.mastery import (
    GATE,
    STEPS,
    Mastered,
    crossed,
    evidence,
    mastered,
    mastery_keys,
)
from shared.learner.ratings import Attempt, Ratings, applied, keys, learn, predict, stated

__all__ = [
    "GATE",
    "STEPS",
    "Attempt",
    "Mastered",
    "Ratings",
    "applied",
    "crossed",
    "evidence",
    "keys",
    "learn",
    "mastered",
    "mastery_keys",
    "predict",
    "stated",
]
