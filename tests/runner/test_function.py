"""The runner as deployed: a real HTTP server in front of a real sandbox."""

from __future__ import annotations

import json
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest

from functions.runner.function import Runner, new
from functions.runner.request import RunRequest
from shared.errors import InvalidInput, SandboxUnavailable, TooLarge, TooManyRequests
from shared.sandbox import Sandbox
from tests.runner.conftest import lines, naps, request
from tests.sandbox.conftest import processes


def test_a_run_streams_its_cases_and_finishes(url: str) -> None:
    cases = [
        {"id": "a", "args": [[3, 9, 2]], "expected": 14},
        {"id": "b", "args": [[1]], "expected": 2, "visible": False},
    ]
    first, second, last = lines(url, request(cases=cases))
    assert (first["kind"], first["id"], first["verdict"]) == ("case", "a", "passed")
    assert (second["verdict"], second["visible"], second["got"], second["line"]) == ("failed", False, "1", 5)
    assert {key: last[key] for key in ("kind", "passed", "failed", "total", "verdict", "mode")} == {
        "kind": "finished", "passed": 1, "failed": 1, "total": 2, "verdict": "failed", "mode": "bubblewrap",
    }  # fmt: skip


def test_each_case_leaves_the_moment_it_exists(url: str) -> None:
    began = time.monotonic()
    with httpx.stream("POST", f"{url}/runs", json=naps(0, 1), timeout=20) as answer:
        next(answer.iter_lines())
        assert time.monotonic() - began < 0.8


def test_who_must_wait_is_told_how_many_start_before_and_then_runs(runner: Runner) -> None:
    slow, one, two = (runner.open(RunRequest.model_validate(naps(n))) for n in (0.5, 0, 0))
    with pytest.raises(TooManyRequests, match="2 runs wait already, 2 may"):
        runner.open(RunRequest.model_validate(naps(0)))
    first = threading.Thread(target=lambda: list(slow))
    first.start()
    assert next(two) == {"kind": "queued", "position": 1}
    assert [event.get("position", event["kind"]) for event in one] == [0, "case", "finished"]
    assert [event.get("position", event["kind"]) for event in two] in (["case", "finished"], [0, "case", "finished"])
    first.join()
    for stream in (slow, one, two):
        runner.close(stream)


def test_beyond_the_line_the_answer_is_429_and_names_the_limit(url: str, runner: Runner) -> None:
    held = [runner.open(RunRequest.model_validate(naps(0))) for _ in range(3)]
    answer = httpx.post(f"{url}/runs", json=request())
    assert (answer.status_code, answer.headers["content-type"]) == (429, "application/problem+json")
    assert answer.headers["retry-after"] == "2"
    assert (answer.json()["limit"], answer.json()["scope"]) == (2, "all")
    for stream in held:
        runner.close(stream)
    assert lines(url, request())[-1]["verdict"] == "passed"


def test_thirty_two_learners_at_once_are_all_served_in_turns() -> None:
    runner = Runner(sandbox=Sandbox(mode="bubblewrap"))
    runner.start()

    def ask(learner: int) -> list[dict[str, Any]]:
        bodies = [naps(0) | {"learner": str(learner)} for _ in range(2)]
        return [event for body in bodies for event in runner.run(RunRequest.model_validate(body))]

    with ThreadPoolExecutor(32) as pool:
        heard = list(pool.map(ask, range(32)))
    assert [sum(event["kind"] == "finished" for event in each) for each in heard] == [2] * 32
    for each in heard:
        for places in runs_of(each):
            assert places == sorted(places, reverse=True), "a learner's only run in line never goes back"
            assert all(place <= 31 for place in places), "at most one run of each other learner is before it"
    runner.stop()


def runs_of(events: list[dict[str, Any]]) -> list[list[int]]:
    """The positions told in each run."""
    places: list[list[int]] = [[]]
    for event in events:
        if event["kind"] == "queued":
            places[-1].append(event["position"])
        elif event["kind"] == "finished":
            places.append([])
    return places


def test_closing_the_iterator_cancels_the_run(runner: Runner) -> None:
    before = processes()
    events = runner.run(RunRequest.model_validate(naps(0, 3)))
    assert next(events)["kind"] == "case"
    began = time.monotonic()
    events.close()  # type: ignore[attr-defined]
    assert time.monotonic() - began < 1 and not processes() - before


def test_a_fault_of_the_machine_is_no_verdict(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    runner = Runner(sandbox=Sandbox(mode="bubblewrap", warm=False))
    runner.start()
    monkeypatch.setenv("PATH", str(tmp_path))
    events = list(runner.run(RunRequest.model_validate(request())))
    assert [event["kind"] for event in events] == ["fault"] and "bwrap" in events[0]["detail"]


BAD: dict[str, tuple[bytes, int]] = {
    "not JSON": (b"{", 422),
    "not UTF-8": (b'{"id":"\xff"}', 422),
    "not an object": (b"[]", 422),
    "too deep": (b"[" * 100_000, 422),
    "too large": (b" " * 300_000, 413),
    "no cases": (json.dumps(request() | {"cases": []}).encode(), 422),
    "code too large": (json.dumps(request("x" * 70_000)).encode(), 422),
    "unknown language": (json.dumps(request(language="cobol")).encode(), 422),
    "unknown field": (json.dumps(request(secret=1)).encode(), 422),
    "same id twice": (json.dumps(request(cases=[{"id": "a"}, {"id": "a"}])).encode(), 422),
    "a call that is no name": (json.dumps(request(cases=[{"id": "a", "call": "os.system"}])).encode(), 422),
}


@pytest.mark.parametrize(("body", "status"), BAD.values(), ids=BAD.keys())
def test_a_bad_request_is_a_problem(url: str, body: bytes, status: int) -> None:
    answer = httpx.post(f"{url}/runs", content=body)
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
    assert answer.json()["status"] == status and answer.json()["detail"]


def test_nul_bytes_and_lone_surrogates_reach_the_learner_as_text(url: str) -> None:
    code = "def total(xs):\n    print('\\0 \\ud800')\n    return '\\ud800\\0'\n"
    printed, first, _ = lines(url, request(code))
    assert first["verdict"] == "failed" and "\0" not in first["stdout"] + first["got"] + printed["text"]
    assert lines(url, request("x = 1\0\n"))[0]["verdict"] == "compile_error"


def test_health_and_unknown_paths(url: str) -> None:
    assert httpx.get(f"{url}/health/liveness").status_code == 200
    ready = httpx.get(f"{url}/health/readiness")
    assert (ready.status_code, ready.json()["ok"]) == (200, True)
    missing = httpx.get(f"{url}/runs")
    assert (missing.status_code, missing.headers["content-type"]) == (404, "application/problem+json")


def test_not_started_or_stopping_it_is_alive_and_not_ready() -> None:
    runner = new()
    assert runner.alive()[0] and not runner.ready()[0]
    with pytest.raises(SandboxUnavailable):
        runner.open(RunRequest.model_validate(request()))
    runner.start()
    assert runner.ready()[0]
    runner.stop()
    assert not runner.ready()[0]


def test_parsing_names_the_place_of_the_error() -> None:
    with pytest.raises(InvalidInput, match=r"cases\.0\.tolerance"):
        RunRequest.parse(json.dumps(request(cases=[{"id": "a", "tolerance": -1}])).encode())
    with pytest.raises(TooLarge):
        RunRequest.parse(b" " * 300_000)
