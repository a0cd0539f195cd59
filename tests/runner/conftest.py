"""A real runner: a real HTTP server in front of a real sandbox, one run at a time, two waiting."""

from __future__ import annotations

import json
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import pytest
import uvicorn

from functions.runner.function import Runner
from shared.sandbox import Sandbox

TOTAL = "def total(xs):\n    s = 0\n    for x in xs:\n        s += x\n    return s\n"
GRACE = 1.0
SLEEP = "import time\ndef nap(n):\n    time.sleep(n)\n    return n\n"


def request(code: str = TOTAL, cases: list[dict[str, Any]] | None = None, **more: Any) -> dict[str, Any]:
    cases = cases or [{"id": "a", "args": [[3, 9, 2]], "expected": 14, "subtask": "sum"}]
    return {"id": str(uuid.uuid4()), "language": "python", "code": code, "cases": cases, "entry": "total"} | more


def naps(*seconds: float) -> dict[str, Any]:
    return request(SLEEP, [{"id": str(i), "call": "nap", "args": [n], "expected": n} for i, n in enumerate(seconds)])


@contextmanager
def started() -> Iterator[Runner]:
    runner = Runner(sandbox=Sandbox(mode="bubblewrap"), at_once=1, waiting=2, grace=GRACE)
    runner.start()
    yield runner
    runner.stop()


@pytest.fixture
def runner() -> Iterator[Runner]:
    with started() as runner:
        yield runner


@pytest.fixture
def url(runner: Runner) -> Iterator[str]:
    with served(runner) as url:
        yield url


@contextmanager
def served(runner: Runner) -> Iterator[str]:
    server = uvicorn.Server(
        uvicorn.Config(runner, interface="asgi3", port=0, log_level="error", lifespan="off", ws="none")
    )
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    thread.join()


def lines(url: str, body: dict[str, Any]) -> list[dict[str, Any]]:
    with httpx.stream("POST", f"{url}/runs", json=body, timeout=20) as answer:
        assert (answer.status_code, answer.headers["content-type"]) == (200, "application/x-ndjson")
        return [json.loads(line) for line in answer.iter_lines()]
