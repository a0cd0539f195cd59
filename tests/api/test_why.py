"""Why, and "this is wrong", over the API: one's own decisions explained, one's doubts recorded once."""

from __future__ import annotations

from typing import Any

import pytest

from shared.events.catalogue.agents import EvaluationRecorded, MasteryChanged
from shared.events.catalogue.learners import RunFinished
from shared.events.catalogue.teaching import ChallengeMeasured, PlanChanged, PlannedGoal
from shared.readmodel.challenges import NOBODY
from tests.api.conftest import Learner, World, problem


@pytest.fixture
def change(world: World, ada: Learner) -> str:
    """The id of a change of Ada's mastery that rests on one run."""
    goal = world.goal(ada.id)
    (run,) = world.record(
        ada.id,
        RunFinished(goal=goal, run="r-1", purpose="submit", passed=8, failed=0, total=8, verdict="passed", mode="none",
                    ms=1),
    )  # fmt: skip
    evaluation = EvaluationRecorded(
        goal=goal, run="r-1", challenge="coin-jar", concepts=("loops",), correct=True, assisted=False, purpose="submit",
        expected=0.5, score=1.0, attempt=1, weight=1.0, deltas={f"mu:{ada.id}|loops": 1.5},
    )  # fmt: skip
    world.record(ada.id, evaluation, causation=run)
    (id_,) = world.record(
        ada.id,
        MasteryChanged(concept="loops", goal=goal, before=0.1, after=0.33, assisted=0.1, unassisted=0.33,
                       uncertainty=1.2, attempts=1, evidence=(run,), because="Solved."),
    )  # fmt: skip
    return id_


def asked(learner: Learner) -> list[dict[str, Any]]:
    found = learner.get("/v1/events", params={"limit": 500}).json()["events"]
    return [e for e in found if e["type"] == "goals.why.asked"]


def test_a_decision_is_explained_down_to_the_attempt_and_that_it_was_asked_is_kept_once_a_day(
    world: World, ada: Learner, change: str
) -> None:
    told = ada.get(f"/v1/events/{change}/why").json()
    assert (told["role"], told["because"]) == ("asked", "Solved.")
    assert told["says"].startswith("Mastery of loops: 0.10 → 0.33")
    (measured,) = told["reasons"]
    assert (measured["role"], measured["label"]) == ("measured", "measured")
    assert "it counted 1.00; loops +1.50" in measured["says"]
    assert [r["type"] for r in measured["reasons"]] == ["goals.run.finished", "goals.goal.assigned"]
    assert ada.get(f"/v1/events/{change}/why").json() == told
    assert ada.get("/v1/mastery/loops/why").json() == told
    (kept,) = asked(ada)
    assert kept["data"] == {"about": change, "type": "goals.mastery.changed"}


def test_a_shallow_answer_says_that_there_is_more(world: World, ada: Learner, change: str) -> None:
    (measured,) = ada.get(f"/v1/events/{change}/why", params={"depth": 1}).json()["reasons"]
    assert (measured["reasons"], measured["more"]) == ([], True)


def test_only_ones_own_events_are_explained_and_an_operator_may_name_the_learner(
    world: World, ada: Learner, change: str
) -> None:
    other = world.learner()
    problem(other.get(f"/v1/events/{change}/why"), 404)
    problem(other.get(f"/v1/events/{change}/why", params={"learner": ada.id}), 404)
    problem(other.get("/v1/mastery/loops/why"), 404)
    world.grant(other, "operator")
    told = other.get(f"/v1/events/{change}/why", params={"learner": ada.id}).json()
    assert told["event"] == change
    assert asked(ada) == []


def test_a_doubt_is_recorded_once_however_often_it_is_sent(world: World, ada: Learner, change: str) -> None:
    doubt = {"id": "d-1", "attempt": "r-1", "text": "I had seen it before."}
    first = ada.post("/v1/mastery/loops/objection", doubt)
    assert first.status_code == 202
    assert ada.post("/v1/mastery/loops/objection", doubt).json() == first.json()
    problem(ada.post("/v1/mastery/loops/objection", {**doubt, "attempt": "r-2"}), 409)
    problem(ada.post("/v1/mastery/text/objection", doubt), 404)
    assert ada.get("/v1/mastery/loops").json()["questioned"] is not None
    assert world.rows("SELECT thread FROM waiting WHERE position = %s", first.json()["position"]) == [
        (f"learner/{ada.id}",)
    ]


def test_a_plan_is_explained_with_what_each_goal_weighs_and_of_which_parts(world: World, ada: Learner) -> None:
    line = PlannedGoal(
        kind="course", concept="loops", minutes=9, because="Next in Python.", weight=0.84, goal="g-1",
        parts={"course": 0.7, "missing": 0.14},
    )  # fmt: skip
    old = PlannedGoal(kind="daily", concept="lists", minutes=9, because="For variety.", weight=0.4, goal="g-2")
    (id_,) = world.record(
        ada.id, PlanChanged(day=world.clock().date(), minutes=30, goals=(line, old), because="Two goals.")
    )
    told = ada.get(f"/v1/events/{id_}/why").json()["because"]
    weight = "0.84 = next in a course 0.70 + what is missing to full mastery 0.14"
    assert told == f"Two goals. · course, loops: Next in Python. [{weight}] · daily, lists: For variety."
    first, second = ada.get("/v1/plan").json()["goals"]
    assert (first["weighs"], first["parts"]) == (weight, {"course": 0.7, "missing": 0.14})
    assert (second["weighs"], second["parts"]) == ("", {})


def test_the_difficulty_of_a_goal_is_explained_by_the_figure_that_was_measured(world: World, ada: Learner) -> None:
    figure = ChallengeMeasured(
        challenge="coin-jar", version=1, difficulty=0.48, stated=0.4, before=0.4, uncertainty=0.04, learners=35, until=9
    )
    first, second = world.record(
        NOBODY, figure, figure.model_copy(update={"difficulty": 0.55, "before": 0.48, "learners": 80})
    )
    goal = world.goal(ada.id)
    assigned = next(e for e in ada.get("/v1/events").json()["events"] if e["data"].get("goal") == goal)
    told = ada.get(f"/v1/events/{assigned['id']}/why").json()
    (reason,) = (r for r in told["reasons"] if r["role"] == "figure")
    assert reason["event"] == second
    assert reason["says"].startswith("Challenge coin-jar: difficulty 0.48 → 0.55, give or take 0.04; it states 0.40.")
    asked = ada.get(f"/v1/events/{second}/why").json()  # of nobody: anybody may ask
    assert [r["event"] for r in asked["reasons"]] == [first]
    assert second not in {e["id"] for e in ada.get("/v1/events", params={"limit": 500}).json()["events"]}
