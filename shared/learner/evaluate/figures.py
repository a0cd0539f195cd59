"""How good predictions are: AUC, log-loss, root mean square error, calibration error, and how sure a difference is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Vector = npt.NDArray[np.float64]
Measure = Callable[[Vector, Vector], float]

BINS = 10


@dataclass(frozen=True, slots=True)
class Interval:
    """A difference, and where 95 in 100 resamplings of the learners put it."""

    difference: float
    low: float
    high: float


def auc(y: Vector, p: Vector) -> float:
    """Area under the ROC curve: the chance that a success was held likelier than a failure, ties half (Mann–Whitney).

    NaN where all outcomes are the same."""
    wins = float(y.sum())
    losses = len(y) - wins
    if not wins or not losses:
        return float("nan")
    _, place, many = np.unique(p, return_inverse=True, return_counts=True)
    rank = np.cumsum(many) - (many - 1) / 2
    return float((rank[place][y > 0.5].sum() - wins * (wins + 1) / 2) / (wins * losses))


def log_loss(y: Vector, p: Vector) -> float:
    """Mean −log of the probability given to what happened, held off 0 and 1 by 1e-6."""
    p = np.clip(p, 1e-6, 1 - 1e-6)
    return float(-np.mean(np.where(y > 0.5, np.log(p), np.log(1 - p))))


def rmse(y: Vector, p: Vector) -> float:
    """Root mean square of outcome minus probability."""
    return float(np.sqrt(np.mean((y - p) ** 2)))


def calibration_error(y: Vector, p: Vector) -> float:
    """Expected calibration error over ten bins of equal width: Σ share of bin · |mean outcome − mean probability|
    (C. Guo et al., ICML 2017)."""
    place = np.minimum((p * BINS).astype(np.intp), BINS - 1)
    return float(np.abs(np.bincount(place, y - p, BINS)).sum() / len(y))


def difference(
    measure: Measure, y: Vector, ours: Vector, theirs: Vector, learners: Sequence[str], times: int = 400, seed: int = 1
) -> Interval:
    """measure(ours) − measure(theirs), and its paired bootstrap interval: whole learners are drawn with replacement,
    both predictions of the same attempts compared each time (B. Efron, R. Tibshirani, 1993)."""
    of: dict[str, list[int]] = {}
    for k, name in enumerate(learners):
        of.setdefault(name, []).append(k)
    groups = [np.array(places) for places in of.values()]
    chance = np.random.default_rng(seed)
    found = []
    for _ in range(times):
        drawn = np.concatenate([groups[k] for k in chance.integers(0, len(groups), len(groups))])
        value = measure(y[drawn], ours[drawn]) - measure(y[drawn], theirs[drawn])
        if np.isfinite(value):
            found.append(value)
    whole = measure(y, ours) - measure(y, theirs)
    if not found:
        return Interval(whole, float("nan"), float("nan"))
    low, high = np.quantile(found, (0.025, 0.975))
    return Interval(whole, float(low), float(high))
