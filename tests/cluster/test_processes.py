"""Every container of the manifests, started as a kubelet would, but as an ordinary process (`kubelet.py`)."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
from pathlib import Path

import httpx
import psycopg
import pytest

from goals.cluster.deployed import FUNCTIONS, USER
from goals.launch.functions import EVENT_FUNCTIONS
from goals.services import S3
from graph.topology import QUEUES, SWEPT, TICKED
from shared.bus.port import CONTENT_TYPE
from shared.bus.rabbit import RabbitBus
from shared.curriculum import load
from shared.store.connect import connect
from tests.cluster.conftest import Make
from tests.cluster.kubelet import Container
from tests.cluster.lake import bucket
from tests.lake.events import append, assigned

ACCOUNT = {"email": "ada@example.org", "password": "a long and quiet evening", "name": "Ada"}
ENDED = (0, 128 + signal.SIGTERM)
"""uvicorn, once it has finished, passes the signal on that it was ended by."""
TICK = json.dumps({"specversion": "1.0", "id": "1", "source": "/test", "type": "goals.nothing", "data": {}}).encode()


def as_the_manifest_says(container: Container) -> None:
    """Ready and alive; its user; its root only read, and not written though it owned it; its memory."""
    assert container.ask("livenessProbe") == 200
    own = container.own()
    if os.geteuid() == 0:
        assert set(own.uids()) == {USER}
        assert set(own.gids()) == {USER}
    mounts = [line.split() for line in Path(f"/proc/{own.pid}/mountinfo").read_text().splitlines()]
    options = {mount[4]: mount[5].split(",") for mount in mounts}
    assert "ro" in options["/"]
    writable = {path for path, how in options.items() if "rw" in how and not path.startswith(("/dev", "/proc"))}
    assert writable == {container.environment()["GOALS_DATA_DIR"]}
    capabilities = next(x for x in Path(f"/proc/{own.pid}/status").read_text().splitlines() if x.startswith("CapEff"))
    assert int(capabilities.split()[1], 16) == 0
    assert container.memory() < container.limit()


@pytest.mark.parametrize("name", EVENT_FUNCTIONS)
def test_an_event_function_is_ready_within_its_walls_and_finishes_what_it_has_at_sigterm(
    containers: Make, database: str, name: str
) -> None:
    container = containers("Service", name, database=database)
    container.start()
    container.await_ready()
    as_the_manifest_says(container)

    head = f"POST / HTTP/1.1\r\nHost: f\r\nContent-Type: {CONTENT_TYPE}\r\nContent-Length: {len(TICK)}\r\n\r\n"
    with socket.create_connection(("127.0.0.1", container.port), timeout=60) as talking:
        talking.sendall(head.encode() + TICK[:10])
        while container.ask("livenessProbe") != 200:  # it has the head by then
            pass
        container.own().terminate()
        talking.sendall(TICK[10:])
        answer = talking.makefile("rb").readline()
    assert b" 422 " in answer, "the event that was on its way is answered"
    assert container.process is not None
    assert container.process.wait(60) in ENDED


def test_the_api_its_tools_and_the_runner_work_together_and_end_at_sigterm(containers: Make, database: str) -> None:
    runner = containers("Service", "runner")
    runner.start()
    api = containers("Service", "api", database=database, runner=f"http://127.0.0.1:{runner.port}")
    api.start()
    mcp = containers("Service", "mcp", api=f"http://127.0.0.1:{api.port}")
    mcp.start()
    for each in (runner, api, mcp):
        each.await_ready()
        as_the_manifest_says(each)

    def status(host: str) -> int:
        connection = http.client.HTTPConnection("127.0.0.1", mcp.port, timeout=20)
        connection.request("POST", "/mcp", b"{}", {"host": host, "content-type": "application/json"})
        answer = connection.getresponse().status
        connection.close()
        return answer

    assert status("mcp.goals.svc.cluster.local") == 401, "the name that the gateway uses: only the token is missing"
    assert status("evil.example.org") != 401, "any other name is refused before that"
    assert "GOALS_DATABASE_URL" not in runner.environment()

    right = load().challenges["coin-jar"].reference
    with httpx.Client(base_url=f"http://127.0.0.1:{api.port}", timeout=90) as client:
        account = client.post("/v1/auth/register", json=ACCOUNT).json()
        client.headers["authorization"] = f"Bearer {account['access_token']}"
        with connect(database) as conn:
            append(conn, account["learner"], [assigned("g1")])
        done = client.post("/v1/goals/g1/runs", json={"id": "run-1", "code": right})
        assert json.loads(done.text.splitlines()[-1])["verdict"] == "passed", done.text
        for each in (runner, api, mcp):
            assert each.memory() < each.limit(), "after a run as before it"
        slow = {"id": "run-2", "code": f"import time\ntime.sleep(0.3)\n{right}"}
        with client.stream("POST", "/v1/goals/g1/runs", json=slow) as going:
            lines = going.iter_lines()
            next(lines)
            api.own().terminate()
            assert json.loads([*lines][-1])["verdict"] == "passed", "a run that is under way is told to its end"
    assert api.process is not None
    assert api.process.wait(60) in ENDED
    for each in (mcp, runner):
        assert each.terminate() in ENDED


def test_every_function_is_tried_here() -> None:
    assert {each.name for each in FUNCTIONS} == {*EVENT_FUNCTIONS, "api", "mcp", "runner"}


def test_the_job_makes_an_empty_place_ready_and_may_be_repeated(
    containers: Make, empty_database: str, rabbit_url: str, s3: S3
) -> None:
    for _ in range(2):
        job = containers("Job", "prepare", database=empty_database, lake=s3)
        assert job.run() == 0, job.said()
    assert bucket(job.environment()).ready()
    with psycopg.connect(empty_database) as conn:
        assert conn.execute("SELECT count(*) FROM events").fetchone() == (0,)
    bus = RabbitBus(rabbit_url, settle=0)
    assert [bus.depth(queue.name) for queue in QUEUES] == [0] * len(QUEUES)
    bus.close()


def test_the_clock_s_jobs_reach_the_queues_and_one_that_is_repeated_ticks_the_same_tick(
    containers: Make, rabbit_url: str
) -> None:
    bus = RabbitBus(rabbit_url, settle=0)
    bus.declare(QUEUES)
    for name in ("clock-daily", "clock-daily", "clock-sweep"):
        assert containers("CronJob", name).run() == 0
    assert (bus.depth("daily"), bus.depth("process")) == (2, 1)
    consumer = bus.consume("daily", 10)
    taken = [consumer.get(10) for _ in range(2)]
    events = [json.loads(delivery.body) for delivery in taken if delivery is not None]
    assert [event["type"] for event in events] == [TICKED, TICKED]
    assert len({event["data"]["at"] for event in events}) == len({event["id"] for event in events})
    consumer.close()
    assert SWEPT != TICKED
    bus.close()
