"""Planner: where the bank has nothing left for what is wanted, one challenge a day may be ordered to be written."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from people import NOW, TODAY, contract, enrolment, goal, learner, mastery

from functions.planner.agent import Context, Wished, decide
from functions.planner.keeping import BEING_WRITTEN
from graph.decision import Decision
from graph.state import Order
from shared.curriculum import load
from shared.curriculum.fitting import usual_minutes
from shared.events.catalogue.teaching import PlanChanged
from shared.readmodel.rows import Goal, Plan

BANK = load()
ORDER = BANK.learning_order("python-foundations")


def used_up(concept: str) -> list[Goal]:
    """Every challenge of a concept in every variant, solved long ago."""
    own = [c for c in BANK.challenges_of(concept) if c.concept == concept]
    return [
        goal(goal=f"{c.slug}-{variant}", challenge=c.slug, variant=variant, concepts=list(c.concepts), state="solved",
             day=TODAY - timedelta(days=30), opened=NOW - timedelta(days=30), runs=1)
        for c in own for variant in ([v.id for v in c.variants] or [None])
    ]  # fmt: skip


def asks(**changed: Any) -> Context:
    """A learner who has worked through all there is on the first two concepts and has mastered the first of them."""
    first, second = ORDER[:2]
    usual: dict[str, Any] = {
        "now": NOW,
        "trigger": "daily",
        "curriculum": BANK,
        "learner": learner(),
        "contract": contract(),
        "enrolments": (enrolment(),),
        "goals": [*used_up(first), *used_up(second)],
        "mastery": {first: mastery(first, 0.95), second: mastery(second, 0.3)},
        "writable": True,
    }
    return Context(**{**usual, **changed})


def to_write(decision: Decision) -> list[Order]:
    return [order for order in decision.update["orders"] if order.get("unfit")]


def plan_in(decision: Decision) -> PlanChanged:
    (plan,) = [said.body for said in decision.events if isinstance(said.body, PlanChanged)]
    return plan


def stored(change: PlanChanged, version: int = 1) -> Plan:
    lines = [g.model_dump(mode="json") for g in change.goals]
    return Plan(
        "ana", change.day, change.minutes, lines, change.because, change.mood, version, NOW, to_write=change.to_write
    )


def test_without_a_writer_nothing_is_ordered_that_the_bank_does_not_have() -> None:
    assert to_write(decide(asks(writable=False))) == []
    assert to_write(decide(asks())) != []


def test_one_challenge_is_ordered_to_be_written_for_what_the_bank_has_nothing_left_for() -> None:
    decision = decide(asks())
    plan = plan_in(decision)
    (order,) = to_write(decision)
    line = next(g for g in plan.goals if g.goal == order["goal"])
    assert (order["concept"], order["kind"]) == (ORDER[1], "course")
    assert order["minutes"] == line.minutes == usual_minutes(BANK, ORDER[1], order["difficulty"])
    assert "written for you" in line.because
    assert plan.to_write == order["goal"]
    assert sum(g.minutes for g in plan.goals) <= 1.25 * 45


@pytest.mark.parametrize("minutes", [30, 120, 480])
def test_never_more_than_one_a_day_however_long_the_day(minutes: int) -> None:
    emptied = [row for concept in ORDER for row in used_up(concept)]
    decision = decide(asks(goals=emptied, mastery={}, learner=learner(minutes=minutes)))
    assert len(to_write(decision)) == 1


def test_while_it_is_being_written_the_plan_stands() -> None:
    change = plan_in(decide(asks()))
    later = asks(plan=stored(change), now=NOW + timedelta(minutes=1), trigger="run")
    assert decide(later).events == []


def test_what_came_to_nothing_is_not_ordered_again_that_day_and_is_the_next() -> None:
    change = plan_in(decide(asks()))
    made = [
        goal(goal=g.goal, kind=g.kind, concepts=[g.concept], minutes=g.minutes, challenge=f"c-{n}")
        for n, g in enumerate(change.goals)
        if g.goal != change.to_write
    ]
    context = asks(plan=stored(change), trigger="run", now=NOW + BEING_WRITTEN + timedelta(minutes=1))
    context = replace(context, goals=[*context.goals, *made])
    decision = decide(context)
    assert to_write(decision) == []
    after = plan_in(decision)
    assert change.to_write not in {g.goal for g in after.goals}
    assert after.to_write == change.to_write, "asked once, whatever came of it"
    tomorrow = replace(context, plan=stored(after, 2), now=NOW + timedelta(days=1), trigger="daily")
    assert len(to_write(decide(tomorrow))) == 1


def test_a_wish_that_the_bank_cannot_meet_is_written_and_makes_room() -> None:
    second = ORDER[1]
    full = asks(writable=False)
    change = plan_in(decide(full))
    rows = [
        goal(goal=g.goal, kind=g.kind, concepts=[g.concept], minutes=g.minutes, challenge=f"c-{n}")
        for n, g in enumerate(change.goals)
    ]
    wished = replace(
        full, goals=[*full.goals, *rows], plan=stored(change), trigger="wish", writable=True,
        wishes=[Wished("w-1", second)],
    )  # fmt: skip
    decision = decide(wished)
    (order,) = to_write(decision)
    assert (order["kind"], order["concept"]) == ("wish", second)
    assert sum(g.minutes for g in plan_in(decision).goals) <= 1.25 * 45


def test_what_is_too_long_for_the_day_is_not_written() -> None:
    short = learner(minutes=5)
    assert all(order["minutes"] <= 6 for order in to_write(decide(asks(learner=short))))
