"""From a learner's run to the feedback on their websocket: p50 and p95, with 1, 8 and 32 learners at once, on the
embedded system, the sandbox's run of their code included.

Each learner runs a wrong solution, reads, and runs the next one: a pause of one to three seconds lies between (a
learner who never pauses is not one; a closed loop without it measures throughput). Solutions differ each time, so
that feedback has something new to say.
"""

from __future__ import annotations

import asyncio
import json
import random
import statistics
import time
import uuid
from pathlib import Path

from websockets.asyncio.client import ClientConnection, connect

from shared.settings import Settings
from tests.bench.parts import assign, embedded, free_port, learner

SECONDS = 25.0
PAUSE = (1.0, 3.0)
CHALLENGE = "heavy-bags"


def wrong(n: int) -> str:
    """Never right, and failing in another way each time."""
    from shared.curriculum import load

    entry = load().challenges[CHALLENGE].entry
    return f"def {entry}(*given):\n    total = {n}\n    for one in given:\n        total += 1\n    return total + {n}\n"


async def one(url: str, token: str, goal: str, end: float, seed: int) -> list[float]:
    """Milliseconds of each run, from sending it to its feedback."""
    rng = random.Random(seed)
    times: list[float] = []
    at = url.replace("http://", "ws://") + "/v1/ws?after=0"  # as every client says: where it stands
    async with connect(at, subprotocols=["goals.v1", f"bearer.{token}"], open_timeout=30) as socket:  # type: ignore[list-item]
        await asyncio.sleep(rng.uniform(0, PAUSE[1]))
        n = 0
        while time.perf_counter() < end:
            n += 1
            began = time.perf_counter()
            ran = await _send_run(socket, goal, wrong(n))
            async with asyncio.timeout(30):
                await _feedback(socket, ran)
            times.append((time.perf_counter() - began) * 1e3)
            await asyncio.sleep(rng.uniform(*PAUSE))
    return times


async def _send_run(socket: ClientConnection, goal: str, code: str) -> str:
    id_ = str(uuid.uuid4())
    event = {
        "specversion": "1.0",
        "id": id_,
        "source": "/bench",
        "type": "goals.run.requested",
        "data": {"goal": goal, "code": code, "purpose": "run"},
    }
    await socket.send(json.dumps(event))
    return id_


async def _feedback(socket: ClientConnection, request: str) -> None:
    async for text in socket:
        event = json.loads(text)
        words = event["type"] == "goals.feedback.given" or event.get("data", {}).get("message") == "feedback"
        if words and event.get("correlationid") == request:
            return


async def crowd(url: str, people: list[tuple[str, str]]) -> list[float]:
    end = time.perf_counter() + SECONDS
    all_ = await asyncio.gather(*(one(url, token, goal, end, n) for n, (token, goal) in enumerate(people)))
    return [ms for each in all_ for ms in each]


def bench(folder: Path) -> dict[str, float]:
    port = free_port()
    found: dict[str, float] = {}
    with embedded(folder, port) as url:
        settings = _settings(folder)
        for count in (1, 8, 32):
            people = []
            for _ in range(count):
                who, token = learner(port)
                people.append((token, assign(settings, who, CHALLENGE)))
            times = asyncio.run(crowd(url, people))
            found[f"p50_ms_{count}"] = statistics.median(times)
            found[f"p95_ms_{count}"] = statistics.quantiles(times, n=20)[18]
            found[f"runs_{count}"] = len(times)
    return found


def _settings(folder: Path) -> Settings:
    from goals.services import Postgres

    running = Postgres(folder / "postgres").running()
    assert running is not None
    return Settings(database_url=running.url)


if __name__ == "__main__":
    import tempfile

    with tempfile.TemporaryDirectory(prefix="goals-bench-") as name:
        Path(name).chmod(0o755)
        for key, value in bench(Path(name)).items():
            print(f"{key:12} {value:8.1f}")
