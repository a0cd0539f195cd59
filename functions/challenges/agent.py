"""One order becomes one goal: a challenge that fits, proven, assigned. What cannot be is rejected, with reasons.

Who writes the challenge and who proves it are ports (`writing.py`). A refusal's reasons go back to the writer with the
order's next round (`order["refused"]`); the graph gives an order three rounds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from functions.challenges.writing import Bank, Draft, Known, Nothing, Prover, Refused, Unusable, Writer
from graph.decision import Decision, Said
from graph.state import Made, Order
from shared.curriculum import Curriculum
from shared.curriculum.document import write
from shared.events.catalogue.models import ModelCalled
from shared.events.catalogue.teaching import (
    ChallengeProposed,
    ChallengeRejected,
    ChallengeVerified,
    ChallengeWritten,
    GoalAssigned,
    Kind,
)
from shared.proof.ledger import Ledger
from shared.readmodel.rows import Goal

LAST_ROUND = 3


@dataclass(frozen=True, slots=True)
class Context:
    """`goals`: all the learner has ever been given. `proofs`: what may be published of the bank. `writer` and `prover`:
    of an order that the bank has nothing for (`order["unfit"]`); None where nobody can write."""

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
        return _nothing(order, Nothing(f"there is no concept {order['concept']!r}"))
    bank = Bank(context.learner, context.curriculum, context.goals)
    found = (context.writer if order.get("unfit") and context.writer else bank).draft(order)
    match found:
        case Nothing():
            return _nothing(order, found)
        case Unusable():
            rejected = ChallengeRejected(challenge=found.challenge, version=1, reasons=tuple(found.reasons))
            events = [*_account(found.called), Said(rejected)]
            return _made(order, False, order["concept"], found.challenge, found.reasons, events)
        case Draft():
            return _judged(context, found)


def _judged(context: Context, draft: Draft) -> Decision:
    order, challenge = context.order, draft.challenge
    written = draft.origin == "model"
    proof = (context.prover if written and context.prover else Known(context.proofs)).judge(challenge)
    if not isinstance(proof, Refused) and proof.challenge is not None:
        challenge = proof.challenge
    about: dict[str, Any] = {"challenge": challenge.slug, "version": challenge.version, "variant": draft.variant}
    events = _account(draft.called)
    if written:
        place = {key: about[key] for key in ("challenge", "version")} | {"goal": order["goal"]}
        events.append(
            Said(
                ChallengeWritten(**place, concept=challenge.concept, course=challenge.course, document=write(challenge))
            )
        )
    events.append(Said(ChallengeProposed(**about, concept=challenge.concept, origin=draft.origin)))
    if isinstance(proof, Refused):
        events.append(Said(ChallengeRejected(**about, reasons=tuple(proof.reasons))))
        return _made(order, False, challenge.concept, challenge.slug, proof.reasons, events)
    events.append(Said(ChallengeVerified(**about, evidence=dict(proof.evidence))))
    # expected 0: the goal's stream must be new, so that an order carried out twice makes one goal
    events.append(Said(_assigned(order, draft), expected=0))
    return _made(order, True, challenge.concept, challenge.slug, events=events)


def _account(called: ModelCalled | None) -> list[Said]:
    return [] if called is None else [Said(called)]


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


def _nothing(order: Order, found: Nothing) -> Decision:
    """Nothing to propose. Another round would find no more, so this one counts as the last."""
    rejected = ChallengeRejected(challenge=f"none-for-{order['concept']}"[:80], version=0, reasons=(found.reason,))
    last = Order(**{**order, "round": LAST_ROUND})
    return _made(last, False, order["concept"], "", [found.reason], [*_account(found.called), Said(rejected)])


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
