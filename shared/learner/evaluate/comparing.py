"""Every attempt of held-out learners predicted before it is seen, by the model and by what it has to beat.

Learners are dealt into folds; for each fold every predictor is fitted on the other folds' rows, then meets the fold's
rows in the log's order, predicting and then learning each. All figures are over all attempts of all folds together.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from shared.learner.evaluate.baselines import Elo, ItemMean, Predictor
from shared.learner.evaluate.figures import Vector
from shared.learner.evaluate.regressions import PFA, BestLR, BestLRRecent
from shared.learner.model.learner_model import LearnerModel
from shared.learner.model.rows import Row


class OnePass(LearnerModel):
    """The model without several passes: training learners are met once, as in the running system."""

    def fit(self, rows: object) -> LearnerModel:
        for row in rows:  # type: ignore[attr-defined]
            self.update(row.learner, row.item, row.concepts, row.correct, row.t)
        return self


OURS, FITTED, RIVAL = "learner model", "learner model, fitted", "Best-LR + recency and gaps"

PREDICTORS: dict[str, Callable[[], Predictor]] = {
    "item mean": ItemMean,
    "Elo + concept": Elo,
    "PFA": PFA,
    "Best-LR": BestLR,
    RIVAL: BestLRRecent,
    OURS: OnePass,
    FITTED: LearnerModel,
}


@dataclass(frozen=True, slots=True)
class Predicted:
    """`p` in the order of `Compared.y`; `micros`: mean µs of a predict and update of a held-out attempt; `fit_s`:
    seconds of all fits; both of this process alone, whatever else the machine does."""

    p: Vector
    micros: float
    fit_s: float


@dataclass(frozen=True, slots=True)
class Compared:
    """Outcomes, whose they are, and what each predictor said."""

    y: Vector
    learners: list[str]
    predicted: dict[str, Predicted]


def folds(rows: Sequence[Row], many: int, seed: int) -> list[set[str]]:
    """The learners in `many` parts, or fewer where there are fewer learners. Raises ValueError for a single learner."""
    names = sorted({row.learner for row in rows})
    if len(names) < 2:
        raise ValueError("held-out learners need at least two learners in the log")
    random.Random(seed).shuffle(names)  # noqa: S311 - a seeded shuffle, not a secret
    many = max(2, min(many, len(names)))
    return [set(names[k::many]) for k in range(many)]


def compared(
    rows: Sequence[Row],
    names: Sequence[str] = tuple(PREDICTORS),
    many: int = 5,
    seed: int = 1,
    done: Callable[[], object] = lambda: None,
) -> Compared:
    """`done` is called after each predictor has finished a fold."""
    parts = folds(rows, many, seed)
    told: dict[str, list[float]] = {name: [] for name in names}
    micros, fits = dict.fromkeys(names, 0.0), dict.fromkeys(names, 0.0)
    held: list[Row] = []
    for part in parts:
        training = [row for row in rows if row.learner not in part]
        tested = [row for row in rows if row.learner in part]
        held.extend(tested)
        for name in names:
            model = PREDICTORS[name]()
            start = time.process_time()
            model.fit(training)
            fits[name] += time.process_time() - start
            start = time.process_time()
            for learner, item, concepts, t, correct in tested:
                told[name].append(model.predict(learner, item, concepts, t))
                model.update(learner, item, concepts, correct, t)
            micros[name] += time.process_time() - start
            done()
    y = np.array([row.correct for row in held], float)
    predicted = {n: Predicted(np.array(told[n]), micros[n] / len(held) * 1e6, fits[n]) for n in names}
    return Compared(y, [row.learner for row in held], predicted)
