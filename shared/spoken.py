"""Which of our languages somebody is spoken to in: one rule for every text."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

Words = Literal["en", "es"]

NAMES: Mapping[Words, str] = {"en": "English", "es": "Spanish"}
"""As a model is told them."""


def words(language: str) -> Words:
    """`es`, also `es-MX`; English for everything else."""
    return "es" if language.partition("-")[0].lower() == "es" else "en"
