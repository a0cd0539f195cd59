"""What a program prints leaves the runner while it runs: real servers, real sandboxes."""

from __future__ import annotations

import json
import time
from typing import Any

import httpx

from functions.api.runner import HttpRunner
from functions.runner.function import Runner
from functions.runner.request import RunRequest
from functions.runner.stream import AT_ONCE, GATHER, Pace
from shared.sandbox import Printed
from tests.runner.conftest import lines, request

SLOW = """
import sys, time
def total(n):
    print("before", n)
    print("a warning", file=sys.stderr)
    time.sleep(1)
    print("after", n)
    return n
"""
FLOOD = """
import sys
def total(n):
    for i in range(n):
        print(i, flush=True)
    return n
"""


def case(id_: str, n: int, *, visible: bool = True) -> dict[str, Any]:
    return {"id": id_, "args": [n], "expected": n, "visible": visible}


def text_of(events: list[dict[str, Any]], case: str, stream: str = "stdout") -> str:
    return "".join(e["text"] for e in events if e["kind"] == "printed" and (e["case"], e["stream"]) == (case, stream))


def test_what_a_case_prints_leaves_while_it_still_runs(url: str) -> None:
    began = time.monotonic()
    with httpx.stream("POST", f"{url}/runs", json=request(SLOW, [case("a", 1)]), timeout=20) as answer:
        arriving = answer.iter_lines()
        first = json.loads(next(arriving))
        assert time.monotonic() - began < 0.9
        assert (first["kind"], first["case"], first["text"][:6]) == ("printed", "a", "before")
        events = [first, *map(json.loads, arriving)]
    assert text_of(events, "a") == "before 1\nafter 1\n" == events[-2]["stdout"]
    assert text_of(events, "a", "stderr") == "a warning\n"
    assert [e["kind"] for e in events[-2:]] == ["case", "finished"]


def test_what_a_hidden_case_prints_never_leaves(url: str) -> None:
    code = "def total(n):\n    print('seen', n)\n    return n\n"
    told = lines(url, request(code, [case("open", 1), case("secret", 77, visible=False), case("last", 2)]))
    assert {e["case"] for e in told if e["kind"] == "printed"} == {"open", "last"}
    assert not any("77" in e["text"] for e in told if e["kind"] == "printed")


def test_a_program_that_remembers_its_inputs_cannot_say_hidden_ones_in_a_visible_case(url: str) -> None:
    code = "seen = []\ndef total(n):\n    seen.append(n)\n    print(seen)\n    return seen\n"
    told = lines(url, request(code, [case("open", 1), case("secret", 77, visible=False), case("last", 2)]))
    assert [e["id"] for e in told if e["kind"] == "case"] == ["open", "last", "secret"]
    assert "77" not in str([e for e in told if e.get("visible") is not False and e["kind"] != "finished"])


def test_a_flood_of_short_lines_is_gathered_and_stays_within_the_bound_of_output(url: str) -> None:
    began = time.monotonic()
    told = lines(url, request(FLOOD, [case("a", 5_000)]))
    seconds = time.monotonic() - began
    pieces = [e for e in told if e["kind"] == "printed"]
    assert text_of(told, "a") == "".join(f"{n}\n" for n in range(5_000))
    assert told[-1]["verdict"] == "passed"
    assert len(pieces) <= AT_ONCE + 1 + seconds / GATHER < 5_000
    beyond = lines(url, request(FLOOD, [case("a", 100_000)]))
    assert beyond[-1]["verdict"] == "output"
    assert len(text_of(beyond, "a")) <= 64 * 1024


def test_the_first_pieces_of_each_case_are_not_held_back() -> None:
    slept: list[float] = []
    pace = Pace({"a", "b"}, slept.append)
    for call in ("a", "b"):
        for _ in range(AT_ONCE):
            assert [e["text"] for e in pace.told(Printed(call, "stdout", "x"))] == ["x"]
    assert slept == []
    assert list(pace.told(Printed("b", "stdout", "x"))) and slept == [GATHER]


def test_who_comes_back_misses_no_output(url: str) -> None:
    body = request(SLOW, [case("a", 1)])
    with httpx.stream("POST", f"{url}/runs", json=body, timeout=20) as answer:
        first = json.loads(next(answer.iter_lines()))
    rest = httpx.get(f"{url}/runs/{body['id']}", params={"after": "1"}, timeout=20)
    events = [first, *map(json.loads, rest.content.splitlines())]
    assert text_of(events, "a") == "before 1\nafter 1\n"


def test_a_run_of_this_process_is_cancelled_by_its_id(runner: Runner) -> None:
    body = request(SLOW, [case("a", 1)])
    events = runner.run(RunRequest.model_validate(body))
    assert next(events)["kind"] == "printed"
    began = time.monotonic()
    assert runner.cancel(body["id"])
    assert list(events)[-1] == {"kind": "cancelled"}
    assert time.monotonic() - began < 0.9
    assert not runner.cancel(body["id"]), "it is not there any more"


def test_the_api_s_port_cancels_a_run_that_somebody_else_listens_to(url: str) -> None:
    one, other = HttpRunner(url), HttpRunner(url)
    body = request(SLOW, [case("a", 1)])
    events = one.run(body)
    assert next(events)["kind"] == "printed"
    assert other.cancel(body["id"])
    assert list(events)[-1] == {"kind": "cancelled"}
    assert not other.cancel("nobody's")
    one.stop()
    other.stop()
