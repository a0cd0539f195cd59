"""One hidden layer over the figures of an attempt, trained on line with a memory of earlier attempts.

    logit = prior·x + v·max(0, W x)

At every third outcome one step of Adam (D. Kingma, J. Ba, ICLR 2015) on BATCH attempts: the new one, and others
drawn from the last MEMORY (experience replay: L.-J. Lin, Machine Learning 8, 1992). It sees what a sum cannot:
a long gap matters more to a concept that was barely known. Costs the same at each attempt, whatever went before.
"""

from __future__ import annotations

import math
from functools import cache, cached_property

import numpy as np
import numpy.typing as npt

Vector = npt.NDArray[np.float64]

HIDDEN, BATCH, MEMORY = 16, 32, 4096
EVERY = 3
"""Attempts for each step."""
STEP, SHRINK, WARM = 0.0016, 0.02, 100
FIRST, SECOND = 0.9, 0.999
DRAWN = 1 << 16


class Net:
    """`prior`: the weights of the straight part, which does not move."""

    def __init__(self, prior: Vector) -> None:
        width = len(prior)
        chance = np.random.default_rng(1)
        self.prior = prior
        self.flat = np.zeros((width + 1) * HIDDEN)
        self.inner, self.outer = _views(self.flat, width)
        self.inner[:] = chance.normal(0, 1 / math.sqrt(width), self.inner.shape)
        self.mean, self.square = np.zeros_like(self.flat), np.zeros_like(self.flat)
        self.steps = self.kept = 0
        self._gradient, self._room = np.zeros_like(self.flat), np.zeros_like(self.flat)
        self._inner_gradient, self._outer_gradient = _views(self._gradient, width)

    @cached_property
    def memory(self) -> npt.NDArray[np.float32]:
        """The last attempts' figures, attempt k at place k % MEMORY. Made when first learnt into: who only predicts
        has none."""
        return np.zeros((MEMORY, len(self.prior)), np.float32)

    @cached_property
    def outcomes(self) -> Vector:
        """Those of the memory's attempts."""
        return np.zeros(MEMORY)

    def logit(self, x: Vector) -> float:
        """For one attempt."""
        return float(self.prior @ x + np.maximum(x @ self.inner, 0.0) @ self.outer)

    def learn(self, x: Vector, correct: bool) -> None:
        """Keeps the attempt and, every EVERY attempts, takes one step on it and on others drawn from the memory."""
        place = self.keep(x, correct)
        if self.kept % EVERY:
            return
        start = self.steps * BATCH % (DRAWN - BATCH)
        chosen = (_drawn(len(self.prior))[start : start + BATCH] * min(self.kept, MEMORY)).astype(np.intp)
        chosen[0] = place
        self.step(self.memory[chosen].astype(np.float64), self.outcomes[chosen])

    def keep(self, x: Vector, correct: bool) -> int:
        """Puts an attempt into the memory, in place of the oldest; gives its place."""
        place = self.kept % MEMORY
        self.memory[place] = x
        self.outcomes[place] = correct
        self.kept += 1
        return place

    def since(self, first: int) -> tuple[int, npt.NDArray[np.float32], npt.NDArray[np.uint8]]:
        """What the memory holds of attempt `first` and those after it, oldest first: (the first held, their figures,
        their outcomes)."""
        first = max(first, self.kept - MEMORY, 0)
        places = np.arange(first, self.kept) % MEMORY
        return first, self.memory[places], self.outcomes[places].astype(np.uint8)

    def recall(self, first: int, x: npt.NDArray[np.float32], y: npt.NDArray[np.uint8]) -> None:
        """Puts back what `since` gave. `kept` and the weights are not touched."""
        places = np.arange(first, first + len(y)) % MEMORY
        self.memory[places], self.outcomes[places] = x, y

    def step(self, x: Vector, y: Vector) -> None:
        """One step of Adam on a batch, `x` of (rows, figures), `y` of 0 and 1."""
        active = np.maximum(x @ self.inner, 0.0)
        missed = (1.0 / (1.0 + np.exp(-(x @ self.prior + active @ self.outer))) - y) / len(y)
        np.matmul(missed, active, out=self._outer_gradient)
        back = np.where(active > 0, missed[:, None] * self.outer, 0.0)
        np.matmul(x.T, back, out=self._inner_gradient)
        self.steps += 1
        gradient, room = self._gradient, self._room
        np.multiply(gradient, gradient, out=room)
        room *= 1 - SECOND
        self.square *= SECOND
        self.square += room
        gradient *= 1 - FIRST
        self.mean *= FIRST
        self.mean += gradient
        step = STEP * min(1.0, self.steps / WARM)
        np.sqrt(self.square, out=room)
        room *= 1 / math.sqrt(1 - SECOND**self.steps)
        room += 1e-8
        np.divide(self.mean, room, out=room)
        room *= step / (1 - FIRST**self.steps)
        self.flat -= room
        self.flat *= 1 - step * SHRINK


@cache
def _drawn(width: int) -> Vector:
    """Which of the memory a step takes, as shares of it: the same in every process, drawn after the first weights."""
    chance = np.random.default_rng(1)
    chance.normal(0, 1, (width, HIDDEN))
    return chance.random(DRAWN)


def _views(flat: Vector, width: int) -> tuple[Vector, Vector]:
    return flat[: width * HIDDEN].reshape(width, HIDDEN), flat[width * HIDDEN :]
