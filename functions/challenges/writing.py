"""Who writes a challenge for an order, and who proves it: two ports, and the forms of them that need no model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal, Protocol

from graph.state import Order
from shared.curriculum import Challenge, Curriculum
from shared.curriculum.fitting import fit, given
from shared.proof.ledger import Evidence, Ledger
from shared.readmodel.rows import Goal

UNPROVEN = "unproven: there is no proof of it as it is now (docs/proof.md)"

REASONS, WORDS = 10, 400
"""Of a refusal, what goes back to its writer: so many reasons of so many characters. The rest would repeat them."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A challenge without anything left to fill in. `variant`: of a template, the one that was taken."""

    challenge: Challenge
    origin: Literal["bank", "parametric", "model"]
    variant: str | None = None


class Writer(Protocol):
    def draft(self, order: Order) -> Draft | None:
        """A challenge for `order`, or None: then another round would find no more. `order["refused"]`: why its draft of
        the round before was refused."""
        ...


@dataclass(frozen=True, slots=True)
class Proven:
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class Refused:
    """`reasons`: in English, each beginning with its code (`shared.proof.model.Code`)."""

    reasons: Sequence[str]


class Prover(Protocol):
    def judge(self, challenge: Challenge) -> Proven | Refused: ...


@dataclass(frozen=True, slots=True)
class Bank:
    """What courses have: the nearest challenge or variant that the learner has not had."""

    learner: str
    curriculum: Curriculum
    goals: Sequence[Goal]

    def draft(self, order: Order) -> Draft | None:
        found = fit(
            self.curriculum,
            learner=self.learner,
            kind=order["kind"],
            concept=order["concept"],
            difficulty=order["difficulty"],
            minutes=order["minutes"],
            day=date.fromisoformat(order["day"]),
            before=given((g.challenge, g.variant, g.day) for g in self.goals),
            avoid=order.get("avoid", ()),
        )
        if found is None:
            return None
        origin: Literal["bank", "parametric"] = "bank" if found.variant is None else "parametric"
        return Draft(found.challenge.instantiate(found.variant), origin, found.variant)


@dataclass(frozen=True, slots=True)
class Known:
    """Proofs made before (`goals verify`) and looked up: nothing is executed."""

    proofs: Ledger

    def judge(self, challenge: Challenge) -> Proven | Refused:
        evidence = self.proofs.evidence(challenge)
        return Refused((UNPROVEN,)) if evidence is None else Proven(evidence)
