"""Of which code the figures of a kept model are: change it, and the model is learnt anew from the log."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

FITTING = ("fitting", "lbfgs", "solving")
"""Modules that only `fit` needs, which nobody calls here."""


@cache
def version() -> str:
    """A digest of the model, of its ratings, and of what counts as an attempt. Read as files: importing them takes
    numpy, which only those need who predict or learn."""
    folder = Path(__file__).parents[1] / "learner"
    model = (file for file in sorted((folder / "model").glob("*.py")) if file.stem not in FITTING)
    digest = hashlib.sha256()
    for file in (folder / "forecasting.py", folder / "ratings.py", *model):
        digest.update(file.read_bytes())
    return digest.hexdigest()[:12]
