"""What a proof says: frozen values, no behaviour but what follows from them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from shared.curriculum.model import Case, Challenge, Text
from shared.proof.ledger import named
from shared.proof.mutate import Mutant

Code = Literal[
    "not_python",
    "does_not_compile",
    "language_unproven",
    "checks_broken",
    "reference_fails",
    "reference_unstable",
    "starter_passes",
    "starter_broken",
    "weak_cases",
    "lying_example",
    "no_example",
    "hint_gives_solution",
    "hints_missing",
    "text_missing",
    "too_few_mutants",
    "too_few_inputs",
    "no_visible_case",
    "subtask_without_cases",
]
"""Why a challenge is refused. Stable: whoever wrote the challenge (a person, a model) acts on them."""


@dataclass(frozen=True, slots=True)
class Reason:
    code: Code
    words: Text

    def __str__(self) -> str:
        return f"{self.code}: {self.words['en']}"


@dataclass(frozen=True, slots=True)
class Difference:
    """An input on which a mutant and the reference part: written as the learner would call it."""

    call: str
    reference: str
    mutant: str


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of a mutant. `by`: the case that noticed it and how (killed). `inputs`: generated inputs on which it
    was compared with the reference (the others). `difference`: the shortest input found (different)."""

    mutant: Mutant
    verdict: Literal["killed", "equivalent", "different"]
    by: str = ""
    inputs: int = 0
    difference: Difference | None = None


@dataclass(frozen=True, slots=True)
class Proof:
    """`evidence`: figures, as `challenge.verified` carries them. `proposed`: cases that would notice every different
    survivor, answered by the reference; empty where there is none."""

    challenge: Challenge
    reasons: tuple[Reason, ...]
    fates: tuple[Fate, ...] = ()
    proposed: tuple[Case, ...] = ()
    evidence: Mapping[str, float] = field(default_factory=dict)

    @property
    def verdict(self) -> Literal["proven", "refused"]:
        return "refused" if self.reasons else "proven"

    @property
    def proven(self) -> bool:
        return not self.reasons

    @property
    def codes(self) -> tuple[Code, ...]:
        return tuple(dict.fromkeys(reason.code for reason in self.reasons))

    @property
    def survivors(self) -> tuple[Fate, ...]:
        return tuple(fate for fate in self.fates if fate.verdict != "killed")

    @property
    def name(self) -> str:
        return named(self.challenge)
