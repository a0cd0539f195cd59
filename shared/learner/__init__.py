"""The learner model: what a learner can do, from what they did. Nothing is stored here.

    from shared.learner import LearnerModel

    model = LearnerModel()
    p = model.predict(learner, item, concepts, t)           # probability in [0, 1]; remembers nothing
    model.update(learner, item, concepts, correct, t)       # one outcome, learnt from at once
    model.hint(learner, item, concepts, t)                  # optional: a hint was given
    model.expect(item, difficulty)                          # optional: stated difficulty of a new item, 0 to 1
    model.fit(rows)                                         # optional: many attempts at once, with several passes

`t` is seconds on any clock, or None. `concepts` is a sequence of names (or `a|b`), perhaps empty. `model.parts()` and
`LearnerModel.of(parts)` keep it as JSON, by learner, item and concept. `python -m shared.learner.evaluate FILE` judges
it on a log of attempts. How it works: `shared.learner.model`, docs/learner-model.md. It needs numpy, which is loaded
with it and not with this package.

What the running system shows and records is made of increments that are summed in the read model: `ratings` predicts an
attempt for the agents (a plain Elo), `mastery` says how far a concept is mastered and how sure that is, `review` (not
imported here: it needs `fsrs`) says when a concept comes back. Nothing here may import from functions, graph or goals,
nor from the store. A language model never moves any of these figures.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from shared.learner.mastery import (
    GATE,
    STEPS,
    Mastered,
    crossed,
    evidence,
    mastered,
    mastery_keys,
)
from shared.learner.ratings import Attempt, Ratings, applied, keys, stated

if TYPE_CHECKING:
    from shared.learner.model.learner_model import LearnerModel

__all__ = [
    "GATE",
    "STEPS",
    "Attempt",
    "LearnerModel",
    "Mastered",
    "Ratings",
    "applied",
    "crossed",
    "evidence",
    "keys",
    "mastered",
    "mastery_keys",
    "stated",
]


def __getattr__(name: str) -> object:
    if name == "LearnerModel":
        from shared.learner.model.learner_model import LearnerModel

        return LearnerModel
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
