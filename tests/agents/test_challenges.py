"""Challenges: one order, one goal, from what the bank has and has been proven; made once, never the same again."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given as properties
from hypothesis import strategies as st
from people import TODAY, goal

from functions.challenges.agent import LAST_ROUND, Context, decide
from functions.challenges.writing import UNPROVEN
from graph.state import Order
from shared.curriculum import KINDS, load
from shared.curriculum.fitting import REST, fit, given
from shared.events.catalogue.teaching import ChallengeProposed, ChallengeRejected, ChallengeVerified, GoalAssigned
from shared.proof.ledger import Ledger, built_in

BANK = load()
TEMPLATE = next(c for c in BANK.challenges.values() if c.parametric)


def order(**changed: object) -> Order:
    wanted = {
        "goal": "g-new",
        "kind": "skill",
        "concept": "loops",
        "day": TODAY.isoformat(),
        "minutes": 30,
        "because": "weakest",
        "difficulty": 0.5,
        "avoid": [],
        "round": 1,
    }
    return Order(**{**wanted, **changed})  # type: ignore[typeddict-item]


def asks(wanted: Order, *goals: object) -> Context:
    return Context("ana", wanted, BANK, list(goals), built_in())  # type: ignore[arg-type]


def assigned(context: Context) -> GoalAssigned:
    return next(s.body for s in decide(context).events if isinstance(s.body, GoalAssigned))


def test_an_order_becomes_a_goal_with_what_proves_it() -> None:
    decision = decide(asks(order()))
    proposed, verified, made = (s.body for s in decision.events)
    assert isinstance(proposed, ChallengeProposed)
    assert isinstance(verified, ChallengeVerified)
    assert isinstance(made, GoalAssigned)
    assert decision.events[2].expected == 0
    assert verified.evidence["cases"] >= verified.evidence["visible"] > 0
    assert verified.evidence["mutants"] >= 8
    assert verified.evidence["kill_ratio"] >= 0.85
    assert (made.goal, made.kind, made.concepts[0], made.because) == ("g-new", "skill", "loops", "weakest")
    assert decision.update["made"] == [
        {
            "order": order(),
            "ok": True,
            "goal": "g-new",
            "concept": "loops",
            "challenge": made.challenge,
            "reasons": [],
        }
    ]


def test_the_nearest_difficulty_is_taken() -> None:
    easy, hard = assigned(asks(order(difficulty=0.3))), assigned(asks(order(difficulty=0.6)))
    assert easy.difficulty < hard.difficulty


def test_an_order_carried_out_already_makes_nothing_new() -> None:
    decision = decide(asks(order(), goal(goal="g-new", challenge="coin-jar")))
    assert decision.events == ()
    assert decision.update["made"][0]["ok"] is True
    assert decision.update["made"][0]["challenge"] == "coin-jar"


def test_what_the_learner_had_or_is_to_avoid_is_not_given() -> None:
    first = assigned(asks(order()))
    second = assigned(asks(order(), goal(challenge=first.challenge)))
    third = assigned(asks(order(avoid=[second.challenge]), goal(challenge=first.challenge)))
    assert len({first.challenge, second.challenge, third.challenge}) == 3


def test_nothing_left_is_rejected_with_its_reasons_and_not_tried_again() -> None:
    had = [goal(goal=f"g-{c.slug}", challenge=c.slug) for c in BANK.challenges_of("loops")]
    had += [
        goal(goal=f"g-{c.slug}-{v.id}", challenge=c.slug, variant=v.id)
        for c in BANK.challenges_of("loops")
        for v in c.variants
    ]
    decision = decide(asks(order(), *had))
    (rejected,) = (s.body for s in decision.events)
    assert isinstance(rejected, ChallengeRejected)
    assert "loops as skill within 30 minutes" in rejected.reasons[0]
    made = decision.update["made"][0]
    assert (made["ok"], made["order"]["round"]) == (False, LAST_ROUND)


def test_an_unknown_concept_is_rejected() -> None:
    decision = decide(asks(order(concept="monads")))
    assert decision.update["made"][0]["reasons"] == ["there is no concept 'monads'"]


def test_a_review_may_bring_back_what_was_had_longest_ago() -> None:
    had = [
        goal(goal=f"g-{n}", challenge=c.slug, variant=v, day=TODAY - timedelta(days=n + 1))
        for n, c in enumerate(BANK.challenges_of("loops"))
        for v in ([x.id for x in c.variants] or [None])
    ]
    again = assigned(asks(order(kind="review"), *had))
    bank = BANK.challenges
    reviewable = [g for g in had if "review" in bank[g.challenge].kinds and bank[g.challenge].concept == "loops"]
    assert again.challenge == min(reviewable, key=lambda g: g.day).challenge


def test_a_template_gives_each_learner_its_variants_one_after_the_other() -> None:
    def next_variant(learner: str, had: set[str]) -> str | None:
        found = fit(
            BANK,
            learner=learner,
            kind=TEMPLATE.kinds[0],
            concept=TEMPLATE.concept,
            difficulty=TEMPLATE.difficulty,
            minutes=60,
            day=TODAY,
            before=given((TEMPLATE.slug, v, TODAY - timedelta(days=1)) for v in had),
            avoid=[c for c in BANK.challenges if c != TEMPLATE.slug],
        )
        return found.variant if found else None

    seen: set[str] = set()
    for _ in TEMPLATE.variants:
        variant = next_variant("ana", seen)
        assert variant is not None
        assert variant not in seen
        seen.add(variant)
    assert seen == {v.id for v in TEMPLATE.variants}
    firsts = {next_variant(f"learner-{n}", set()) for n in range(20)}
    assert len(firsts) > 1


@pytest.mark.parametrize("kind", ["daily", "skill"])
def test_practice_comes_back_for_daily_after_a_rest_and_for_skill_never(kind: str) -> None:
    def again(days: int) -> bool:
        found = fit(
            BANK,
            learner="ana",
            kind=kind,
            concept="loops",
            difficulty=0.4,
            minutes=60,
            day=TODAY,
            before=given((c, v.id, TODAY - timedelta(days=days)) for c in BANK.challenges for v in variants(c)),
        )
        return found is not None

    assert not again(REST.days - 1)
    assert again(REST.days) is (kind == "daily")


def variants(slug: str) -> list:
    class Plain:
        id = None

    return list(BANK.challenges[slug].variants) or [Plain]


def test_every_challenge_of_the_bank_is_proven_in_every_variant() -> None:
    for challenge in BANK.challenges.values():
        for variant in [v.id for v in challenge.variants] or [None]:
            assert built_in().evidence(challenge.instantiate(variant)) is not None, challenge.slug


def test_a_challenge_without_a_proof_is_rejected_and_the_next_round_takes_another() -> None:
    first = assigned(asks(order())).challenge
    entries = {name: e for name, e in built_in().entries.items() if name.partition("/")[0] != first}
    bare = replace(asks(order()), proofs=Ledger(entries))
    decision = decide(bare)
    proposed, rejected = (s.body for s in decision.events)
    assert isinstance(proposed, ChallengeProposed)
    assert isinstance(rejected, ChallengeRejected)
    assert (rejected.challenge, rejected.reasons) == (first, (UNPROVEN,))
    made = decision.update["made"][0]
    assert (made["ok"], made["challenge"], made["order"]["round"]) == (False, first, 1)
    again = decide(replace(bare, order=order(avoid=[first], round=2)))
    assert again.update["made"][0]["ok"] is True


def test_a_challenge_changed_since_its_proof_is_rejected() -> None:
    first = assigned(asks(order())).challenge
    changed = replace(BANK.challenges[first], reference=BANK.challenges[first].reference + "# changed\n")
    bank = replace(BANK, challenges={**BANK.challenges, first: changed})
    made = decide(replace(asks(order()), curriculum=bank)).update["made"][0]
    assert (made["ok"], made["reasons"]) == (False, [UNPROVEN])


@properties(
    st.sampled_from(sorted(BANK.concepts)),
    st.sampled_from([*KINDS, "wish"]),
    st.floats(0, 1),
    st.integers(1, 60),
    st.sets(st.sampled_from(sorted(BANK.challenges))),
)
def test_a_fit_keeps_to_the_order_and_telling_it_the_length_found_changes_nothing(
    concept: str, kind: str, difficulty: float, minutes: int, avoid: set[str]
) -> None:
    wanted = {
        "learner": "ana",
        "kind": kind,
        "concept": concept,
        "difficulty": difficulty,
        "day": date(2026, 11, 23),
        "before": {},
    }
    found = fit(BANK, minutes=minutes, avoid=avoid, **wanted)  # type: ignore[arg-type]
    if found is not None:
        assert found.challenge.concept == concept
        assert found.challenge.minutes <= minutes
        assert found.challenge.slug not in avoid
        assert ("project" in found.challenge.kinds) == (kind == "project")
        assert fit(BANK, minutes=found.challenge.minutes, avoid=avoid, **wanted) == found  # type: ignore[arg-type]
