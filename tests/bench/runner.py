"""The runner under a crowd, and what one learner sees of it.

The crowd: 32 learners ask the runner as it is deployed, over HTTP, five runs each, the next when the last is over. A
wait is from asking to the first case's verdict. One learner, on the embedded system with nothing else to do: from
sending a right solution on the websocket to the first case, the last case, and the recorded end of a 20-case challenge.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import shutil
import statistics
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from websockets.asyncio.client import ClientConnection, connect

from functions.api.runner import HttpRunner, request_of
from shared.curriculum import load
from shared.curriculum.reading import BUILT_IN
from tests.bench.feedback import _settings
from tests.bench.parts import assign, await_ready, free_port, learner

LEARNERS, RUNS = 32, 5
CHALLENGE = "late-kayak"
FOLDER = Path("python-foundations", "challenges", CHALLENGE)
CASES = 20
ROUNDS, WARM_UP = 40, 5
PAUSE = 0.4
"""Seconds between one learner's runs: until the graph has done with the last one."""


@contextlib.contextmanager
def serving(command: list[str], port: int, **more: str) -> Iterator[None]:
    environment = {k: v for k, v in os.environ.items() if not k.startswith("GOALS_")} | {"PORT": str(port)} | more
    process = subprocess.Popen([sys.executable, *command], env=environment, stdout=subprocess.DEVNULL)
    try:
        await_ready(port)
        yield
    finally:
        process.terminate()
        process.wait(30)


# ---------------------------------------------------------------- the crowd


def crowd() -> dict[str, float]:
    challenge = load().challenges["heavy-bags"]
    code = (BUILT_IN / "python-foundations/challenges/heavy-bags/reference.py").read_text("utf-8")
    port = free_port()

    def waits(number: int) -> list[float]:
        """Seconds of each of one learner's runs, until its first case."""
        times = []
        for _ in range(RUNS):
            request = request_of(str(uuid.uuid4()), challenge, code, f"learner-{number}")
            began = time.perf_counter()
            at = 0.0
            for frame in client.run(request):
                if frame["kind"] == "case" and not at:
                    at = time.perf_counter() - began
            assert frame["kind"] == "finished" and frame["verdict"] == "passed", frame
            times.append(at)
        return times

    with serving(["-m", "functions.runner"], port), ThreadPoolExecutor(LEARNERS) as pool:
        client = HttpRunner(f"http://127.0.0.1:{port}")
        waits(0)
        began = time.perf_counter()
        means = [statistics.mean(each) for each in pool.map(waits, range(LEARNERS))]
        seconds = time.perf_counter() - began
        client.stop()
    return {
        "median_wait_ms": statistics.median(means) * 1e3,
        "slowest_wait_ms": max(means) * 1e3,
        "slowest_to_median": max(means) / statistics.median(means),
        "runs_per_s": LEARNERS * RUNS / seconds,
    }


# ---------------------------------------------------------------- one learner


def with_twenty_cases(folder: Path) -> Path:
    """A copy of the curriculum where the challenge has as many cases as are asked for."""
    shutil.copytree(BUILT_IN, folder)
    have = len(load().challenges[CHALLENGE].cases)
    more = "".join(
        f'    {{ id = "later-{n}", subtask = "ceiling", args = [{200 + n}], expected = 20 }},\n'
        for n in range(CASES - have)
    )
    file = folder / FOLDER / "challenge.toml"
    text = file.read_text("utf-8")
    assert text.rstrip().endswith("]")
    file.write_text(text.rstrip().removesuffix("]") + more + "]\n", "utf-8")
    assert len(load(folder).challenges[CHALLENGE].cases) == CASES
    return folder


def start_with(curriculum: Path) -> str:
    """The launcher's program, on another curriculum than the built-in one."""
    return (
        "import pathlib, shared.curriculum.reading as reading\n"
        f"reading.BUILT_IN = pathlib.Path({str(curriculum)!r})\n"
        "from goals.cli import app\n"
        "app()\n"
    )


async def one_run(socket: ClientConnection, goal: str, code: str) -> tuple[float, float, float]:
    """Milliseconds to the first case, the last, and the recorded end."""
    request = str(uuid.uuid4())
    event = {
        "specversion": "1.0",
        "id": request,
        "source": "/bench",
        "type": "goals.run.requested",
        "data": {"goal": goal, "code": code, "purpose": "run"},
    }
    began = time.perf_counter()
    await socket.send(json.dumps(event))
    first = last = 0.0
    async with asyncio.timeout(30):
        async for text in socket:
            said: dict[str, Any] = json.loads(text)
            if said["type"] == "goals.run.case" and said["data"]["request"] == request:
                last = (time.perf_counter() - began) * 1e3
                first = first or last
                assert said["data"]["of"] == CASES
            elif said["type"] == "goals.run.finished" and said.get("correlationid") == request:
                assert said["data"]["passed"] == CASES, said["data"]
                return first, last, (time.perf_counter() - began) * 1e3
    raise RuntimeError("the socket was closed")


async def one_learner(url: str, token: str, goal: str, code: str) -> dict[str, float]:
    at = url.replace("http://", "ws://") + "/v1/ws?after=0"
    async with connect(at, subprotocols=["goals.v1", f"bearer.{token}"], open_timeout=30) as socket:  # type: ignore[list-item]
        times = []
        for n in range(WARM_UP + ROUNDS):
            times.append(await one_run(socket, goal, f"{code}\n# {n}\n"))
            await asyncio.sleep(PAUSE)
    first, last, recorded = (statistics.median(column) for column in zip(*times[WARM_UP:], strict=True))
    return {"first_case_ms": first, "last_case_ms": last, "recorded_ms": recorded}


def bench(folder: Path) -> dict[str, float]:
    folder.mkdir(exist_ok=True)
    found = crowd()
    curriculum, port = with_twenty_cases(folder / "courses"), free_port()
    code = (curriculum / FOLDER / "reference.py").read_text("utf-8")
    data = folder / "embedded"
    with serving(["-c", start_with(curriculum), "up", "--data", str(data), "--port", str(port)], port):
        who, token = learner(port)
        goal = assign(_settings(data), who, CHALLENGE)
        found |= asyncio.run(one_learner(f"http://127.0.0.1:{port}", token, goal, code))
    return found


if __name__ == "__main__":
    import tempfile

    with tempfile.TemporaryDirectory(prefix="goals-bench-") as name:
        Path(name).chmod(0o755)
        for key, value in bench(Path(name)).items():
            print(f"{key:20} {value:8.2f}")
