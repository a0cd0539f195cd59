"""Logistic regressions on counts of past successes and failures, fitted on the training learners by L-BFGS.

| class | of |
|---|---|
| `PFA` | P. Pavlik, H. Cen, K. Koedinger, "Performance factors analysis", AIED 2009 |
| `BestLR` | T. Gervet et al., "When is deep learning the best approach to knowledge tracing?", JEDM 2020 |
| `BestLRRecent` | the same with what was last and lately, and gaps in time and attempts (B. Choffin et al., EDM 2019) |

The strength of L2 is chosen among `STRENGTHS` on a quarter of the training learners.
"""

from __future__ import annotations

from math import log1p

import numpy as np

from shared.learner.evaluate.baselines import OneByOne
from shared.learner.model.lbfgs import Entries, Sparse, Vector, minimised
from shared.learner.model.rows import Row
from shared.learner.ratings import sigmoid

STRENGTHS = (0.3, 1.0, 3.0)
Figures = dict[tuple[str, ...], float]


class Tally:
    """Successes and failures, the last outcome and a decayed mean of outcomes, and when it was."""

    __slots__ = ("fails", "last", "mean", "place", "t", "wins")

    def __init__(self) -> None:
        self.wins = self.fails = self.place = 0
        self.last = self.mean = 0.0
        self.t: float | None = None

    def count(self, correct: bool, place: int, t: float | None) -> None:
        self.last = 1.0 if correct else -1.0
        self.wins += correct
        self.fails += not correct
        self.mean += 0.3 * (self.last - self.mean)
        self.place = place
        self.t = self.t if t is None else t


class Regression(OneByOne):
    """Counts per learner, learner×concept and learner×item; `figures` says what the regression sees of them."""

    def __init__(self) -> None:
        self.tallies: dict[tuple[str, ...], Tally] = {}
        self.weights: Figures = {}

    def figures(self, learner: str, item: str, concepts: tuple[str, ...], t: float | None) -> Figures:
        raise NotImplementedError

    def fit(self, rows: list[Row]) -> None:  # type: ignore[override]
        entries, y = Entries(), np.array([row.correct for row in rows], float)
        columns: dict[tuple[str, ...], int] = {}
        for k, row in enumerate(rows):
            for key, value in self.figures(row.learner, row.item, row.concepts, row.t).items():
                column = columns.setdefault(key, len(columns))
                if value:
                    entries.add(k, column, value)
            self.update(row.learner, row.item, row.concepts, row.correct, row.t)
        names = list(dict.fromkeys(row.learner for row in rows))
        aside = set(names[::4]) if len(names) > 4 else set()
        kept = np.array([row.learner not in aside for row in rows])
        x = entries.sparse(len(rows), len(columns))
        strength = _strength(x, y, kept) if aside else STRENGTHS[1]
        self.weights = dict(zip(columns, minimised(x, y, strength).tolist(), strict=True))

    def predict(self, learner: str, item: str, concepts: tuple[str, ...], t: float | None) -> float:
        get = self.weights.get
        return sigmoid(sum([get(k, 0.0) * v for k, v in self.figures(learner, item, concepts, t).items()]))

    def update(self, learner: str, item: str, concepts: tuple[str, ...], correct: bool, t: float | None) -> None:
        whole = self.tally("l", learner)
        place = whole.wins + whole.fails
        for key in (("l", learner), ("i", learner, item), *(("c", learner, c) for c in concepts)):
            tally = self.tallies.get(key)
            if tally is None:
                tally = self.tallies[key] = Tally()
            tally.count(correct, place, t)

    def tally(self, *key: str) -> Tally:
        """Of what was never tried too."""
        return self.tallies.get(key) or _NONE


_NONE = Tally()


def _strength(x: Sparse, y: Vector, kept: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> float:
    best = (np.inf, STRENGTHS[0])
    ours, others = x.rows(kept), x.rows(~kept)
    for strength in STRENGTHS:
        z = others.times(minimised(ours, y[kept], strength, steps=60))
        best = min(best, (float(np.logaddexp(0, np.where(y[~kept] > 0.5, -z, z)).sum()), strength))
    return best[1]


class PFA(Regression):
    """Per concept: easiness, and a slope on each of successes and failures."""

    def figures(self, learner: str, item: str, concepts: tuple[str, ...], t: float | None) -> Figures:
        found: Figures = {("one",): 1.0}
        for c in concepts:
            tally = self.tally("c", learner, c)
            found["concept", c] = 1.0
            found["wins", c] = float(tally.wins)
            found["fails", c] = float(tally.fails)
        return found


class BestLR(Regression):
    """Items, concepts, log counts: the learner's, the item's, per concept (a slope for all and one of its own)."""

    def figures(self, learner: str, item: str, concepts: tuple[str, ...], t: float | None) -> Figures:
        whole, tried = self.tally("l", learner), self.tally("i", learner, item)
        found: Figures = {
            ("one",): 1.0,
            ("item", item): 1.0,
            ("wins",): log1p(whole.wins),
            ("fails",): log1p(whole.fails),
            ("item_wins",): log1p(tried.wins),
            ("item_fails",): log1p(tried.fails),
            ("concept_wins",): 0.0,
            ("concept_fails",): 0.0,
        }
        for c in concepts:
            tally = self.tally("c", learner, c)
            found["concept", c] = 1.0
            found["wins", c], found["fails", c] = log1p(tally.wins), log1p(tally.fails)
            found["concept_wins",] += found["wins", c]
            found["concept_fails",] += found["fails", c]
        return found


class BestLRRecent(BestLR):
    """With what was last, what was lately, and how long ago."""

    def figures(self, learner: str, item: str, concepts: tuple[str, ...], t: float | None) -> Figures:
        found = super().figures(learner, item, concepts, t)
        whole, tried = self.tally("l", learner), self.tally("i", learner, item)
        place = whole.wins + whole.fails
        found["last",], found["mean",] = whole.last, whole.mean
        self._gap(found, "gap", whole, t)
        if tried is not _NONE:
            found["item_last",], found["item_lag",] = tried.last, log1p(place - tried.place)
            found["item_seen",] = 1.0
            self._gap(found, "item_gap", tried, t)
        for name in ("concept_last", "concept_mean", "concept_lag", "concept_gap", "concept_seen"):
            found[name,] = 0.0
        for c in concepts:
            tally = self.tally("c", learner, c)
            if tally is _NONE:
                continue
            found["concept_seen",] += 1.0
            found["concept_last",] += tally.last
            found["concept_mean",] += tally.mean
            found["mean", c] = tally.mean
            found["concept_lag",] += log1p(place - tally.place)
            self._gap(found, "concept_gap", tally, t)
        return found

    @staticmethod
    def _gap(found: Figures, name: str, tally: Tally, t: float | None) -> None:
        if t is not None and tally.t is not None:
            found[name,] = found.get((name,), 0.0) + 0.2 * log1p(max(0.0, t - tally.t))
            found[name + "_known",] = 1.0
