"""A predict and update of the learner model beside a bare Elo, on the same attempts, in turns."""

from __future__ import annotations

import time

from shared.learner import LearnerModel
from shared.learner.evaluate.baselines import Elo
from shared.learner.evaluate.generated import generated
from shared.learner.model.rows import Row

ROUND = 500
"""Attempts before the next model has its turn."""


def bench() -> dict[str, float]:
    """Mean processor µs of a predict and update: `elo_us`, `model_us`, `fitted_us` (after `fit`, with trees)."""
    rows = generated("steps", "momentum", 1, 0.3)
    taught, tested = rows[: len(rows) // 2], rows[len(rows) // 2 :]
    elo, model = Elo(), LearnerModel()
    for row in taught:
        model.update(row.learner, row.item, row.concepts, row.correct, row.t)
    elo.fit(taught)
    models: dict[str, LearnerModel | Elo] = {"elo_us": elo, "model_us": model, "fitted_us": LearnerModel().fit(taught)}
    spent = dict.fromkeys(models, 0.0)
    for first in range(0, len(tested), ROUND):
        for name, one in models.items():
            spent[name] += _spent(one, tested[first : first + ROUND])
    return {name: seconds / len(tested) * 1e6 for name, seconds in spent.items()}


def _spent(model: LearnerModel | Elo, rows: list[Row]) -> float:
    start = time.process_time()
    for learner, item, concepts, t, correct in rows:
        model.predict(learner, item, concepts, t)
        model.update(learner, item, concepts, correct, t)
    return time.process_time() - start
