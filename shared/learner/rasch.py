"""How difficult challenges are, from first answers of many: the Rasch model, held to what was stated.

    P(right) = σ(θ − b),  θ ~ N(μ, ABILITY²) for each person,  b ~ N(stated, TRUST²) for each challenge

G. Rasch, "Probabilistic models for some intelligence and attainment tests" (1960); with normal priors, at the mode:
H. Swaminathan and J. Gifford, "Bayesian estimation in the Rasch model", Journal of Educational Statistics 7 (1982);
R. Mislevy, "Bayes modal estimation in item response models", Psychometrika 51 (1986). What is stated keeps the scale: μ
is free, so that a strong year does not make every challenge look easy; the figures' mean is that of the stated.

The uncertainty is one standard deviation of the normal that touches the posterior at its mode (Laplace), each
challenge's with the abilities of its people integrated out, and the other challenges at their modes.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

ABILITY = 1.5
"""Standard deviation of abilities in log-odds: of two people drawn at random, the stronger has e² times the odds."""
TRUST = 0.6
"""Of a challenge around what it states, in log-odds: 0.15 of difficulty. About as much as twelve answers say."""
ROUNDS = 100
SETTLED = 1e-4
"""Log-odds: no figure moves more in a round."""

Floats = npt.NDArray[np.float64]
Places = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Fitted:
    """In log-odds: `b` of each challenge, its `sd`, and the `mean` of abilities."""

    b: Floats
    sd: Floats
    mean: float


def fitted(people: Places, challenges: Places, right: npt.NDArray[np.bool_], stated: Floats) -> Fitted:
    """One answer a row: who (from 0), which challenge (a place in `stated`), and whether it was right. Newton's steps
    for people, challenges and the mean in turn; the posterior has one mode, and they come to it."""
    y = right.astype(np.float64)
    count = int(people.max()) + 1 if len(people) else 0
    theta, b, mean = np.zeros(count), stated.astype(np.float64).copy(), 0.0
    weigh, trust = 1 / ABILITY**2, 1 / TRUST**2
    for _ in range(ROUNDS):
        p = _sigmoid(theta[people] - b[challenges])
        w = p * (1 - p)
        step = np.bincount(people, y - p, count) - weigh * (theta - mean)
        able = step / (np.bincount(people, w, count) + weigh)
        theta += able
        p = _sigmoid(theta[people] - b[challenges])
        w = p * (1 - p)
        step = np.bincount(challenges, p - y, len(b)) - trust * (b - stated)
        hard = step / (np.bincount(challenges, w, len(b)) + trust)
        b += hard
        moved = float(theta.mean()) - mean if count else 0.0
        mean += moved
        level = float((stated - b).mean())  # answers say nothing of it: all figures may move together
        theta, b, mean = theta + level, b + level, mean + level
        if max(_most(able), _most(hard), abs(moved)) < SETTLED:
            break
    return Fitted(b, _uncertainty(people, challenges, theta, b, weigh, trust), mean)


def _uncertainty(people: Places, challenges: Places, theta: Floats, b: Floats, weigh: float, trust: float) -> Floats:
    """Each challenge's own entry of the Schur complement of the abilities, inverted; and what the common level may be
    off, which nothing but the stated figures keeps."""
    p = _sigmoid(theta[people] - b[challenges])
    w = p * (1 - p)
    known = np.bincount(people, w, len(theta)) + weigh
    told = np.bincount(challenges, w - w**2 / known[people], len(b))
    sd: Floats = np.sqrt(1 / (told + trust) + 1 / (trust * len(b)))
    return sd


def _sigmoid(x: Floats) -> Floats:
    found: Floats = 0.5 * (1 + np.tanh(x / 2))
    return found


def _most(x: Floats) -> float:
    return float(np.abs(x).max(initial=0.0))
