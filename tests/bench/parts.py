"""What the benches share: a private database server, and the API in a process of its own."""

from __future__ import annotations

import base64
import contextlib
import http.client
import json
import os
import secrets
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
from psycopg.conninfo import make_conninfo

from goals.launch.prepare import prepare
from goals.services import Postgres, Valkey
from graph.host import STORE
from shared.clock import utc_now
from shared.curriculum import load
from shared.events.catalogue.teaching import GoalAssigned
from shared.events.record import new_event
from shared.ids import new_id
from shared.settings import Settings
from shared.store.connect import connect, transaction


@contextlib.contextmanager
def servers(folder: Path) -> Iterator[Settings]:
    """A durable PostgreSQL and a Valkey for this run, prepared."""
    postgres, valkey = Postgres(folder / "postgres"), Valkey(folder / "valkey")
    url = postgres.start().url
    try:
        settings = Settings(database_url=url, redis_url=valkey.start().url, data_dir=folder)
        prepare(settings)
        yield settings
    finally:
        valkey.stop()
        postgres.stop()


def fresh(settings: Settings, name: str) -> Settings:
    """Another database on the same server, prepared."""
    with psycopg.connect(settings.database_url, autocommit=True) as admin:
        admin.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")  # type: ignore[arg-type]
        admin.execute(f"CREATE DATABASE {name}")  # type: ignore[arg-type]
    made = settings.model_copy(update={"database_url": make_conninfo(settings.database_url, dbname=name)})
    prepare(made)
    return made


def environment(settings: Settings, port: int) -> dict[str, str]:
    return {
        **{k: v for k, v in os.environ.items() if not k.startswith("GOALS_")},
        "GOALS_DATABASE_URL": settings.database_url,
        "GOALS_REDIS_URL": settings.redis_url or "",
        "GOALS_DATA_DIR": str(settings.data_dir),
        "GOALS_PUBLIC_URL": f"http://127.0.0.1:{port}",
        "GOALS_INTERACTION_REQUESTS": "1000000",  # few learners, each as busy as thousands
        "GOALS_INTERACTION_EVENTS": "100000000",
        "PORT": str(port),
        "HOST": "127.0.0.1",
    }


@contextlib.contextmanager
def api(settings: Settings, port: int) -> Iterator[str]:
    """The API alone, as its container runs it."""
    process = subprocess.Popen([sys.executable, "-m", "functions.api"], env=environment(settings, port))
    try:
        await_ready(port)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(30)


@contextlib.contextmanager
def embedded(folder: Path, port: int) -> Iterator[str]:
    """The whole system in one process, as `make run` starts it."""
    command = [sys.executable, "-m", "goals.cli", "up", "--data", str(folder), "--port", str(port)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    try:
        await_ready(port)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(30)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def await_ready(port: int, seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
        try:
            connection.request("GET", "/health/readiness")
            if connection.getresponse().status == 200:
                return
        except OSError:
            time.sleep(0.1)
        finally:
            connection.close()
    raise TimeoutError(f"nothing is ready on port {port}")


def post(port: int, path: str, body: object, token: str | None = None) -> dict[str, object]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    headers = {"content-type": "application/json"} | ({"authorization": f"Bearer {token}"} if token else {})
    connection.request("POST", path, json.dumps(body), headers)
    response = connection.getresponse()
    text = response.read()
    connection.close()
    if response.status >= 300:
        raise RuntimeError(f"POST {path}: {response.status} {text[:300]!r}")
    found: dict[str, object] = json.loads(text)
    return found


def learner(port: int) -> tuple[str, str]:
    """Signs somebody up; gives the learner's id and an access token."""
    account = {
        "email": f"bench-{secrets.token_hex(6)}@example.org",
        "password": secrets.token_urlsafe(16),
        "name": "Bench",
    }
    token = str(post(port, "/v1/auth/register", account)["access_token"])
    claims = token.split(".")[1]
    subject = json.loads(base64.urlsafe_b64decode(claims + "=" * (-len(claims) % 4)))["sub"]
    return str(subject), token


def assign(settings: Settings, subject: str, challenge: str = "lighthouse-oil") -> str:
    """Gives a learner a goal, as the node `challenges` would; gives its id."""
    chosen = load().challenges[challenge]
    body = GoalAssigned(
        goal=new_id(), kind="daily", challenge=chosen.slug, challenge_version=chosen.version, course=chosen.course,
        concepts=chosen.concepts, difficulty=chosen.difficulty, day=utc_now().date(), minutes=chosen.minutes,
        because="bench",
    )  # fmt: skip
    event = new_event(
        body, id=new_id(), source="/bench", subject=subject, time=utc_now(), correlation="bench", expected=0
    )
    with connect(settings.database_url) as conn, transaction(conn):
        STORE.append_one(conn, [event])
    return body.goal
