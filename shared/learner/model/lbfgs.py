"""Logistic regression with L2 on sparse rows, by L-BFGS (D. Liu, J. Nocedal, Mathematical Programming 45, 1989)."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Vector = npt.NDArray[np.float64]
Places = npt.NDArray[np.intp]

REMEMBERED, ENOUGH = 10, 1e-5


@dataclass(frozen=True, slots=True)
class Sparse:
    """A matrix by its entries, `shape` (rows, columns)."""

    row: Places
    column: Places
    value: Vector
    shape: tuple[int, int]

    def rows(self, kept: npt.NDArray[np.bool_]) -> Sparse:
        """Those rows only, numbered anew."""
        ours, number = kept[self.row], np.cumsum(kept) - 1
        shape = (int(kept.sum()), self.shape[1])
        return Sparse(number[self.row[ours]].astype(np.intp), self.column[ours], self.value[ours], shape)

    def times(self, w: Vector) -> Vector:
        """X w."""
        return np.bincount(self.row, self.value * w[self.column], self.shape[0]).astype(np.float64)

    def back(self, r: Vector) -> Vector:
        """Xᵀ r."""
        return np.bincount(self.column, self.value * r[self.row], self.shape[1]).astype(np.float64)


class Entries:
    """A matrix on the way, entry by entry: 24 bytes each, where lists of numbers take a hundred."""

    def __init__(self) -> None:
        self.row, self.column, self.value = array("q"), array("q"), array("d")

    def add(self, row: int, column: int, value: float) -> None:
        self.row.append(row)
        self.column.append(column)
        self.value.append(value)

    def sparse(self, rows: int, columns: int) -> Sparse:
        row, column = (np.array(places, np.intp) for places in (self.row, self.column))
        return Sparse(row, column, np.array(self.value), (rows, columns))


Loss = Callable[[Vector], tuple[float, Vector]]
"""A value and its gradient."""


def minimised(x: Sparse, y: Vector, strength: float, steps: int = 200) -> Vector:
    """argmin over w of Σ log(1 + e^∓xw) + strength/2·|w|²."""

    def loss(w: Vector) -> tuple[float, Vector]:
        value, missed = logistic(x.times(w), y)
        return value + strength / 2 * float(w @ w), x.back(missed) + strength * w

    return least(loss, x.shape[1], steps)


def logistic(z: Vector, y: Vector) -> tuple[float, Vector]:
    """Σ of the log-losses of logits, and each one's probability minus outcome."""
    value = np.logaddexp(0, np.where(y > 0.5, -z, z)).sum()
    return float(value), 1 / (1 + np.exp(-np.clip(z, -500, 500))) - y


def least(loss: Loss, width: int, steps: int) -> Vector:
    """Where a smooth convex loss is least, from 0, in at most so many steps."""
    w = np.zeros(width)
    value, gradient = loss(w)
    moves: list[tuple[Vector, Vector, float]] = []
    for _ in range(steps):
        direction = _direction(gradient, moves)
        slope = float(direction @ gradient)
        step = 1.0 if moves else min(1.0, 1.0 / (np.abs(gradient).sum() + 1e-12))
        for _ in range(30):
            then, after = loss(w + step * direction)
            if then <= value + 1e-4 * step * slope:
                break
            step /= 2
        else:
            break
        s, d = step * direction, after - gradient
        if (curve := float(s @ d)) > 1e-12:
            moves = [*moves[1 - REMEMBERED :], (s, d, 1 / curve)]
        gained = value - then
        w, value, gradient = w + s, then, after
        if gained < ENOUGH * max(1.0, abs(value)) * 1e-2:
            break
    return w


def _direction(gradient: Vector, moves: Sequence[tuple[Vector, Vector, float]]) -> Vector:
    """The two loops: −H g with H from the last moves."""
    q, shares = gradient.copy(), []
    for s, d, inverse in reversed(moves):
        share = inverse * float(s @ q)
        q -= share * d
        shares.append(share)
    if moves:
        s, d, _ = moves[-1]
        q *= float(s @ d) / float(d @ d)
    for (s, d, inverse), share in zip(moves, reversed(shares), strict=True):
        q += s * (share - inverse * float(d @ q))
    return -q
