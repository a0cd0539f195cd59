"""A learner's own words: references in the log, texts for their owner and for nobody else."""

from __future__ import annotations

import json
from typing import Any

from shared.events.catalogue.teaching import FeedbackGiven
from tests.api.conftest import CODE, Learner, World, event
from tests.api.test_socket import hear

SAID = "fare(16) should give 14, it gave 7: look at `my_own_name` in line 5."


def told(world: World, learner: Learner, goal: str) -> dict[str, Any]:
    """Feedback on a run; gives its stored data."""
    feedback = FeedbackGiven(goal=goal, run="r", text=SAID, input="fare(16)", line=5)
    [identity] = world.record(learner.id, feedback)
    [(data,)] = world.rows("SELECT data FROM events WHERE id = %s", identity)
    return dict(data)


def test_feedback_is_a_reference_in_the_log_and_a_text_for_its_learner(world: World, ada: Learner) -> None:
    goal = world.goal(ada.id)
    with ada.socket() as ws:
        hear(ws, "goals.welcome")
        data = told(world, ada, goal)
        assert data["text"].startswith("payload:")
        assert data["input"].startswith("payload:")
        heard = hear(ws, "goals.feedback.given")
        assert (heard["data"]["text"], heard["data"]["input"]) == (SAID, "fare(16)")
    with ada.socket(after=0) as ws:
        assert hear(ws, "goals.feedback.given")["data"]["text"] == SAID
    listed = [e for e in ada.get("/v1/events").json()["events"] if e["type"] == "goals.feedback.given"]
    assert [e["data"]["text"] for e in listed] == [SAID]
    way = ada.get(f"/v1/events/correlation/{listed[0]['correlationid']}").json()["events"]
    assert [e["data"]["input"] for e in way] == ["fare(16)"]
    assert [f["text"] for f in ada.get(f"/v1/goals/{goal}").json()["feedback"]] == [SAID]
    assert json.dumps(SAID)[1:-1] in ada.get("/v1/me/export").text


def test_code_and_reports_stay_references_where_events_are_listed(world: World, ada: Learner) -> None:
    goal = world.goal(ada.id)
    world.runner.failing = {"just-missed"}
    ada.post(f"/v1/goals/{goal}/runs", {"id": "r", "code": CODE})
    ada.send(event("wish.stated", {"text": "parse logs"}))
    events = {e["type"]: e["data"] for e in ada.get("/v1/events").json()["events"]}
    assert events["goals.run.requested"]["code"].startswith("payload:")
    assert events["goals.run.finished"]["report"].startswith("payload:")
    assert events["goals.wish.stated"]["text"] == "parse logs"


def test_an_operator_sees_the_way_of_an_interaction_without_the_words(world: World, ada: Learner) -> None:
    told(world, ada, world.goal(ada.id))
    [(correlation,)] = world.rows("SELECT correlation FROM events WHERE type = 'goals.feedback.given'")
    bob = world.learner()
    world.grant(bob, "operator")
    [seen] = bob.get(f"/v1/events/correlation/{correlation}").json()["events"]
    assert seen["data"]["line"] == 5
    assert seen["data"]["text"].startswith("payload:")


def test_erasure_leaves_no_word_of_the_feedback(world: World, ada: Learner) -> None:
    goal = world.goal(ada.id)
    told(world, ada, goal)
    ada.http.request("DELETE", "/v1/me", headers=ada.headers)
    for table in ("events", "payloads", "feedback"):
        found = world.rows(f"SELECT count(*) FROM {table} t WHERE t::text LIKE '%%my_own_name%%'")  # noqa: S608
        assert found == [(0,)], table
