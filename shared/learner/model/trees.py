"""Boosted symmetric trees, for `fit` only: grown on training learners, then fixed.

Newton boosting (J. Friedman, Annals of Statistics 29, 2001; T. Chen, C. Guestrin, KDD 2016) with trees that ask the
same question of all nodes of a level (oblivious trees, as in L. Prokhorenkova et al., "CatBoost", NeurIPS 2018): they
overfit less, and a whole forest is answered by one comparison and one look-up.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Vector = npt.NDArray[np.float64]
Places = npt.NDArray[np.intp]

BINS, DEPTH, TREES = 32, 4, 120
RATE, HOLD = 0.08, 20.0
"""Learning rate; L2 on leaves, in units of Newton's weight."""
ROWS_SHARE, FIGURES_SHARE = 0.6, 0.5
FEWEST = 200
"""Fewer rows than this grow no tree."""


class Trees:
    """`logit(x) = start·x + Σ leaf`. Arrays: figures and limits (trees, DEPTH), leaves (trees, 2^DEPTH)."""

    def __init__(self, start: Vector, figures: Places, limits: Vector, leaves: Vector) -> None:
        self.start, self.figures, self.limits, self.leaves = start, figures, limits, leaves
        self._bits = 1 << np.arange(DEPTH)
        self._rows = np.arange(len(leaves)) * (1 << DEPTH)
        self._flat = leaves.ravel()

    def logit(self, x: Vector) -> float:
        """For one attempt."""
        return float(self.start @ x + self._flat[(x[self.figures] > self.limits) @ self._bits + self._rows].sum())


def grow(x: Vector, y: Vector, start: Vector, seed: int = 1) -> Trees | None:
    """Trees for `x` of (rows, figures) and `y` of 0 and 1, on top of the logit `x @ start`. None for too few rows."""
    if len(y) < FEWEST:
        return None
    chance = np.random.default_rng(seed)
    edges = [np.unique(np.quantile(x[:, k], np.linspace(0, 1, BINS + 1)[1:-1])) for k in range(x.shape[1])]
    bins = np.stack([np.searchsorted(e, x[:, k]) for k, e in enumerate(edges)]).astype(np.uint8)
    useful = np.array([k for k, e in enumerate(edges) if bins[k].any()])
    z = x @ start
    figures, limits, leaves = [], [], []
    for _ in range(TREES):
        p = 1.0 / (1.0 + np.exp(-z))
        rows = np.flatnonzero(chance.random(len(y)) < ROWS_SHARE)
        asked = chance.choice(useful, max(1, int(len(useful) * FIGURES_SHARE)), replace=False)
        g, h = (y - p)[rows], (p * (1 - p))[rows]
        splits = _splits(bins, rows, asked, g, h)
        leaf = np.zeros(len(y), np.intp)
        for level, (figure, cut) in enumerate(splits):
            leaf += (bins[figure] > cut).astype(np.intp) << level
        size = 1 << DEPTH
        moved = np.bincount(leaf[rows], g, size) / (np.bincount(leaf[rows], h, size) + HOLD) * RATE
        z += moved[leaf]
        figures.append([f for f, _ in splits])
        limits.append([edges[f][c] for f, c in splits])
        leaves.append(moved)
    return Trees(start, np.array(figures, np.intp), np.array(limits), np.array(leaves))


def _splits(bins: npt.NDArray[np.uint8], rows: Places, asked: Places, g: Vector, h: Vector) -> list[tuple[int, int]]:
    """The question of each level: a figure, and the last bin that answers no."""
    leaf = np.zeros(len(rows), np.intp)
    ours = {int(f): bins[f][rows].astype(np.intp) for f in asked}
    splits: list[tuple[int, int]] = []
    for level in range(DEPTH):
        many, best = 1 << level, (-np.inf, 0, 0)
        for figure, found in ours.items():
            place = leaf * BINS + found
            left_g = np.bincount(place, g, many * BINS).reshape(many, BINS).cumsum(1)
            left_h = np.bincount(place, h, many * BINS).reshape(many, BINS).cumsum(1)
            all_g, all_h = left_g[:, -1:], left_h[:, -1:]
            gain = left_g**2 / (left_h + HOLD) + (all_g - left_g) ** 2 / (all_h - left_h + HOLD)
            total = gain.sum(0)[: int(found.max())]
            if len(total) and total.max() > best[0]:
                best = (float(total.max()), figure, int(total.argmax()))
        _, figure, cut = best
        splits.append((figure, cut))
        leaf += (ours.get(figure, bins[figure][rows]) > cut).astype(np.intp) << level
    return splits
