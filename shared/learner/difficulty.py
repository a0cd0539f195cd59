"""How difficult challenges turned out to be, and whether that is worth saying. Pure: answers in, figures out.

Ability is a learner's in one month: people learn. Figures are of `rasch.py`, on the scale of stated difficulty, where
0.25 is one log-odds (`ratings.stated`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from shared.learner.rasch import Floats, Places, fitted
from shared.learner.ratings import SCALE
from shared.learner.ratings import stated as log_odds

LEAST = 10
"""Learners behind a figure, at least: nobody is told from it. Fewer, and what is stated stays."""
STEP = 5
"""The number of learners is told in steps, so that two figures do not tell what one learner did."""
MOVED = 0.05
"""Difficulty: less is not worth a change of anybody's plan."""


@dataclass(frozen=True, slots=True)
class Answers:
    """One first answer a place: `learner` and `month` as numbers, `challenge` as a place in the list of challenges."""

    learner: Places
    month: Places
    challenge: Places
    right: npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Figure:
    """`difficulty`, `stated`: 0 to 1; `uncertainty`: one standard deviation of it; `learners`: rounded down to STEP, 0
    where they are fewer than LEAST: then `difficulty` is what is stated."""

    challenge: str
    difficulty: float
    stated: float
    uncertainty: float
    learners: int


def measured(answers: Answers, stated: Mapping[str, float]) -> list[Figure]:
    """A figure for each challenge of `stated` (difficulty by name, in the order that `answers` counts them in)."""
    slugs = list(stated)
    counts = _learners(answers, len(slugs))
    people = np.unique(np.stack([answers.learner, answers.month]), axis=1, return_inverse=True)[1].reshape(-1)
    believed: Floats = np.array([log_odds(stated[slug]) for slug in slugs])
    found = fitted(people, answers.challenge, answers.right, believed)
    figures = []
    for place, slug in enumerate(slugs):
        if counts[place] < LEAST:
            figures.append(Figure(slug, stated[slug], stated[slug], 0.0, 0))
            continue
        difficulty = round(float(min(1.0, max(0.0, 0.5 + found.b[place] / SCALE))), 2)
        count = int(counts[place]) // STEP * STEP
        figures.append(Figure(slug, difficulty, stated[slug], round(float(found.sd[place]) / SCALE, 3), count))
    return figures


def worth_saying(figure: Figure, before: float, measured_before: bool) -> bool:
    """Did it move by MOVED and by its own uncertainty from what held `before`? Or: was there a figure, and too few
    learners stand behind it now?"""
    if not figure.learners:
        return measured_before
    return abs(figure.difficulty - before) >= max(MOVED, figure.uncertainty) - 1e-9


def _learners(answers: Answers, challenges: int) -> Places:
    """How many different ones answered each challenge."""
    pairs = np.unique(np.stack([answers.learner, answers.challenge]), axis=1)
    counts: Places = np.bincount(pairs[1], minlength=challenges)
    return counts
