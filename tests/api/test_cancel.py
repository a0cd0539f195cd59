"""A learner ends a run: at once, for nothing, whoever listens and wherever it goes on."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from functions.api.runner import LocalRunner
from shared.errors import SandboxUnavailable
from shared.ids import derived_id
from tests.api.conftest import CODE, Learner, Open, World, event, lines, problem
from tests.api.test_socket import hear

SLEEPER = "import time\ndef weeks_to_fill(goal, first, more):\n    time.sleep(60)\n"


def until(true: Callable[[], object], seconds: float = 5) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "it did not come to be in time"
        time.sleep(0.01)


def ends(world: World) -> list[str]:
    return [
        row[0].removeprefix("goals.run.")
        for row in world.rows(
            "SELECT type FROM events WHERE type IN ('goals.run.finished', 'goals.run.cancelled') ORDER BY position"
        )
    ]


def begin(ada: Learner, goal: str, id_: str = "r", code: str = CODE) -> tuple[threading.Thread, list[httpx.Response]]:
    """A run that is asked for in a thread of its own."""
    answers: list[httpx.Response] = []
    body = {"id": id_, "code": code, "purpose": "submit"}
    thread = threading.Thread(target=lambda: answers.append(ada.post(f"/v1/goals/{goal}/runs", body)))
    thread.start()
    return thread, answers


def delete(ada: Learner, run: str) -> httpx.Response:
    return ada.http.delete(f"/v1/runs/{run}", headers=ada.headers)


def test_a_cancelled_run_ends_at_once_and_says_so_to_all(world: World, ada: Learner) -> None:
    goal = world.goal(ada.id)
    world.runner.gate.clear()
    thread, answers = begin(ada, goal)
    until(lambda: world.runner.requests)
    identity = derived_id("run", ada.id, "r")
    with ada.socket() as ws:
        hear(ws, "goals.welcome")
        answer = delete(ada, identity)
        assert answer.status_code == 200
        stored = hear(ws, "goals.run.cancelled")
    thread.join(5)
    told = lines(answers[0])
    assert told[-1] == answer.json()
    assert (told[-1]["type"], told[-1]["run"], told[-1]["goal"]) == ("cancelled", identity, goal)
    assert (told[-1]["judged"], told[-1]["total"], told[-1]["purpose"]) == (1, 8, "submit")
    assert int(stored["sequence"]) == told[-1]["position"]
    assert stored["data"] == {"goal": goal, "run": identity, "purpose": "submit", "judged": 1, "total": 8}
    assert ends(world) == ["cancelled"]
    until(lambda: world.api.services is not None and world.api.services.runs.going == 0)


def test_a_cancelled_run_uses_no_quota_and_is_no_attempt(world: World, ada: Learner) -> None:
    goal = world.goal(ada.id)
    world.runner.gate.clear()
    thread, _ = begin(ada, goal)
    until(lambda: world.runner.requests)
    assert delete(ada, "r").status_code == 200, "the client's own id for it will do"
    thread.join(5)
    assert ada.get("/v1/contract").json()["runs_today"] == 0
    found = ada.get(f"/v1/goals/{goal}").json()
    assert (found["runs"], found["state"], found["history"]) == (0, "assigned", [])
    assert world.rows("SELECT count(*) FROM waiting") == [(0,)], "the graph hears nothing of it"


def test_a_faulted_run_uses_no_quota_either(world: World, ada: Learner) -> None:
    goal = world.goal(ada.id)
    world.runner.error = SandboxUnavailable("no sandbox here")
    assert lines(ada.post(f"/v1/goals/{goal}/runs", {"id": "r", "code": CODE}))[-1]["fault"]
    assert ada.get("/v1/contract").json()["runs_today"] == 0


def test_cancelled_again_the_answer_is_the_same_and_sent_again_it_is_told_so(world: World, ada: Learner) -> None:
    goal = world.goal(ada.id)
    world.runner.gate.clear()
    thread, _ = begin(ada, goal)
    until(lambda: world.runner.requests)
    first = delete(ada, "r").json()
    thread.join(5)
    assert delete(ada, "r").json() == delete(ada, first["run"]).json() == first
    again = lines(ada.post(f"/v1/goals/{goal}/runs", {"id": "r", "code": CODE, "purpose": "submit"}))
    assert [frame["type"] for frame in again] == ["accepted", "cancelled"]
    assert again[-1] == first
    assert len(world.runner.requests) == 1
    assert ends(world) == ["cancelled"]


def test_a_run_that_is_over_cannot_be_cancelled(world: World, ada: Learner) -> None:
    goal = world.goal(ada.id)
    end = lines(ada.post(f"/v1/goals/{goal}/runs", {"id": "r", "code": CODE}))[-1]
    assert problem(delete(ada, "r"), 409)["detail"] == "this run is over already"
    problem(delete(ada, end["run"]), 409)
    assert ends(world) == ["finished"]


def test_another_learners_run_is_not_there(world: World, ada: Learner) -> None:
    bob = world.learner()
    goal = world.goal(bob.id)
    world.runner.gate.clear()
    thread, answers = begin(bob, goal)
    until(lambda: world.runner.requests)
    problem(delete(ada, derived_id("run", bob.id, "r")), 404)
    problem(delete(ada, "r"), 404)
    problem(delete(ada, "no-such-run"), 404)
    world.runner.gate.set()
    thread.join(5)
    assert lines(answers[0])[-1]["type"] == "finished"


def test_a_cancel_on_the_websocket_is_acknowledged(world: World, ada: Learner) -> None:
    goal = world.goal(ada.id)
    world.runner.gate.clear()
    request = event("run.requested", {"goal": goal, "code": CODE, "purpose": "submit"})
    with ada.socket() as ws:
        ws.send(json.dumps(request))
        run = hear(ws, "goals.run.case")["data"]["run"]
        for n, status in enumerate(("recorded", "duplicate")):
            ws.send(json.dumps({"id": f"c{n}", "type": "goals.run.cancel", "data": {"run": run}}))
            ack = hear(ws, "goals.ack")["data"]
            assert (ack["id"], ack["status"]) == (f"c{n}", status)
            if not n:
                stored = hear(ws, "goals.run.cancelled")
                assert int(stored["sequence"]) == ack["position"]
                assert (stored["causationid"], stored["correlationid"]) == (request["id"], request["id"])
        for wrong in ({}, {"run": 7}, {"run": "nobody's"}):
            ws.send(json.dumps({"id": "wrong", "type": "goals.run.cancel", "data": wrong}))
            assert hear(ws, "goals.ack")["data"]["status"] == "refused"


def test_the_log_decides_between_an_end_and_a_cancel(world: World, ada: Learner, open_world: Open) -> None:
    """The run goes on in one process, the learner cancels in another that knows nothing of it but the log."""
    goal = world.goal(ada.id)
    there = open_world()
    there.api.services.runs._ending.set()  # type: ignore[union-attr]  # it must not take the run for one cut off
    world.runner.gate.clear()
    thread, answers = begin(ada, goal)
    until(lambda: world.runner.requests)
    answer = there.http.delete(f"/v1/runs/{derived_id('run', ada.id, 'r')}", headers=ada.headers)
    assert (answer.status_code, answer.json()["type"]) == (200, "cancelled")
    world.runner.gate.set()
    thread.join(5)
    assert lines(answers[0])[-1] == answer.json(), "who listens to it is told what the log says"
    assert ends(world) == ["cancelled"]
    assert ada.get("/v1/contract").json()["runs_today"] == 0


def test_a_recovery_leaves_a_cancelled_run_alone(world: World, ada: Learner) -> None:
    goal = world.goal(ada.id)
    here = world.api.services
    assert here is not None
    raw = event("run.requested", {"goal": goal, "code": CODE, "purpose": "submit"})
    request = here.ingest.check(raw, here.tokens.verify(ada.access), run=True)
    here.appender.submit([request]).result(10)  # requested, and then its process died
    assert delete(ada, raw["id"]).json()["type"] == "cancelled"
    assert here.runs.recovery.once() == 0
    assert world.runner.requests == []


@pytest.mark.parametrize("learners", [1, 3])
def test_a_real_program_is_ended_at_once_running_or_waiting(open_world: Open, learners: int) -> None:
    world = open_world(runner=LocalRunner(allow_none=True))
    who = [world.learner() for _ in range(learners)]
    goals = [world.goal(each.id) for each in who]
    begun = [begin(each, goal, code=SLEEPER) for each, goal in zip(who, goals, strict=True)]
    here = world.api.services
    assert here is not None
    until(lambda: here.runs.going == learners)
    for each in who:
        assert delete(each, "r").status_code == 200
    for thread, _ in begun:
        thread.join(30)
    assert [lines(answers[0])[-1]["type"] for _, answers in begun] == ["cancelled"] * learners
    until(lambda: here.runs.going == 0)


def test_a_run_that_prints_shows_it_live_and_never_what_hidden_cases_print(world: World, ada: Learner) -> None:
    goal = world.goal(ada.id)
    world.runner.before = [
        {"kind": "queued", "position": 2},
        {"kind": "printed", "case": "four-weeks", "stream": "stdout", "text": "one\n"},
        {"kind": "printed", "case": "just-missed", "stream": "stdout", "text": "secret 12345\n"},
    ]
    request = event("run.requested", {"goal": goal, "code": CODE, "purpose": "run"})
    with ada.socket() as ws:
        ws.send(json.dumps(request))
        queued = hear(ws, "goals.run.queued")["data"]
        printed = hear(ws, "goals.run.printed")["data"]
        case = hear(ws, "goals.run.case")["data"]
    assert (queued["position"], queued["request"], queued["goal"]) == (2, request["id"], goal)
    assert (printed["case"], printed["stream"], printed["text"]) == ("four-weeks", "stdout", "one\n")
    assert [queued["frame"], printed["frame"], case["frame"]] == [1, 2, 3]
    told = ada.post(f"/v1/goals/{goal}/runs", {"id": "again", "code": CODE})
    assert [f["type"] for f in lines(told)[:4]] == ["accepted", "queued", "printed", "case"]
    assert "12345" not in told.text


def frames(ws: Any, count: int) -> list[int]:
    return [hear(ws, "goals.run.case")["data"]["frame"] for _ in range(count)]


def test_after_a_cut_in_the_middle_of_a_run_its_frames_are_told_again_and_go_on(world: World, ada: Learner) -> None:
    goal = world.goal(ada.id)
    world.runner.gate.clear()
    request = event("run.requested", {"goal": goal, "code": CODE, "purpose": "submit"})
    with ada.socket(close_timeout=0.2) as ws:
        ws.send(json.dumps(request))
        sequence = hear(ws, "goals.ack")["data"]["position"]
        assert frames(ws, 1) == [1]
    with ada.socket(after=sequence) as again:
        case = hear(again, "goals.run.case")["data"]
        assert (case["frame"], case["request"]) == (1, request["id"])
        again.send(json.dumps(request))  # the client did not see its acknowledgement: it is followed once all the same
        assert hear(again, "goals.ack")["data"]["status"] == "duplicate"
        world.runner.gate.set()
        assert frames(again, 7) == [2, 3, 4, 5, 6, 7, 8]
        assert hear(again, "goals.run.finished")["data"]["passed"] == 8
    assert len(world.runner.requests) == 1


def test_after_a_cut_until_behind_the_end_the_verdict_is_not_missed(world: World, ada: Learner) -> None:
    goal = world.goal(ada.id)
    world.runner.gate.clear()
    with ada.socket() as ws:
        ws.send(json.dumps(event("run.requested", {"goal": goal, "code": CODE, "purpose": "submit"})))
        sequence = hear(ws, "goals.ack")["data"]["position"]
    world.runner.gate.set()
    until(lambda: ends(world) == ["finished"])
    with ada.socket() as again:
        again.send(json.dumps({"type": "goals.resume", "data": {"after": sequence}}))
        assert hear(again, "goals.run.finished")["data"]["total"] == 8


def test_more_frames_than_a_socket_holds_wait_for_the_client(world: World, ada: Learner) -> None:
    goal = world.goal(ada.id)
    world.runner.before = [
        {"kind": "printed", "case": "four-weeks", "stream": "stdout", "text": f"{n}\n"} for n in range(600)
    ]
    request = event("run.requested", {"goal": goal, "code": CODE, "purpose": "run"})
    with ada.socket() as ws:
        ws.send(json.dumps(request))
        heard = [hear(ws, "goals.run.printed")["data"]["frame"] for _ in range(600)]
        assert heard == list(range(1, 601))
        assert hear(ws, "goals.run.finished")["data"]["passed"] == 8
