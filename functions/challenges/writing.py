"""Who writes a challenge for an order, and who proves it: two ports, and the forms of them that need no model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal, Protocol

from graph.state import Order
from shared.curriculum import Challenge, Curriculum
from shared.curriculum.fitting import fit, given
from shared.events.catalogue.models import ModelCalled
from shared.proof.ledger import Evidence, Ledger
from shared.readmodel.rows import Goal

UNPROVEN = "unproven: there is no proof of it as it is now (docs/proof.md)"

REASONS, WORDS = 10, 400
"""Of a refusal, what goes back to its writer: so many reasons of so many characters. The rest would repeat them."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A challenge without anything left to fill in. `variant`: of a template, the one that was taken. `called`: the
    account of the model that was asked for it."""

    challenge: Challenge
    origin: Literal["bank", "parametric", "model"]
    variant: str | None = None
    called: ModelCalled | None = None


@dataclass(frozen=True, slots=True)
class Unusable:
    """Something came, and it is no challenge: `reasons` go back to its writer as a refusal's do."""

    challenge: str
    reasons: Sequence[str]
    called: ModelCalled | None = None


@dataclass(frozen=True, slots=True)
class Nothing:
    """There is nothing to be had, and another round would find no more."""

    reason: str
    called: ModelCalled | None = None


class Writer(Protocol):
    def draft(self, order: Order) -> Draft | Unusable | Nothing:
        """A challenge for `order`. `order["refused"]`: why its draft of the round before was refused."""
        ...


@dataclass(frozen=True, slots=True)
class Proven:
    """`challenge`: as it was proven, where cases were added on the way; None for the draft's own."""

    evidence: Evidence
    challenge: Challenge | None = None


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

    def draft(self, order: Order) -> Draft | Unusable | Nothing:
        found = fit(
            self.curriculum,
            learner=self.learner,
            kind=order["kind"],
            concept=order["concept"],
            difficulty=order["difficulty"],
            minutes=order["minutes"],
            day=date.fromisoformat(order["day"]),
            before=given((g.challenge, g.variant, g.day) for g in self.goals if g.had),
            avoid=order.get("avoid", ()),
            languages=order.get("languages", ()),
        )
        if found is None:
            avoided = ", ".join(order.get("avoid", ())) or "nothing"
            return Nothing(
                f"the bank has no challenge for {order['concept']} as {order['kind']} within {order['minutes']} "
                f"minutes that this learner has not had (avoided: {avoided})"
            )
        origin: Literal["bank", "parametric"] = "bank" if found.variant is None else "parametric"
        return Draft(found.challenge.instantiate(found.variant), origin, found.variant)


@dataclass(frozen=True, slots=True)
class Known:
    """Proofs made before (`goals verify`) and looked up: nothing is executed."""

    proofs: Ledger

    def judge(self, challenge: Challenge) -> Proven | Refused:
        evidence = self.proofs.evidence(challenge)
        return Refused((UNPROVEN,)) if evidence is None else Proven(evidence)
