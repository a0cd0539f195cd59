"""One order becomes one goal: the challenge that fits, proven, assigned. What cannot be is rejected, with reasons."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from graph.decision import Decision, Said
from graph.state import Made, Order
from shared.curriculum import Curriculum
from shared.curriculum.fitting import Fit, fit, given
from shared.events.catalogue.teaching import (
    ChallengeProposed,
    ChallengeRejected,
    ChallengeVerified,
    GoalAssigned,
    Kind,
)
from shared.proof.ledger import Ledger
from shared.readmodel.rows import Goal

LAST_ROUND = 3
UNPROVEN = "unproven: there is no proof of it as it is now (docs/proof.md)"


@dataclass(frozen=True, slots=True)
class Context:
    """`goals`: all the learner has ever been given. `proofs`: what may be published."""

    learner: str
    order: Order
    curriculum: Curriculum
    goals: Sequence[Goal]
    proofs: Ledger


def decide(context: Context) -> Decision:
    """Update: `made`, one entry. A goal that is there already was made by this order before: nothing is recorded."""
    order = context.order
    there = next((g for g in context.goals if g.goal == order["goal"]), None)
    if there is not None:
        return _made(order, True, there.concepts[0], there.challenge)
    if order["concept"] not in context.curriculum.concepts:
        return _nothing(order, f"there is no concept {order['concept']!r}")
    found = _fit(context)
    if found is None:
        return _nothing(order, _why_nothing(order))
    challenge = found.challenge.instantiate(found.variant)
    about: dict[str, Any] = {"challenge": challenge.slug, "version": challenge.version, "variant": found.variant}
    proposed = ChallengeProposed(
        **about, concept=challenge.concept, origin="parametric" if found.variant is not None else "bank"
    )
    evidence = context.proofs.evidence(challenge)
    if evidence is None:
        rejected = ChallengeRejected(**about, reasons=(UNPROVEN,))
        return _made(order, False, challenge.concept, challenge.slug, [UNPROVEN], [Said(proposed), Said(rejected)])
    verified = ChallengeVerified(**about, evidence=dict(evidence))
    # expected 0: the goal's stream must be new, so that an order carried out twice makes one goal
    events = [Said(proposed), Said(verified), Said(_assigned(order, found), expected=0)]
    return _made(order, True, challenge.concept, challenge.slug, events=events)


def _fit(context: Context) -> Fit | None:
    order = context.order
    return fit(
        context.curriculum,
        learner=context.learner,
        kind=order["kind"],
        concept=order["concept"],
        difficulty=order["difficulty"],
        minutes=order["minutes"],
        day=date.fromisoformat(order["day"]),
        before=given((g.challenge, g.variant, g.day) for g in context.goals),
        avoid=order.get("avoid", ()),
    )


def _assigned(order: Order, found: Fit) -> GoalAssigned:
    challenge = found.challenge
    return GoalAssigned(
        goal=order["goal"],
        kind=cast(Kind, order["kind"]),  # the model checks it
        challenge=challenge.slug,
        challenge_version=challenge.version,
        variant=found.variant,
        course=challenge.course,
        concepts=challenge.concepts,
        difficulty=challenge.difficulty,
        day=date.fromisoformat(order["day"]),
        minutes=challenge.minutes,
        because=order["because"],
    )


def _why_nothing(order: Order) -> str:
    avoided = ", ".join(order.get("avoid", ())) or "nothing"
    return (
        f"the bank has no challenge for {order['concept']} as {order['kind']} within {order['minutes']} minutes "
        f"that this learner has not had (avoided: {avoided})"
    )


def _nothing(order: Order, reason: str) -> Decision:
    """Nothing to propose. Another round would find no more, so this one counts as the last."""
    rejected = ChallengeRejected(challenge=f"none-for-{order['concept']}"[:80], version=0, reasons=(reason,))
    last = Order(**{**order, "round": LAST_ROUND})
    return _made(last, False, order["concept"], "", [reason], [Said(rejected)])


def _made(
    order: Order,
    ok: bool,
    concept: str,
    challenge: str,
    reasons: Sequence[str] = (),
    events: Sequence[Said] = (),
) -> Decision:
    made = Made(order=order, ok=ok, goal=order["goal"], concept=concept, challenge=challenge, reasons=list(reasons))
    return Decision({"made": [made]}, events)
