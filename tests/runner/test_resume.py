"""A lost connection loses nothing: real servers, real sandboxes, connections cut for real."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

from functions.api.runner import HttpRunner
from functions.runner.function import Runner
from shared.errors import TooManyRequests, Unavailable
from tests.runner.conftest import GRACE, lines, naps, request, served, started
from tests.runner.cut import CutProxy
from tests.sandbox.conftest import processes


@pytest.fixture
def client(url: str) -> Iterator[HttpRunner]:
    client = HttpRunner(url)
    yield client
    client.stop()


@pytest.fixture
def proxy(url: str) -> Iterator[CutProxy]:
    with CutProxy(port(url)) as proxy:
        yield proxy


def port(url: str) -> int:
    return int(url.rpartition(":")[2])


def soon(true: Callable[[], object], seconds: float = 3) -> bool:
    deadline = time.monotonic() + seconds
    while not true() and time.monotonic() < deadline:
        time.sleep(0.02)
    return bool(true())


def going(runner: Runner) -> int:
    return len(runner._open)


def resumed(url: str, run: str, after: object) -> httpx.Response:
    return httpx.get(f"{url}/runs/{run}", params={"after": str(after)}, timeout=20)


def parsed(answer: httpx.Response) -> list[dict[str, Any]]:
    return [json.loads(line) for line in answer.content.splitlines()]


def test_who_comes_back_gets_what_is_behind_the_last_line_and_goes_on_live(url: str) -> None:
    body = naps(0, 0, 0.7, 0)
    with httpx.stream("POST", f"{url}/runs", json=body, timeout=20) as answer:
        first = json.loads(next(answer.iter_lines()))
    rest = parsed(resumed(url, body["id"], 1))
    assert [event.get("id", event["kind"]) for event in (first, *rest)] == ["0", "1", "2", "3", "finished"]
    assert rest[-1]["passed"] == 4


def test_a_run_that_is_over_is_told_again_for_a_while(url: str) -> None:
    body = request()
    told = lines(url, body)
    assert parsed(resumed(url, body["id"], 0)) == told == lines(url, body), "asked again, it does not run again"
    assert parsed(resumed(url, body["id"], 1)) == told[1:]
    assert parsed(resumed(url, body["id"], 99)) == []


def test_a_second_post_joins_the_run_that_is_going_on(url: str, runner: Runner) -> None:
    body = naps(0.4, 0)
    heard: list[list[dict[str, Any]]] = []
    both = [threading.Thread(target=lambda: heard.append(lines(url, body))) for _ in range(2)]
    for one in both:
        one.start()
    assert soon(lambda: going(runner) == 1)
    for one in both:
        one.join()
    assert heard[0] == heard[1] and len(heard[0]) == 3


def test_an_id_is_of_one_request_only(url: str) -> None:
    body = request()
    lines(url, body)
    answer = httpx.post(f"{url}/runs", json=body | {"code": "def total(xs): return 0"})
    assert (answer.status_code, answer.headers["content-type"]) == (409, "application/problem+json")


def test_who_leaves_and_does_not_come_back_ends_the_run(url: str) -> None:
    before = processes()
    body = naps(0, 3)
    with httpx.stream("POST", f"{url}/runs", json=body, timeout=20) as answer:
        next(answer.iter_lines())
        running = processes() - before
        assert running
    time.sleep(GRACE / 2)
    assert processes() & running, "it may come back"
    assert soon(lambda: not processes() & running, GRACE + 1)
    assert parsed(resumed(url, body["id"], 1)) == [{"kind": "cancelled"}]
    assert lines(url, naps(0))[-1]["verdict"] == "passed", "its place is free again"
    assert lines(url, body | {"code": body["code"]})[-1]["kind"] == "finished", "asked again, it runs again"


def test_to_come_back_within_the_grace_keeps_the_run_each_time(url: str) -> None:
    body = naps(0, 2)
    with httpx.stream("POST", f"{url}/runs", json=body, timeout=20) as answer:
        next(answer.iter_lines())
    for _ in range(2):
        time.sleep(GRACE * 0.6)
        with httpx.stream("GET", f"{url}/runs/{body['id']}?after=1", timeout=20) as answer:
            assert answer.status_code == 200
    assert parsed(resumed(url, body["id"], 1))[-1]["verdict"] == "passed"


def test_who_leaves_the_line_frees_the_place_at_once(url: str, runner: Runner) -> None:
    running, waiting = naps(1.5), naps(0)
    first = threading.Thread(target=lines, args=(url, running))
    first.start()
    assert soon(lambda: going(runner) == 1)
    with httpx.stream("POST", f"{url}/runs", json=waiting, timeout=20) as answer:
        assert json.loads(next(answer.iter_lines())) == {"kind": "queued", "position": 0}
    assert soon(lambda: going(runner) == 1, GRACE * 0.8), "without the grace of a run that is running"
    assert resumed(url, waiting["id"], 0).status_code == 404
    first.join()


def test_a_cancel_stops_a_running_run_at_once(url: str) -> None:
    before = processes()
    body = naps(0, 3)
    with httpx.stream("POST", f"{url}/runs", json=body, timeout=20) as answer:
        arriving = answer.iter_lines()
        next(arriving)
        running = processes() - before
        began = time.monotonic()
        assert httpx.delete(f"{url}/runs/{body['id']}").status_code == 204
        assert [json.loads(line) for line in arriving] == [{"kind": "cancelled"}]
    assert time.monotonic() - began < 1 and not processes() & running
    assert httpx.delete(f"{url}/runs/{body['id']}").status_code == 204, "once more changes nothing"


def test_a_cancel_takes_a_waiting_run_out_of_the_line(url: str, runner: Runner) -> None:
    running, waiting = naps(1), naps(0)
    first = threading.Thread(target=lines, args=(url, running))
    first.start()
    assert soon(lambda: going(runner) == 1)
    with httpx.stream("POST", f"{url}/runs", json=waiting, timeout=20) as answer:
        arriving = answer.iter_lines()
        next(arriving)
        httpx.delete(f"{url}/runs/{waiting['id']}")
        assert json.loads(next(arriving)) == {"kind": "cancelled"}
    first.join()


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/runs/nobody", 404),
        ("DELETE", "/runs/nobody", 404),
        ("GET", "/runs/", 404),
        ("PUT", "/runs/nobody", 404),
    ],
)
def test_what_is_not_there_is_a_problem(url: str, method: str, path: str, status: int) -> None:
    answer = httpx.request(method, url + path)
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")


@pytest.mark.parametrize("after", ["-1", "x", "1.5", "9" * 40, "²"])
def test_after_is_a_number_of_lines(url: str, after: str) -> None:
    body = request()
    lines(url, body)
    assert resumed(url, body["id"], after).status_code == 422


# ---------------------------------------------------------------- the API's side


def test_the_api_takes_a_cut_run_up_again_and_misses_nothing(proxy: CutProxy, runner: Runner) -> None:
    client = HttpRunner(proxy.url)
    heard = []
    for frame in client.run(naps(0, 0.4, 0, 0.4, 0)):
        heard.append(frame.get("id", frame["kind"]))
        if frame.get("id") in ("0", "2"):
            proxy.cut()
    assert heard == ["0", "1", "2", "3", "4", "finished"]
    assert proxy.connections >= 3
    client.stop()


def test_the_api_asks_again_for_a_place_it_lost_while_it_waited(proxy: CutProxy, runner: Runner) -> None:
    slow = threading.Thread(target=lambda: list(runner.run(_parsed(naps(1)))))
    slow.start()
    assert soon(lambda: going(runner) == 1)
    client = HttpRunner(proxy.url)
    heard = []
    for frame in client.run(naps(0)):
        heard.append(frame["kind"])
        if len(heard) == 1:
            proxy.cut()
    assert heard[0] == "queued" and heard[-2:] == ["case", "finished"]
    client.stop()
    slow.join()


def test_behind_a_balancer_a_cut_run_is_told_to_its_end_by_another_runner_and_no_case_twice(
    url: str, runner: Runner
) -> None:
    with started() as other, served(other) as there, CutProxy(port(url), port(there)) as balancer:
        client = HttpRunner(balancer.url)
        heard = []
        for frame in client.run(naps(0, 0.4, 0, 0.4, 0)):
            heard.append(frame.get("id", frame["kind"]))
            if frame.get("id") == "1":
                balancer.cut()
        assert heard == ["0", "1", "2", "3", "4", "finished"]
        assert soon(lambda: going(runner) == going(other) == 0, GRACE + 2), "the first runner's run ends by itself"
        client.stop()


def test_an_answer_lost_before_its_first_line_is_no_second_run(proxy: CutProxy, runner: Runner) -> None:
    client = HttpRunner(proxy.url)
    threading.Timer(0.2, proxy.cut).start()
    heard = [frame["kind"] for frame in client.run(naps(0.6, 0))]
    assert heard == ["case", "case", "finished"] and proxy.connections >= 2
    client.stop()


def test_a_runner_that_is_gone_for_good_is_told_after_a_while(proxy: CutProxy) -> None:
    client = HttpRunner(proxy.url)
    frames = client.run(naps(0, 3))
    next(frames)
    proxy.close()
    with pytest.raises(Unavailable, match="the runner did not answer"):
        list(frames)
    client.stop()


def test_who_closes_the_frames_ends_the_run_at_once(client: HttpRunner, runner: Runner) -> None:
    frames = client.run(naps(0, 3))
    next(frames)
    began = time.monotonic()
    frames.close()  # type: ignore[attr-defined]
    assert soon(lambda: going(runner) == 0, GRACE * 0.8) and time.monotonic() - began < GRACE


def test_the_limit_met_is_told_in_the_runner_s_words(client: HttpRunner, runner: Runner) -> None:
    held = [runner.open(_parsed(naps(0) | {"learner": "ana"})) for _ in range(3)]
    with pytest.raises(TooManyRequests, match="2 runs wait already, 2 may"):
        list(client.run(request()))
    for stream in held:
        runner.close(stream)


def test_line_separators_in_what_a_program_says_break_no_line(client: HttpRunner) -> None:
    said = "'a\\u2028b\\x85c'"
    printed, first, _ = client.run(request(f"def total(xs):\n    print({said})\n    return {said}\n"))
    assert printed["text"] == first["stdout"]
    assert first["stdout"].startswith("a\u2028b\x85c") and first["verdict"] == "failed"


def _parsed(body: dict[str, Any]) -> Any:
    from functions.runner.request import RunRequest

    return RunRequest.model_validate(body)
