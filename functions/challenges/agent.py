"""One order becomes one goal: a challenge that fits, proven, assigned. What cannot be is rejected, with reasons.

Who writes the challenge and who proves it are ports (`writing.py`). A refusal's reasons go back to the writer with the
order's next round (`order["refused"]`); the graph gives an order three rounds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from functions.challenges.writing import Bank, Draft, Known, Prover, Refused, Writer
from graph.decision import Decision, Said
from graph.state import Made, Order
from shared.curriculum import Curriculum
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


@dataclass(frozen=True, slots=True)
class Context:
    """`goals`: all the learner has ever been given. `proofs`: what may be published of the bank. `writer`, `prover`:
    None for the bank and its proofs."""

    learner: str
    order: Order
    curriculum: Curriculum
    goals: Sequence[Goal]
    proofs: Ledger
    writer: Writer | None = None
    prover: Prover | None = None


def decide(context: Context) -> Decision:
    """Update: `made`, one entry. A goal that is there already was made by this order before: nothing is recorded."""
    order = context.order
    there = next((g for g in context.goals if g.goal == order["goal"]), None)
    if there is not None:
        return _made(order, True, there.concepts[0], there.challenge)
    if order["concept"] not in context.curriculum.concepts:
        return _nothing(order, f"there is no concept {order['concept']!r}")
    draft = (context.writer or Bank(context.learner, context.curriculum, context.goals)).draft(order)
    if draft is None:
        return _nothing(order, _why_nothing(order))
    challenge = draft.challenge
    about: dict[str, Any] = {"challenge": challenge.slug, "version": challenge.version, "variant": draft.variant}
    proposed = ChallengeProposed(**about, concept=challenge.concept, origin=draft.origin)
    proof = (context.prover or Known(context.proofs)).judge(challenge)
    if isinstance(proof, Refused):
        rejected = ChallengeRejected(**about, reasons=tuple(proof.reasons))
        return _made(order, False, challenge.concept, challenge.slug, proof.reasons, [Said(proposed), Said(rejected)])
    verified = ChallengeVerified(**about, evidence=dict(proof.evidence))
    # expected 0: the goal's stream must be new, so that an order carried out twice makes one goal
    events = [Said(proposed), Said(verified), Said(_assigned(order, draft), expected=0)]
    return _made(order, True, challenge.concept, challenge.slug, events=events)


def _assigned(order: Order, draft: Draft) -> GoalAssigned:
    challenge = draft.challenge
    return GoalAssigned(
        goal=order["goal"],
        kind=cast(Kind, order["kind"]),  # the model checks it
        challenge=challenge.slug,
        challenge_version=challenge.version,
        variant=draft.variant,
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
