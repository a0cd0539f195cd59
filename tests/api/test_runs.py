"""Runs: allowed, streamed, recorded, once."""

from __future__ import annotations

import json
import threading
import time
from datetime import timedelta
from typing import Any

import httpx
import pytest

from functions.api.function import Api
from functions.api.run import Run
from functions.api.runner import HttpRunner, LocalRunner
from shared.curriculum import load
from shared.errors import SandboxUnavailable
from shared.events.catalogue.agents import StateChanged
from shared.events.catalogue.contracts import ContractAmended, Terms
from shared.ids import derived_id
from tests.api.conftest import CODE, Learner, Open, World, event, lines, problem

HIDDEN = [case for case in load().challenges["coin-jar"].cases if not case.visible]


def run(ada: Learner, goal: str, id_: str = "run-1", **told: Any) -> httpx.Response:
    return ada.post(f"/v1/goals/{goal}/runs", {"id": id_, "code": CODE, **told})


def finished(world: World) -> list[dict[str, Any]]:
    return [row[0] for row in world.rows("SELECT data FROM events WHERE type = 'goals.run.finished' ORDER BY position")]


def test_a_run_streams_its_cases_and_ends_recorded(world: World, ada: Learner) -> None:
    goal = world.goal(ada.id)
    world.runner.failing = {"four-weeks"}
    answer = run(ada, goal, purpose="submit")
    assert answer.headers["content-type"] == "application/x-ndjson"
    told = lines(answer)
    assert [t["type"] for t in told] == ["accepted", *["case"] * 8, "finished"]
    end = told[-1]
    assert (end["passed"], end["failed"], end["total"], end["verdict"]) == (7, 1, 8, "failed")
    assert end["subtasks"] == {"growing": False, "edges": True}
    [stored] = finished(world)
    assert (stored["purpose"], stored["passed"], stored["signature"] != "") == ("submit", 7, True)
    assert stored["run"] == derived_id("run", ada.id, "run-1")


def test_a_case_is_sent_the_moment_it_exists(world: World, ada: Learner) -> None:
    goal = world.goal(ada.id)
    world.runner.gate.clear()
    body = {"id": "r", "code": CODE}
    with ada.http.stream("POST", f"/v1/goals/{goal}/runs", json=body, headers=ada.headers) as answer:
        told = answer.iter_lines()
        assert json.loads(next(told))["type"] == "accepted"
        assert json.loads(next(told))["type"] == "case"
        assert finished(world) == []
        world.runner.gate.set()
        assert json.loads(list(told)[-1])["type"] == "finished"


def test_what_hidden_cases_ask_never_leaves_the_server(world: World, ada: Learner) -> None:
    goal = world.goal(ada.id)
    world.runner.failing = {case.id for case in HIDDEN}
    ran = run(ada, goal).text
    pages = [f"/v1/goals/{goal}", f"/v1/goals/{goal}/runs", "/v1/me/export", "/v1/events", "/v1/daily"]
    for text in (ran, *(ada.get(page).text for page in pages)):
        for case in HIDDEN:
            assert case.id not in text
            assert f"weeks_to_fill({', '.join(map(repr, case.args))})" not in text
    assert [c["visible"] for c in lines(run(ada, goal))[-1]["cases"]] == [False] * 4


def test_a_resend_is_told_again_and_runs_nothing(world: World, ada: Learner) -> None:
    goal = world.goal(ada.id)
    world.runner.failing = {"four-weeks"}
    first = lines(run(ada, goal))[-1]
    again = lines(run(ada, goal))
    assert [t["type"] for t in again] == ["accepted", "finished"]
    assert again[-1] == first
    assert len(world.runner.requests) == 1


@pytest.mark.parametrize("other", [{"code": CODE + "# other"}, {"purpose": "submit"}])
def test_an_id_that_named_another_run_is_refused_while_that_goes_on_and_after(
    world: World, ada: Learner, other: dict[str, str]
) -> None:
    goal = world.goal(ada.id)
    world.runner.gate.clear()
    thread = threading.Thread(target=lambda: run(ada, goal))
    thread.start()
    while not world.runner.requests:
        pass
    assert run(ada, goal, **other).status_code == 409
    world.runner.gate.set()
    thread.join(20)
    answer = run(ada, goal, **other)
    assert answer.status_code == 409
    assert "id" in answer.json()["detail"]
    assert len(world.runner.requests) == 1


def test_a_resend_while_it_runs_joins_it(world: World, ada: Learner) -> None:
    goal = world.goal(ada.id)
    world.runner.gate.clear()
    answers: list[httpx.Response] = []
    threads = [threading.Thread(target=lambda: answers.append(run(ada, goal))) for _ in range(3)]
    for thread in threads:
        thread.start()
    while not world.runner.requests:
        pass
    world.runner.gate.set()
    for thread in threads:
        thread.join(20)
    assert {lines(a)[-1]["position"] for a in answers} == {lines(answers[0])[-1]["position"]}
    assert len(world.runner.requests) == len(finished(world)) == 1


def test_a_resend_that_looked_before_the_end_and_comes_after_it_runs_nothing(
    world: World, ada: Learner, monkeypatch: pytest.MonkeyPatch
) -> None:
    goal, runs = world.goal(ada.id), world.api.services.runs  # type: ignore[union-attr]
    admit, turns = runs.admit, iter(range(2))
    both, over = threading.Event(), threading.Event()

    def slowly(going: Run, **more: Any) -> tuple[Run, bool]:
        if next(turns):
            both.set()
            over.wait(10)
        else:
            both.wait(10)
        return admit(going, **more)

    monkeypatch.setattr(runs, "admit", slowly)
    answers: list[httpx.Response] = []
    threads = [threading.Thread(target=lambda: answers.append(run(ada, goal))) for _ in range(2)]
    for thread in threads:
        thread.start()
    while not finished(world) or runs.going:
        time.sleep(0.01)
    over.set()
    for thread in threads:
        thread.join(20)
    first, second = (lines(answer)[-1] for answer in answers)
    assert first == second and first["type"] == "finished"
    assert len(world.runner.requests) == len(finished(world)) == 1


def test_a_caller_who_leaves_loses_nothing(world: World, ada: Learner) -> None:
    goal = world.goal(ada.id)
    world.runner.gate.clear()
    body = {"id": "r", "code": CODE}
    with ada.http.stream("POST", f"/v1/goals/{goal}/runs", json=body, headers=ada.headers) as answer:
        next(answer.iter_lines())
    world.runner.gate.set()
    assert lines(run(ada, goal, "r"))[-1]["type"] == "finished"
    assert len(world.runner.requests) == 1


def test_an_id_used_for_something_else_is_a_conflict(world: World, ada: Learner) -> None:
    goal, other = world.goal(ada.id), world.goal(ada.id)
    ada.send({**event("goal.opened", {"goal": goal}), "id": "mine"})
    problem(run(ada, goal, "mine"), 409)
    run(ada, goal, "r")
    problem(run(ada, other, "r"), 409)


def test_equal_failures_have_equal_signatures_and_others_not(world: World, ada: Learner) -> None:
    goal = world.goal(ada.id)
    for id_, failing in (("a", {"four-weeks"}), ("b", {"four-weeks"}), ("c", {"big-step"}), ("d", set[str]())):
        world.runner.failing = failing
        run(ada, goal, id_)
    a, b, c, d = (stored["signature"] for stored in finished(world))
    assert a == b != c
    assert d == ""


def test_our_fault_is_said_and_costs_nothing(world: World, ada: Learner) -> None:
    goal = world.goal(ada.id)
    world.runner.error = SandboxUnavailable("no sandbox here")
    end = lines(run(ada, goal))[-1]
    assert (end["fault"], end["verdict"], end["failed"]) == (True, "fault", 0)
    assert ada.get("/v1/contract").json()["runs_today"] == 0
    assert ada.get(f"/v1/goals/{goal}").json()["runs"] == 0


def test_a_refusal_names_its_reason_and_remedy_and_is_recorded(world: World, ada: Learner) -> None:
    goal = world.goal(ada.id)
    [(contract,)] = world.rows("SELECT contract FROM contract")
    now = world.clock()
    terms = Terms(starts=now - timedelta(days=9), ends=now + timedelta(days=9), runs_per_day=1)
    world.record(ada.id, ContractAmended(contract=contract, organisation="trial", terms=terms))
    assert run(ada, goal, "first").status_code == 200
    refused = problem(run(ada, goal, "second"), 403)
    assert refused["reason"] == "quota_used_up"
    assert refused["remedy"]
    assert run(ada, goal, "first").status_code == 200, "a resend is not a new run"
    assert world.rows("SELECT data->>'reason' FROM events WHERE type = 'goals.access.denied'") == [("quota_used_up",)]
    assert len(world.runner.requests) == 1


def test_a_swapped_goal_is_closed_and_another_learners_is_not_there(world: World, ada: Learner) -> None:
    mine, foreign = world.goal(ada.id), world.goal(world.learner().id)
    world.record(ada.id, StateChanged(entity="goal", id=mine, before="assigned", after="swapped", because="asked"))
    assert problem(run(ada, mine), 403)["reason"] == "goal_closed"
    other, missing = run(ada, foreign), run(ada, "no-such-goal")
    assert problem(other, 404)["reason"] == problem(missing, 404)["reason"] == "unknown_goal"
    assert world.runner.requests == []


@pytest.mark.parametrize("code", ["x" * 65_537, "ñ" * 40_000])
def test_a_solution_over_64_kib_is_too_large(world: World, ada: Learner, code: str) -> None:
    problem(run(ada, world.goal(ada.id), code=code), 413)
    assert world.runner.requests == []


@pytest.mark.parametrize(
    "wrong", [{"code": "a\x00b"}, {"code": None}, {"purpose": "peek"}, {"id_": ""}, {"id_": "a b"}]
)
def test_a_wrong_run_is_a_problem(world: World, ada: Learner, wrong: dict[str, Any]) -> None:
    problem(
        run(ada, world.goal(ada.id), **{"id_": "r", **{k if k != "id" else "id_": v for k, v in wrong.items()}}), 422
    )


def test_too_many_runs_at_once_are_told_to_wait(world: World, ada: Learner) -> None:
    goal = world.goal(ada.id)
    world.runner.gate.clear()
    threads = [threading.Thread(target=run, args=(ada, goal, f"r{n}")) for n in range(4)]
    for thread in threads:
        thread.start()
    while len(world.runner.requests) < 4:
        pass
    problem(run(ada, goal, "one-more"), 429)
    world.runner.gate.set()
    for thread in threads:
        thread.join(20)
    assert run(ada, goal, "one-more").status_code == 200


def test_a_run_cut_off_by_a_crash_is_run_again_at_the_next_start(world: World, ada: Learner, open_world: Open) -> None:
    goal = world.goal(ada.id)
    here = world.api.services
    assert here is not None
    claims = here.tokens.verify(ada.access)
    raw = event("run.requested", {"goal": goal, "code": CODE, "purpose": "submit"})
    request = here.ingest.check(raw, claims, run=True)
    here.appender.submit([request]).result(10)  # requested, and then the process died
    after = open_world()
    answer = lines(run(ada, goal, raw["id"], purpose="submit"))
    assert answer[-1]["type"] == "finished"
    [stored] = finished(world)
    assert stored["run"] == derived_id("run", ada.id, raw["id"])
    assert (after.runner.requests or world.runner.requests)[0]["code"] == CODE


def test_a_recovery_runs_nothing_twice(world: World, ada: Learner) -> None:
    goal = world.goal(ada.id)
    run(ada, goal)
    here = world.api.services
    assert here is not None
    assert here.runs.recovery.once() == 0


def test_history_keeps_the_code_of_each_run(world: World, ada: Learner) -> None:
    goal = world.goal(ada.id)
    run(ada, goal, "a", code="x = 1")
    run(ada, goal, "b", code="payload: int = 2")
    assert [r["code"] for r in ada.get(f"/v1/goals/{goal}/runs").json()["runs"]] == ["payload: int = 2", "x = 1"]
    problem(world.learner().get(f"/v1/goals/{goal}/runs"), 404)


def test_the_real_runner_judges_a_right_and_a_wrong_solution(open_world: Open) -> None:
    world = open_world(runner=LocalRunner(allow_none=True))
    ada = world.learner()
    goal = world.goal(ada.id)
    right = load().challenges["coin-jar"].reference
    assert lines(run(ada, goal, "a", code=right))[-1]["verdict"] == "passed"
    wrong = lines(run(ada, goal, "b", code="def weeks_to_fill(goal, first, step):\n    return 1 / 0\n"))
    assert wrong[1]["error"]["type"] == "ZeroDivisionError"
    assert wrong[-1]["failed"] == 8
    assert isinstance(world.api, Api)


def test_a_runner_that_is_away_is_our_fault(open_world: Open) -> None:
    world = open_world(runner=HttpRunner("http://127.0.0.1:9"))
    ada = world.learner()
    assert lines(run(ada, world.goal(ada.id)))[-1]["fault"] is True
