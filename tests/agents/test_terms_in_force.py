"""Terms take effect with the event that states them: on hints, on the plan, on what is given back."""

from __future__ import annotations

from datetime import timedelta

import pytest
from people import NOW, TODAY, terms
from test_day_through_the_graph import Day, day, placed  # noqa: F401  `day` is a fixture

from shared.events.catalogue import contracts, interactions, learners
from shared.events.catalogue.contracts import Terms


def states(day: Day, new: Terms) -> None:  # noqa: F811
    day.happens(contracts.ContractAmended(contract="c-1", organisation="acme", terms=new))


def test_a_contract_ended_by_an_amendment_stops_the_very_next_hint_though_the_goal_held_a_grant(day: Day) -> None:  # noqa: F811
    goal = day.goals[0]
    day.runs(goal, right=False)
    day.happens(interactions.HintAsked(goal=goal.goal))
    assert len(day.said("hint.given")) == 1
    states(day, terms(ends=NOW - timedelta(days=9)))
    day.happens(interactions.HintAsked(goal=goal.goal))
    assert len(day.said("hint.given")) == 1
    assert day.said("access.denied")[-1]["reason"] == "contract_ended"
    states(day, terms(version="3"))
    day.happens(interactions.HintAsked(goal=goal.goal))
    assert len(day.said("hint.given")) == 2


def test_hints_a_day_are_counted_and_come_anew_at_the_learners_midnight(day: Day) -> None:  # noqa: F811
    goal = day.goals[0]
    states(day, terms(hints_per_day=1))
    day.happens(interactions.HintAsked(goal=goal.goal))
    day.happens(interactions.HintAsked(goal=goal.goal))
    assert len(day.said("hint.given")) == 1
    denied = day.said("access.denied")[-1]
    assert denied["reason"] == "hints_used_up"
    assert "2026-11-24 00:00" in denied["remedy"]
    midnight_in_madrid = NOW.replace(hour=23, minute=0) + timedelta(minutes=1)
    day.happens(interactions.HintAsked(goal=goal.goal), midnight_in_madrid)
    assert len(day.said("hint.given")) == 2


def test_a_run_that_comes_with_a_hint_beyond_the_quota_is_evaluated_all_the_same(day: Day) -> None:  # noqa: F811
    goal = day.goals[0]
    states(day, terms(hints_per_day=0))
    day.runs(goal, right=True)
    assert len(day.said("evaluation.recorded")) == 1


@pytest.mark.parametrize("kind", ["course", "daily"])
def test_no_more_goals_of_a_kind_are_planned_than_the_terms_allow(day: Day, kind: str) -> None:  # noqa: F811
    states(day, terms(kinds_per_day={kind: 0}))
    placed(day)
    made = {g.kind for g in day.goals}
    assert kind not in made
    assert len(made) > 1
    states(day, terms(version="3", kinds_per_day={kind: 1}))
    day.happens(learners.DayStarted(day=TODAY + timedelta(days=1)), NOW + timedelta(hours=20))
    assert sum(g.kind == kind and g.day == TODAY + timedelta(days=1) for g in day.goals) <= 1


def test_new_terms_and_their_acceptance_are_planned_with_at_once(day: Day) -> None:  # noqa: F811
    placed(day)
    planned = day.hand.handled.count("planner:done")
    states(day, terms(version="2", goals_per_day=20))
    assert day.hand.handled.count("planner:done") == planned + 1
    day.happens(contracts.ContractAccepted(contract="c-1", version="2"))
    assert day.hand.handled.count("planner:done") == planned + 2


def test_a_run_given_back_leaves_the_quota_as_it_was(day: Day) -> None:  # noqa: F811
    goal = day.goals[0]
    since = NOW - timedelta(hours=12)
    day.runs(goal, right=False)
    used = day.view.runs_since("ana", since)
    day.runs(goal, right=False, fault=True)
    assert day.view.runs_since("ana", since) == used == 1
    assert len(day.said("quota.refunded")) == 1
