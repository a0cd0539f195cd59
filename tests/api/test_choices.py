"""What a learner chooses, over the API: swaps, pauses, courses, wishes; each is one, however often it is sent."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from shared.events.catalogue.agents import StateChanged
from shared.events.catalogue.contracts import ContractAmended, Terms
from shared.events.catalogue.teaching import WishAnswered
from shared.ids import derived_id, new_id
from tests.api.conftest import Learner, World, event, problem
from tests.api.test_socket import hear

JS = "javascript-foundations"
PY = "python-foundations"


def said(learner: Learner, type_: str) -> list[dict[str, Any]]:
    found = learner.get("/v1/events", params={"limit": 500}).json()["events"]
    return [e for e in found if e["type"] == f"goals.{type_}"]


def moved(world: World, learner: Learner, entity: str, id_: str, before: str, after: str) -> None:
    """As `process` says it."""
    world.record(learner.id, StateChanged(entity=entity, id=id_, before=before, after=after, because="said"))  # type: ignore[arg-type]


def enrolments(learner: Learner) -> dict[str, str]:
    return {e["course"]: e["state"] for e in learner.get("/v1/me").json()["enrolments"]}


# --- goals -----------------------------------------------------------------------------------------------------------


def test_a_swap_is_recorded_once_with_its_reason(world: World, ada: Learner) -> None:
    goal = world.goal(ada.id)
    first = ada.post(f"/v1/goals/{goal}/swap", {"id": "s-1", "reason": "too_hard"})
    assert first.status_code == 202
    assert ada.post(f"/v1/goals/{goal}/swap", {"id": "s-1", "reason": "too_hard"}).json() == first.json()
    (event_,) = said(ada, "goal.swapped")
    assert event_["data"] == {"goal": goal, "reason": "too_hard"}
    problem(ada.post(f"/v1/goals/{goal}/swap", {"id": "s-1", "reason": "too_easy"}), 409)


def test_three_goals_may_be_swapped_a_day_by_whichever_door_and_more_the_next(world: World, ada: Learner) -> None:
    goals = [world.goal(ada.id) for _ in range(5)]
    assert ada.get("/v1/goals").json()["swaps_left"] == 3
    for n in range(2):
        assert ada.post(f"/v1/goals/{goals[n]}/swap", {"id": f"s-{n}"}).status_code == 202
    assert [r["status"] for r in ada.send(event("goal.swapped", {"goal": goals[2]}))] == ["recorded"]
    assert ada.get("/v1/goals").json()["swaps_left"] == 0
    answer = ada.post(f"/v1/goals/{goals[3]}/swap", {"id": "s-3"})
    told = problem(answer, 429)
    assert told["detail"].startswith("3 goals were swapped today")
    assert 0 < int(answer.headers["retry-after"]) <= 25 * 3600
    (refused,) = ada.send(event("goal.swapped", {"goal": goals[3]}))
    assert (refused["status"], refused["problem"]["status"]) == ("refused", 429)
    assert 60 < refused["problem"]["retry_after"] <= 25 * 3600, "no client may hold this for a pause of its pace"
    assert refused["problem"]["remedy"] == "Lay this one aside instead, or swap it tomorrow."
    assert ada.post(f"/v1/goals/{goals[0]}/swap", {"id": "s-0"}).status_code == 202, "sent again, it is the same swap"
    world.clock.ahead += timedelta(days=1)
    pair = world.http.post("/v1/auth/refresh", json={"refresh_token": ada.refresh}).json()
    tomorrow = replace(ada, access=pair["access_token"])
    assert tomorrow.post(f"/v1/goals/{goals[3]}/swap", {"id": "s-4"}).status_code == 202
    assert len(said(tomorrow, "goal.swapped")) == 4


def test_what_is_over_can_neither_be_swapped_nor_laid_aside(world: World, ada: Learner) -> None:
    goal = world.goal(ada.id)
    moved(world, ada, "goal", goal, "open", "solved")
    for way in ("swap", "pause", "resume"):
        assert problem(ada.post(f"/v1/goals/{goal}/{way}", {"id": new_id()}), 409)["detail"] == "this goal is solved"
    bob = world.learner()
    problem(bob.post(f"/v1/goals/{goal}/pause", {"id": new_id()}), 404)
    problem(ada.post("/v1/goals/none/pause", {"id": new_id()}), 404)
    assert said(ada, "goal.swapped") == said(ada, "goal.paused") == []


def test_a_goal_is_laid_aside_and_taken_up(world: World, ada: Learner) -> None:
    goal = world.goal(ada.id)
    assert ada.post(f"/v1/goals/{goal}/pause", {"id": "p"}).status_code == 202
    moved(world, ada, "goal", goal, "assigned", "paused")
    assert ada.post(f"/v1/goals/{goal}/resume", {"id": "r"}).status_code == 202
    assert ada.get(f"/v1/goals/{goal}").json()["opened"] is not None
    assert [e["type"] for e in said(ada, "goal.paused") + said(ada, "goal.resumed")] == [
        "goals.goal.paused", "goals.goal.resumed",
    ]  # fmt: skip


@pytest.mark.parametrize("body", [{}, {"id": ""}, {"id": "x", "reason": "boring"}, {"id": "x", "more": 1}, {"id": 7}])
def test_a_swap_that_makes_no_sense_is_refused_with_what_is_wrong(world: World, ada: Learner, body: Any) -> None:
    goal = world.goal(ada.id)
    problem(ada.post(f"/v1/goals/{goal}/swap", body), 422)


# --- courses ---------------------------------------------------------------------------------------------------------


def test_a_further_course_is_joined_once_and_left_again(world: World, ada: Learner) -> None:
    assert JS not in enrolments(ada)
    listed = {c["course"]: c for c in ada.get("/v1/courses").json()["courses"]}
    assert (listed[JS]["state"], listed[JS]["enrolled"], listed[JS]["covered"]) == (None, False, True)
    first = ada.post(f"/v1/courses/{JS}/enrolment", {"id": "j-1"})
    assert first.status_code == 201
    assert ada.post(f"/v1/courses/{JS}/enrolment", {"id": "j-1"}).json() == first.json()
    assert enrolments(ada)[JS] == "active"
    assert said(ada, "enrolment.started")[-1]["data"]["by"] == "learner"
    problem(ada.post(f"/v1/courses/{JS}/enrolment", {"id": "j-2"}), 409)
    assert ada.http.delete(f"/v1/courses/{JS}/enrolment", params={"id": "l-1"}, headers=ada.headers).status_code == 202
    moved(world, ada, "enrolment", JS, "active", "left")
    problem(ada.http.delete(f"/v1/courses/{JS}/enrolment", params={"id": "l-2"}, headers=ada.headers), 409)
    assert ada.post(f"/v1/courses/{JS}/enrolment", {"id": "j-3"}).status_code == 201, "who left may come back"


def test_a_course_the_contract_does_not_cover_is_not_joined_and_the_answer_says_what_would_help(
    world: World, ada: Learner
) -> None:
    now = world.clock()
    few = Terms(starts=now - timedelta(days=1), ends=now + timedelta(days=30), courses=(PY,), version="2")
    contract = derived_id("contract", ada.id, "trial")
    world.record(ada.id, ContractAmended(contract=contract, organisation="trial", terms=few))
    told = problem(ada.post(f"/v1/courses/{JS}/enrolment", {"id": "j-1"}), 403)
    assert (told["reason"], "Ask your organisation" in told["remedy"]) == ("course_not_covered", True)
    listed = {c["course"]: c["covered"] for c in ada.get("/v1/courses").json()["courses"]}
    assert (listed[JS], listed[PY]) == (False, True)
    over = few.model_copy(update={"ends": now - timedelta(days=10), "starts": now - timedelta(days=20), "version": "3"})
    world.record(ada.id, ContractAmended(contract=contract, organisation="trial", terms=over))
    assert problem(ada.post(f"/v1/courses/{JS}/enrolment", {"id": "j-2"}), 403)["reason"] == "contract_ended"
    assert JS not in enrolments(ada)


def test_courses_are_laid_aside_and_taken_up_and_what_cannot_be_is_refused(world: World, ada: Learner) -> None:
    problem(ada.post("/v1/courses/alchemy/pause", {"id": new_id()}), 404)
    problem(ada.post("/v1/courses/alchemy/enrolment", {"id": new_id()}), 404)
    assert "join" in problem(ada.post(f"/v1/courses/{JS}/pause", {"id": new_id()}), 409)["hint"]
    problem(ada.post(f"/v1/courses/{PY}/resume", {"id": new_id()}), 409)
    assert ada.post(f"/v1/courses/{PY}/pause", {"id": new_id()}).status_code == 202
    moved(world, ada, "enrolment", PY, "active", "paused")
    assert ada.post(f"/v1/courses/{PY}/resume", {"id": new_id()}).status_code == 202
    (refused,) = ada.send(event("enrolment.left", {"course": JS}))
    assert (refused["status"], refused["problem"]["status"]) == ("refused", 409)


# --- days off --------------------------------------------------------------------------------------------------------


def test_days_off_are_taken_until_a_day_and_ended_early(world: World, ada: Learner) -> None:
    today = world.clock().date()
    assert ada.get("/v1/me").json()["back"] is None
    until = today + timedelta(days=10)
    assert ada.post("/v1/me/rest", {"id": "r-1", "until": until.isoformat()}).status_code == 202
    assert ada.get("/v1/me").json()["back"] == until.isoformat()
    later = until + timedelta(days=4)
    ada.post("/v1/me/rest", {"id": "r-2", "until": later.isoformat()})
    assert ada.get("/v1/me").json()["back"] == later.isoformat(), "the last word counts"
    assert ada.http.delete("/v1/me/rest", params={"id": "b-1"}, headers=ada.headers).status_code == 202
    assert ada.get("/v1/me").json()["back"] is None


@pytest.mark.parametrize("days", [-1, 0, 367, 4000])
def test_a_day_to_come_back_on_lies_ahead_and_not_too_far(world: World, ada: Learner, days: int) -> None:
    until = (world.clock().date() + timedelta(days=days)).isoformat()
    assert "not a day to come back on" in problem(ada.post("/v1/me/rest", {"id": "r", "until": until}), 422)["detail"]
    (refused,) = ada.send(event("learning.paused", {"until": until}))
    assert refused["status"] == "refused"


# --- wishes ----------------------------------------------------------------------------------------------------------


def test_a_wish_is_kept_with_its_words_and_shows_what_became_of_it(world: World, ada: Learner) -> None:
    answer = ada.post("/v1/wishes", {"id": "w-1", "text": "sorting things"}).json()
    (wish,) = ada.get("/v1/wishes").json()["wishes"]
    assert (wish["wish"], wish["text"], wish["outcome"]) == ("w-1", "sorting things", None)
    world.record(ada.id, WishAnswered(wish=answer["id"], outcome="unknown", because="Nothing is taught by that name."))
    (wish,) = ada.get("/v1/wishes").json()["wishes"]
    assert (wish["outcome"], wish["because"]) == ("unknown", "Nothing is taught by that name.")
    stored = said(ada, "wish.stated")[0]["data"]
    assert stored == {"text": "sorting things", "concept": None}, "its reader gets the words"
    assert world.rows("SELECT data->>'text' LIKE 'payload:%%' FROM events WHERE type = 'goals.wish.stated'") == [
        (True,)
    ]


@pytest.mark.parametrize(
    "body", [{"id": "w"}, {"id": "w", "text": "  "}, {"id": "w", "text": "x" * 501}, {"id": "w", "concept": "No Slug"}]
)
def test_a_wish_without_a_wish_is_refused(world: World, ada: Learner, body: Any) -> None:
    problem(ada.post("/v1/wishes", body), 422)
    assert ada.get("/v1/wishes").json()["wishes"] == []


# --- the week --------------------------------------------------------------------------------------------------------


def test_weekdays_with_minutes_of_their_own_are_kept_and_shown(world: World, ada: Learner) -> None:
    week = {"minutes": 30, "minutes_on": {"5": 90, "0": 10}, "days_off": [6]}
    (result,) = ada.send(event("profile.stated", week))
    assert result["status"] == "recorded"
    me = ada.get("/v1/me").json()
    assert (me["minutes"], me["minutes_on"], me["days_off"]) == (30, {"5": 90, "0": 10}, [6])


@pytest.mark.parametrize(
    "week",
    [{"days_off": [0, 1, 2, 3, 4, 5, 6]}, {"minutes_on": {"7": 30}}, {"minutes_on": {"1": 4}}, {"days_off": [9]}],
)
def test_a_week_that_cannot_be_lived_is_refused(world: World, ada: Learner, week: dict[str, Any]) -> None:
    (result,) = ada.send(event("profile.stated", week))
    assert (result["status"], result["problem"]["status"]) == ("refused", 422)


# --- one thing right after another -----------------------------------------------------------------------------------


def hurried(world: World, learner: Learner) -> list[dict[str, Any]]:
    """A consent and what needs it; four swaps, of which three may be: as an editor sends what waited."""
    agreed = event("profile.stated", {"consent_workspace": True})
    swaps = [event("goal.swapped", {"goal": world.goal(learner.id)}) for _ in range(4)]
    return [agreed, event("workspace.seen", {"languages": "python"}), *swaps]


TAKEN = ["recorded"] * 5 + ["refused"]


def test_what_depends_on_what_was_said_just_before_is_judged_by_it(world: World, ada: Learner) -> None:
    assert [result["status"] for result in ada.send(*hurried(world, ada))] == TAKEN
    assert ada.get("/v1/me").json()["languages"] == ["python"]


def test_it_is_judged_so_on_the_socket_where_nobody_waits_between(world: World, ada: Learner) -> None:
    sent = hurried(world, ada)
    with ada.socket() as ws:
        for each in sent:
            ws.send(json.dumps(each))
        found = [hear(ws, "goals.ack")["data"] for _ in sent]
    assert {ack["id"]: ack["status"] for ack in found} == {
        each["id"]: status for each, status in zip(sent, TAKEN, strict=True)
    }
    assert ada.get("/v1/me").json()["languages"] == ["python"]


def test_a_course_goes_where_its_learner_asked_last_whatever_has_been_moved_by_then(world: World, ada: Learner) -> None:
    def asks(*ways: str) -> list[str]:
        return [r["status"] for r in ada.send(*(event(f"enrolment.{way}", {"course": PY}) for way in ways))]

    assert asks("paused", "resumed", "resumed") == ["recorded", "recorded", "refused"]
    moved(world, ada, "enrolment", PY, "active", "paused")
    assert asks("resumed") == ["refused"], "they have asked for that already"
    moved(world, ada, "enrolment", PY, "paused", "active")
    assert asks("left", "paused") == ["recorded", "refused"]
    assert ada.post(f"/v1/courses/{PY}/enrolment", {"id": "j-1"}).status_code == 201, "who left may come back at once"
    moved(world, ada, "enrolment", PY, "active", "left")
    moved(world, ada, "enrolment", PY, "left", "active")
    assert asks("paused") == ["recorded"]
    moved(world, ada, "enrolment", PY, "active", "ended")
    assert asks("resumed") == ["refused"], "what the contract ends nobody takes up"


# --- the workspace ---------------------------------------------------------------------------------------------------

SEEN = {"id": "v-1", "languages": ["python", "c++"], "dependencies": ["numpy", "pytest-xdist"]}


def put(learner: Learner, body: Any) -> Any:
    return learner.http.put("/v1/me/workspace", json=body, headers=learner.headers)


def test_without_consent_nothing_of_a_workspace_is_taken_by_any_door(world: World, ada: Learner) -> None:
    assert "have not agreed" in problem(put(ada, SEEN), 403)["detail"]
    (refused,) = ada.send(event("workspace.seen", {"languages": "python"}))
    assert (refused["status"], refused["problem"]["status"]) == ("refused", 403)
    assert said(ada, "workspace.seen") == []


def test_with_consent_names_are_kept_apart_shown_and_deleted_at_the_learners_word(world: World, ada: Learner) -> None:
    ada.send(event("profile.stated", {"consent_workspace": True}))
    assert put(ada, SEEN).status_code == 202
    me = ada.get("/v1/me").json()
    assert (me["languages"], me["dependencies"]) == (["python", "c++"], ["numpy", "pytest-xdist"])
    (stored,) = world.rows("SELECT data FROM events WHERE type = 'goals.workspace.seen'")
    assert all(value.startswith("payload:") for value in stored[0].values())
    held = "SELECT count(*) FROM payloads WHERE body IN ('python c++', 'numpy pytest-xdist')"
    assert world.rows(held) == [(2,)]
    for _ in range(2):
        answer = ada.http.delete("/v1/me/workspace", params={"id": "f-1"}, headers=ada.headers)
        assert answer.status_code == 200
    me = ada.get("/v1/me").json()
    assert (me["languages"], me["dependencies"], world.rows(held)) == ([], [], [(0,)])
    assert [e["data"] for e in said(ada, "workspace.forgotten")] == [{"texts": 2}]
    left = said(ada, "workspace.seen")[0]["data"].values()
    assert all(value.startswith("payload:") for value in left), "the log names what is no more"


def test_consent_taken_back_ends_what_is_known(world: World, ada: Learner) -> None:
    ada.send(event("profile.stated", {"consent_workspace": True}))
    put(ada, SEEN)
    ada.send(event("profile.stated", {"consent_workspace": False}))
    assert ada.get("/v1/me").json()["languages"] == []


@pytest.mark.parametrize(
    "names",
    ["src/main.py", "def f(x): return x", "../etc", "Python", "a" * 41, " ".join(["x"] * 121), "@types/node", "{}",
     "payload:0193a5c8-8a00-7b11-9c2d-1f2e3d4c5b6a"],
)  # fmt: skip
def test_paths_code_and_whatever_else_is_no_name_is_refused(world: World, ada: Learner, names: str) -> None:
    ada.send(event("profile.stated", {"consent_workspace": True}))
    (refused,) = ada.send(event("workspace.seen", {"dependencies": names}))
    assert (refused["status"], refused["problem"]["status"]) == ("refused", 422)
    problem(put(ada, {"id": "x", "languages": names.split()}), 422)
    assert said(ada, "workspace.seen") == []
