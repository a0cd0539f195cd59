"""A real server for each test: uvicorn on a free port, PostgreSQL behind it, a clock the test can move."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest
import uvicorn
from argon2 import PasswordHasher
from websockets.sync.client import ClientConnection, connect

from functions.api.function import Api
from functions.api.outgoing import Timing
from functions.api.serving import serving
from graph.entries import thread_of, wake
from graph.topology import QUEUES
from shared.auth.passwords import Passwords
from shared.bus.opening import open_bus
from shared.curriculum import load
from shared.events.catalogue.teaching import GoalAssigned
from shared.events.data import Data
from shared.events.record import new_event
from shared.ids import new_id
from shared.readmodel import READ_MODEL
from shared.settings import Settings
from shared.store import Store
from shared.store import connect as connect_store
from shared.store.projections import ensure

PASSWORD = "correct horse battery"
CODE = "def weeks_to_fill(goal, first, more):\n    return 0\n"


class MovableClock:
    """The present instant, moved on by the test."""

    def __init__(self) -> None:
        self.ahead = timedelta()

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.ahead


class ScriptedRunner:
    """Says of every run what the test wants, in the runner's own words; `before` its cases, and `gate` holds it after
    the first."""

    def __init__(self) -> None:
        self.requests: list[dict[str, Any]] = []
        self.failing: set[str] = set()
        self.gate = threading.Event()
        self.gate.set()
        self.error: Exception | None = None
        self.cancelled: set[str] = set()
        self.before: list[dict[str, Any]] = []

    def cancel(self, run: str) -> bool:
        self.cancelled.add(run)
        self.gate.set()
        return any(request["id"] == run for request in self.requests)

    def run(self, request: dict[str, Any]) -> Iterator[dict[str, Any]]:
        self.requests.append(request)
        if self.error is not None:
            raise self.error
        passed = 0
        yield from self.before
        for place, case in enumerate(request["cases"]):
            if place == 1:
                self.gate.wait(10)
            if request["id"] in self.cancelled:
                yield {"kind": "cancelled"}
                return
            good = case["id"] not in self.failing
            passed += good
            yield {
                "kind": "case",
                "id": case["id"],
                "subtask": case["subtask"],
                "visible": case["visible"],
                "verdict": "passed" if good else "failed",
                "input": f"weeks_to_fill({', '.join(map(repr, case['args']))})",
                "expected": repr(case["expected"]),
                "got": repr(case["expected"]) if good else "'wrong'",
                "line": 2,
                "locals": {"goal": "7"},
                "error": None,
                "stdout": "",
                "stderr": "",
                "ms": 1.0,
            }
        total = len(request["cases"])
        verdict = "passed" if passed == total else "failed"
        yield {"kind": "finished", "passed": passed, "failed": total - passed, "total": total, "verdict": verdict,
               "mode": "none", "landlock_abi": 0, "ms": 2.0}  # fmt: skip

    def stop(self) -> None:
        self.gate.set()


def prepare(database: str) -> None:
    """What the launcher does before any function starts."""
    ensure(database, READ_MODEL)
    bus = open_bus(Settings(database_url=database))
    bus.declare(QUEUES)
    bus.close()


@dataclass
class Learner:
    """Somebody who has signed up."""

    http: httpx.Client
    email: str
    id: str
    access: str
    refresh: str
    url: str

    def get(self, path: str, **rest: Any) -> httpx.Response:
        return self.http.get(path, headers=self.headers, **rest)

    def post(self, path: str, body: Any = None, **rest: Any) -> httpx.Response:
        return self.http.post(path, json=body, headers=self.headers, **rest)

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.access}"}

    def send(self, *events: dict[str, Any]) -> list[dict[str, Any]]:
        answer = self.post("/v1/interactions", list(events))
        assert answer.status_code == 200, answer.text
        results: list[dict[str, Any]] = answer.json()["results"]
        return results

    def socket(self, *, after: int | None = None, token: str | None = None, **rest: Any) -> ClientConnection:
        query = "" if after is None else f"?after={after}"
        words: list[Any] = ["goals.v1", f"bearer.{token or self.access}"]
        ws: ClientConnection = connect(f"{self.url.replace('http', 'ws')}/v1/ws{query}", subprotocols=words, **rest)
        return ws


@dataclass
class World:
    """The running API and what a test turns."""

    api: Api
    url: str
    http: httpx.Client
    clock: MovableClock
    runner: ScriptedRunner
    database: str
    server: uvicorn.Server
    thread: threading.Thread
    people: int = 0
    clients: list[httpx.Client] = field(default_factory=list)

    def learner(self, **told: Any) -> Learner:
        self.people += 1
        email = f"learner{self.people}@example.org"
        body = {"email": email, "password": PASSWORD, "name": "Ada", **told}
        answer = self.http.post("/v1/auth/register", json=body)
        assert answer.status_code == 201, answer.text
        pair = answer.json()
        return Learner(self.http, email, pair["learner"], pair["access_token"], pair["refresh_token"], self.url)

    def record(
        self, learner: str, *bodies: Data, causation: str | None = None, at: datetime | None = None
    ) -> list[str]:
        """Appends events of the server's own words, as a function of the graph would. `at`: None is now."""
        store = Store(READ_MODEL, thread_of, wake)
        new = [
            new_event(
                b,
                id=new_id(),
                source="/test",
                subject=learner,
                time=at or self.clock(),
                correlation=new_id(),
                causation=causation,
            )
            for b in bodies
        ]
        with connect_store(self.database) as conn, conn.transaction():
            appended = store.append_one(conn, new)
        here = self.api.services
        assert here is not None
        here.committed(appended.outgoing)
        return [event.id for event in new]

    def goal(self, learner: str, challenge: str = "coin-jar", **told: Any) -> str:
        """Gives a learner a goal; gives its id."""
        found = load().challenges[challenge]
        goal = new_id()
        facts: dict[str, Any] = {
            "goal": goal,
            "kind": "daily",
            "challenge": challenge,
            "challenge_version": found.version,
            "variant": None,
            "course": found.course,
            "concepts": found.concepts,
            "difficulty": found.difficulty,
            "day": self.clock().date(),
            "minutes": found.minutes,
            "because": "the test says so",
        }
        self.record(learner, GoalAssigned(**{**facts, **told}))
        return goal

    def rows(self, query: Any, *parameters: object) -> list[tuple[Any, ...]]:
        with psycopg.connect(self.database, autocommit=True, options="-c search_path=public,view") as conn:
            return conn.execute(query, parameters).fetchall()

    def grant(self, learner: Learner, *roles: str, organisation: str | None = None) -> None:
        """Gives roles and a token that says so."""
        from shared.auth import accounts

        with connect_store(self.database) as conn:
            accounts.grant(conn, learner.email, roles, organisation=organisation)
        pair = self.http.post("/v1/auth/token", json={"email": learner.email, "password": PASSWORD}).json()
        learner.access = pair["access_token"]


Open = Callable[..., World]


@pytest.fixture
def open_world(database: str, tmp_path: Path) -> Iterator[Open]:
    """Starts the API with what a test wants different; ends it afterwards."""
    prepare(database)
    opened: list[World] = []

    def start(*, timing: Timing | None = None, runner: Any = None, **told: Any) -> World:
        clock, scripted = MovableClock(), ScriptedRunner()
        settings = Settings(database_url=database, data_dir=tmp_path, **told)
        api = Api(
            settings,
            clock=clock,
            runner=runner or scripted,
            timing=timing or Timing(hold=0.3),
            passwords=Passwords(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)),
        )
        server = uvicorn.Server(
            uvicorn.Config(api.app, **{**serving(settings), "port": 0, "timeout_graceful_shutdown": 3})
        )
        thread = threading.Thread(target=server.run, name="uvicorn")
        thread.start()
        deadline = time.monotonic() + 20
        while not server.started:
            assert thread.is_alive(), "the server did not start"
            assert time.monotonic() < deadline, "the server did not start in time"
            time.sleep(0.01)
        port = server.servers[0].sockets[0].getsockname()[1]
        url = f"http://127.0.0.1:{port}"
        world = World(api, url, httpx.Client(base_url=url, timeout=30), clock, scripted, database, server, thread)
        opened.append(world)
        return world

    yield start
    for world in opened:
        world.http.close()
        world.runner.stop()
        world.server.should_exit = True
        world.thread.join(20)
        assert not world.thread.is_alive(), "the server did not stop"


@pytest.fixture
def world(open_world: Open) -> World:
    return open_world()


@pytest.fixture
def ada(world: World) -> Learner:
    return world.learner()


def event(type_: str, data: dict[str, Any], **rest: Any) -> dict[str, Any]:
    """A CloudEvent as a client sends it."""
    return {"specversion": "1.0", "id": new_id(), "type": f"goals.{type_}", "source": "/test", "data": data, **rest}


def lines(answer: httpx.Response) -> list[dict[str, Any]]:
    return [json.loads(line) for line in answer.text.splitlines() if line]


def problem(answer: httpx.Response, status: int) -> dict[str, Any]:
    """The problem an answer is, checked for its form (RFC 9457)."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    body: dict[str, Any] = answer.json()
    assert body["status"] == status
    assert {"type", "title", "detail"} <= body.keys()
    return body
