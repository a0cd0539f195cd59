"""The edges are pure: a state in, the next nodes out."""

from __future__ import annotations

from typing import Any

import pytest
from langgraph.graph import END

from graph import edges
from graph.state import State

FRESH = {"granted": True, "until": "9"}
KEPT = {"kept": True, "until": "9"}


def run(**facts: Any) -> dict[str, Any]:
    default = {"purpose": "run", "passed": 1, "total": 3, "fault": False, "signature": "s"}
    return {"id": "e", "type": "goals.run.finished", "facts": default | facts}


HINT = {"id": "h", "type": "goals.hint.asked", "facts": {}}


def state(trigger: str, *inputs: dict[str, Any], **more: Any) -> State:
    base = {"learner": "ada", "trigger": trigger, "inputs": list(inputs), "at": "5"}
    return {**base, "access": FRESH, "contract": KEPT, **more}  # type: ignore[typeddict-item]


@pytest.mark.parametrize(
    ("given", "goes"),
    [
        (state("run", run()), ["feedback", "evaluation"]),
        (state("run", run(purpose="submit", passed=3)), ["feedback", "evaluation", "mood"]),
        (state("run", run(), struggle={"count": 3}), ["feedback", "evaluation", "mood"]),
        (state("run", run(), struggle={"away_days": 4}), ["feedback", "evaluation", "mood"]),
        (state("run", run(fault=True)), "contract"),
        (state("run", run(fault=True), run()), "contract"),
        (state("hint", HINT), "access"),
        (state("run", run(), HINT), "access"),
        (state("daily"), "contract"),
        (state("contract"), "contract"),
        (state("profile"), "planner"),
        (state("profile", {"type": "goals.profile.stated", "facts": {"target": "payload:t", "job": ""}}), "mood"),
        (state("profile", {"type": "goals.profile.stated", "facts": {"target": "", "job": "payload:t"}}), "mood"),
        (state("profile", {"type": "goals.profile.stated", "facts": {"target": "", "job": ""}}), "planner"),
        (state("wish"), "planner"),
        (state("wish", {"type": "goals.wish.stated", "facts": {"concept": None, "text": "payload:t"}}), "mood"),
        (state("doubt", {"type": "goals.mastery.questioned", "facts": {"text": "payload:t"}}), "mood"),
        (state("mood"), "mood"),
        (state("goal"), "process"),
        (state("course"), "process"),
        (state("doubt"), "evaluation"),
        (state("run", run(), access={}), "access"),
        (state("run", run(), access={"granted": False, "until": "9"}), "access"),
        (state("run", run(), access={"granted": True, "until": "4"}), "access"),
        (state("run", run(), contract={"kept": True, "until": "4"}), "contract"),
    ],
)
def test_a_run_begins_at_the_first_node_that_has_something_to_do(given: State, goes: Any) -> None:
    assert edges.after_start(given) == goes


@pytest.mark.parametrize(
    ("trigger", "goes"),
    [("run", "process"), ("mood", "process"), ("wish", "planner"), ("profile", "planner"), ("doubt", "evaluation")],
)
def test_words_of_a_learner_pass_mood_on_their_way(trigger: str, goes: str) -> None:
    assert edges.after_mood(state(trigger)) == goes


def test_after_a_fault_only_a_hint_that_was_asked_for_is_answered() -> None:
    assert edges.after_contract(state("run", run(fault=True))) == "process"
    assert edges.after_contract(state("run", run(fault=True), HINT)) == "feedback"
    assert edges.after_contract(state("run", run(fault=True), run())) == ["feedback", "evaluation"]


def test_a_refusal_goes_straight_to_process_and_ends_there() -> None:
    denied = state("run", run(), access={"granted": False})
    assert edges.after_access(denied) == "process"
    assert edges.after_process({**denied, "findings": {"process": {"done": True, "passes": 1}}}) == END


@pytest.mark.parametrize(
    ("findings", "goes"),
    [
        ({"process": {"done": True, "passes": 1}}, "planner"),
        ({"process": {"stuck": True, "passes": 1}}, "planner"),
        ({"process": {"passes": 1}, "evaluation": {"moved": True}}, "planner"),
        ({"process": {"passes": 1}, "mood": {"effect": "smaller_step"}}, "planner"),
        ({"process": {"passes": 1}, "contract": {"changed": True, "terms": True}}, "planner"),
        ({"process": {"passes": 1}, "contract": {"changed": True, "terms": False}}, END),
        ({"process": {"passes": 1}, "mood": {"effect": "none"}}, END),
        ({"process": {"passes": 1}}, END),
        ({"process": {"done": True, "passes": 2}}, END),
    ],
)
def test_the_plan_is_looked_at_only_when_what_it_rests_on_has_moved(findings: dict[str, Any], goes: str) -> None:
    assert edges.after_process(state("run", run(), findings=findings)) == goes


def test_a_day_is_summed_up_before_it_is_planned_and_a_doubt_is_only_answered() -> None:
    assert edges.after_contract(state("daily")) == "evaluation"
    assert edges.after_evaluation(state("daily")) == "planner"
    assert edges.after_evaluation(state("doubt")) == "process"
    assert edges.after_evaluation(state("run", run())) == "process"
    assert edges.after_process(state("course", findings={"process": {"passes": 1}})) == "planner"


def test_a_plan_that_makes_nothing_ends_the_run_but_a_day_is_always_reviewed() -> None:
    assert edges.after_planner(state("profile")) == END
    assert edges.after_planner(state("daily")) == "process"


def test_a_plan_that_only_lets_go_is_reviewed_too() -> None:
    assert edges.after_planner(state("course", findings={"planner": {"changed": True}})) == "process"
    assert edges.after_planner(state("course", findings={"planner": {"changed": False}})) == END


def test_each_order_and_each_page_is_sent_on_its_own() -> None:
    sends = edges.after_planner(state("daily", orders=[{"goal": "a"}, {"goal": "b"}], pages=[{"concept": "loops"}]))
    assert [(s.node, s.arg.get("order", s.arg.get("page"))) for s in sends] == [  # type: ignore[union-attr]
        ("challenges", {"goal": "a"}),
        ("challenges", {"goal": "b"}),
        ("courses", {"concept": "loops"}),
    ]


def test_a_rejected_order_is_tried_three_times_each_time_avoiding_what_failed() -> None:
    order = {"goal": "a", "round": 1, "because": "next"}
    tried: list[str] = []
    for n in (1, 2):
        sends = edges.after_challenge(
            state("daily"), {"order": order, "ok": False, "goal": "a", "concept": "loops", "challenge": f"c{n}"}
        )
        (send,) = sends
        order = send.arg["order"]  # type: ignore[union-attr]
        tried.append(f"c{n}")
        assert (order["round"], order["avoid"]) == (n + 1, tried)
    assert (
        edges.after_challenge(state("daily"), {"order": order, "ok": False, "goal": "a", "concept": "x"}) == "process"
    )


def test_an_old_grant_does_not_come_to_life_with_a_client_s_old_clock() -> None:
    """An offline client's event may be weeks old; the evidence is weighed against the server's clock."""
    from datetime import UTC, datetime, timedelta

    from graph.entries import next_input
    from shared.events.record import Event

    now = datetime(2026, 11, 23, 8, tzinfo=UTC)
    old = Event(
        position=1, version=1, id="h", type="goals.hint.asked", schema_version=1, source="/learners/ada", subject="ada",
        stream="goal/g", time=now - timedelta(days=30), data={"goal": "g", "rung": None}, correlation="h",
        causation=None, traceparent=None, tenant="public",
    )  # fmt: skip
    lapsed: State = {"access": {"granted": True, "until": "2026-11-01T00:00:00.000000Z"}}
    given = next_input(lapsed, "goal/g", [old], now)
    assert edges.after_start({**lapsed, **given}) == "access"  # type: ignore[typeddict-item]
