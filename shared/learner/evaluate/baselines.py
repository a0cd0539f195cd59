"""What a model is measured against, with its interface: `fit` on the training learners, then `predict` and `update`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from shared.learner.model.rows import Row
from shared.learner.ratings import sigmoid


class Predictor(Protocol):
    """`fit` is called once with the training learners' rows, then predict and update for each held-out attempt."""

    def fit(self, rows: list[Row]) -> object: ...

    def predict(self, learner: str, item: str, concepts: tuple[str, ...], t: float | None) -> float: ...

    def update(self, learner: str, item: str, concepts: tuple[str, ...], correct: bool, t: float | None) -> object: ...


class OneByOne:
    """`fit` is `update` of each row."""

    def fit(self, rows: Iterable[Row]) -> None:
        for row in rows:
            self.update(row.learner, row.item, row.concepts, row.correct, row.t)

    def update(self, learner: str, item: str, concepts: tuple[str, ...], correct: bool, t: float | None) -> None:
        raise NotImplementedError


class ItemMean(OneByOne):
    """How often others got the item right, pulled to the mean of all by two attempts' worth."""

    def __init__(self) -> None:
        self.items: dict[str, tuple[int, int]] = {}
        self.wins, self.n = 1, 2

    def predict(self, learner: str, item: str, concepts: tuple[str, ...], t: float | None) -> float:
        wins, n = self.items.get(item, (0, 0))
        return (wins + 2 * self.wins / self.n) / (n + 2)

    def update(self, learner: str, item: str, concepts: tuple[str, ...], correct: bool, t: float | None) -> None:
        wins, n = self.items.get(item, (0, 0))
        self.items[item] = (wins + correct, n + 1)
        self.wins += correct
        self.n += 1


class Elo(OneByOne):
    """Elo ratings of learner, learner×concept, item and concept (R. Pelánek, Computers & Education 98, 2016), with
    his uncertainty function K(n) = a / (1 + b·n), kept above a floor for what changes."""

    def __init__(self) -> None:
        self.ratings: dict[tuple[str, ...], float] = {}
        self.counts: dict[tuple[str, ...], int] = {}

    def predict(self, learner: str, item: str, concepts: tuple[str, ...], t: float | None) -> float:
        return sigmoid(self._logit(learner, item, concepts))

    def _logit(self, learner: str, item: str, concepts: tuple[str, ...]) -> float:
        get = self.ratings.get
        z = get(("l", learner), 0.0) - get(("i", item), 0.0)
        for c in concepts:
            z += (get(("lc", learner, c), 0.0) - get(("c", c), 0.0)) / len(concepts)
        return z

    def update(self, learner: str, item: str, concepts: tuple[str, ...], correct: bool, t: float | None) -> None:
        missed = correct - sigmoid(self._logit(learner, item, concepts))
        self._move(("l", learner), missed, 0.4, 0.05, 0.05)
        self._move(("i", item), -missed, 0.8, 0.1, 0.02)
        for c in concepts:
            self._move(("lc", learner, c), missed / len(concepts), 0.8, 0.2, 0.12)
            self._move(("c", c), -missed / len(concepts), 0.25, 0.04, 0.01)

    def _move(self, key: tuple[str, ...], missed: float, a: float, b: float, floor: float) -> None:
        n = self.counts.get(key, 0)
        self.counts[key] = n + 1
        self.ratings[key] = self.ratings.get(key, 0.0) + max(floor, a / (1 + b * n)) * missed
