"""Figures for operators: off and free of cost unless asked for; then true, on a port of their own, without names."""

from __future__ import annotations

import socket
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from shared.errors import InvalidInput
from shared.telemetry import Gauge, meter, start
from tests.api.conftest import Open, open_world  # noqa: F401  a fixture

ROOT = Path(__file__).resolve().parents[2]


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port: int = taken.getsockname()[1]
        return port


@pytest.fixture
def scrape() -> Iterator[Callable[[], str]]:
    port = free_port()
    stop = start(port, "127.0.0.1")

    def read() -> str:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=10) as answer:
            text: str = answer.read().decode()
            return text

    yield read
    stop()


def figure(text: str, name: str, **labels: str) -> float:
    for line in text.splitlines():
        if line.startswith(name) and all(f'{key}="{value}"' in line for key, value in labels.items()):
            return float(line.rpartition(" ")[2])
    raise AssertionError(f"{name} {labels} is not in\n{text}")


def test_the_api_tells_requests_runs_and_what_waits_and_no_name(
    open_world: Open,  # noqa: F811
    scrape: Callable[[], str],
) -> None:
    world = open_world()
    learner = world.learner()
    goal = world.goal(learner.id)
    assert learner.post(f"/v1/goals/{goal}/runs", {"id": "r-1", "code": "x = 1\n"}).status_code == 200
    assert learner.get("/v1/goals/none").status_code == 404
    text = scrape()
    assert figure(text, "goals_http_requests_total", route="/v1/auth/register", status="201") == 1
    assert figure(text, "goals_http_requests_total", route="/v1/goals/{goal}/runs", status="200") == 1
    assert figure(text, "goals_http_requests_total", route="/v1/goals/{goal}", status="404") == 1
    assert figure(text, "goals_http_request_seconds_count", route="/v1/goals/{goal}/runs") == 1
    assert figure(text, "goals_runs_total", verdict="passed", mode="none") == 1
    assert figure(text, "goals_log_position") == figure(text, "goals_lake_lag_events") > 0
    assert figure(text, "goals_learner_model_lag_events") == figure(text, "goals_log_position")
    assert figure(text, "goals_queue_messages", queue="feedback") == 0
    assert figure(text, "goals_waiting_inputs") >= 1, "nobody takes them here"
    assert learner.id not in text
    assert goal not in text
    assert "Ada" not in text


def test_what_cannot_be_read_leaves_the_other_figures(scrape: Callable[[], str]) -> None:
    def away() -> Iterator[Gauge]:
        yield Gauge("goals_here", "Before it broke.", 7)
        raise OSError("the database is away")

    meter().watch(away)
    meter().handled("access", "goals.node.access", 204, 0.01)
    meter().handled("access", "goals.node.access", 422, 0.01)
    scrape()
    text = scrape()
    assert figure(text, "goals_here") == 7
    assert figure(text, "goals_gauges_unread_total") >= 1
    assert figure(text, "goals_events_total", function="access", outcome="done") == 1
    assert figure(text, "goals_events_total", function="access", outcome="never") == 1


def test_a_port_that_is_taken_is_said(scrape: Callable[[], str]) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(InvalidInput, match="cannot be had"):
            start(taken.getsockname()[1], "127.0.0.1")


@pytest.mark.parametrize("given", ["http", "70000", "-1", "٣"])
def test_what_is_no_port_ends_the_start_in_one_sentence(given: str) -> None:
    code = "from shared.function.serve import measure; measure('127.0.0.1', 'access')"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env={"GOALS_METRICS_PORT": given}, capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    assert done.returncode == 1
    assert "is no port; a number from 1 to 65535" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_function_that_is_not_measured_does_not_import_the_library() -> None:
    code = (
        "import sys; from shared.function.serve import measure; import functions.access.function; "
        "measure('127.0.0.1', 'access'); sys.exit('prometheus_client' in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, env={}, check=True)
