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


def accepted(header: str) -> Words | None:
    """The one of our languages that an Accept-Language header (RFC 9110, 12.5.4) prefers; None without any."""
    ranked = []
    for part in header.split(","):
        tag, _, weight = part.partition(";")
        primary = tag.strip().partition("-")[0].lower()
        try:
            quality = float(weight.strip().removeprefix("q=") or 1)
        except ValueError:
            quality = 0.0
        if primary in NAMES and quality > 0:
            ranked.append((quality, words(primary)))
    return max(ranked, key=lambda one: one[0])[1] if ranked else None


def of_environment(environment: Mapping[str, str]) -> Words:
    """What a program's messages are wanted in (POSIX.1-2017, 8.2: the first of these that is set)."""
    named = next((environment[n] for n in ("LC_ALL", "LC_MESSAGES", "LANG") if environment.get(n)), "")
    return words(named.replace("_", "-"))
