"""A deployed function: its status codes, its refusals, its life cycle, its HTTP side."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from graph.decision import Decision
from graph.host import NodeFunction
from graph.topology import QUEUES
from shared.bus.postgres import PostgresBus
from shared.errors import Unavailable
from shared.events.codec import CONTENT_TYPE, LIMIT, command
from shared.function.asgi import FunctionApp
from shared.function.reply import reply_to
from shared.settings import Settings
from shared.store import connect

NOW = datetime(2026, 11, 23, tzinfo=UTC)


def order(type_: str = "goals.node.access", **data: Any) -> bytes:
    given = {"thread": "goal/none", "checkpoint": "c", "task": "t"} | data
    return command(type_, id="m1", source="/graph", subject="ada", time=NOW, data=given, correlation="c1")


@pytest.fixture
def settings(database: str, redis_url: str) -> Settings:
    bus = PostgresBus(database)
    bus.declare(QUEUES)
    bus.close()
    return Settings(database_url=database, redis_url=redis_url)


@pytest.fixture
def function(settings: Settings) -> Iterator[NodeFunction]:
    made = NodeFunction("access", lambda *_: Decision(), settings=settings)
    made.start()
    yield made
    made.stop()


@pytest.mark.parametrize(
    ("body", "content_type", "says"),
    [
        (b"{", CONTENT_TYPE, "not a CloudEvent"),
        (b"\xff", CONTENT_TYPE, "not UTF-8"),
        (b"{}", "application/json", "content type"),
        (b" " * (LIMIT + 1), CONTENT_TYPE, "at most 262144"),
        (order("goals.node.planner"), CONTENT_TYPE, "not for access"),
        (order("goals.nothing"), CONTENT_TYPE, "not for access"),
        (order(), CONTENT_TYPE, "thread 'goal/none' does not exist"),
        (order(thread=""), CONTENT_TYPE, "needs 'thread'"),
        (order(task=7), CONTENT_TYPE, "needs 'task'"),
        (order(thread="x" * 201), CONTENT_TYPE, "needs 'thread'"),
    ],
)
def test_what_can_never_work_is_refused_once_and_its_reason_is_kept(
    function: NodeFunction, database: str, body: bytes, content_type: str, says: str
) -> None:
    reply = function.handle(body, content_type)
    assert reply.status == 422
    assert reply.problem is not None
    assert says in reply.problem["detail"]
    with connect(database) as conn:
        ((consumer, reason),) = conn.execute("SELECT consumer, reason FROM rejections").fetchall()
    assert consumer == "access"
    assert says in reason


def test_waking_a_thread_with_nothing_to_do_is_no_error(function: NodeFunction) -> None:
    assert function.handle(order("goals.thread.woken"), CONTENT_TYPE).status == 204


def test_a_function_whose_database_is_away_asks_for_the_event_again(settings: Settings) -> None:
    away = settings.model_copy(update={"database_url": "postgresql://postgres@127.0.0.1:9/none?connect_timeout=1"})
    function = NodeFunction("access", lambda *_: Decision(), settings=settings)
    function.start()
    function._parts.pool.close()  # type: ignore[union-attr]
    assert function.handle(order(), CONTENT_TYPE).status == 503
    assert not function.ready()
    assert away.database_url != settings.database_url
    function.stop()


def test_a_function_that_has_stopped_takes_nothing(function: NodeFunction) -> None:
    function.stop()
    assert function.handle(order(), CONTENT_TYPE).status == 503
    assert function.alive()


def test_errors_become_the_codes_that_the_broker_s_adapter_understands() -> None:
    assert reply_to(Unavailable("away"), function="f", event="e").status == 503
    assert reply_to(ValueError("a bug"), function="f", event="e").status == 422
    assert reply_to(RuntimeError("x"), function="f", event="e").problem is not None


def test_over_http_it_answers_probes_events_and_everything_else(settings: Settings) -> None:
    async def talk() -> None:
        app = FunctionApp(lambda: NodeFunction("access", lambda *_: Decision(), settings=settings))
        queue: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        said: asyncio.Queue[Any] = asyncio.Queue()
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://function") as client:
            early = await client.post("/", content=order(), headers={"content-type": CONTENT_TYPE})
            assert early.status_code == 503
            life = asyncio.create_task(app({"type": "lifespan"}, queue.get, said.put))
            await queue.put({"type": "lifespan.startup"})
            assert (await said.get())["type"] == "lifespan.startup.complete"
            assert (await client.get("/health/liveness")).status_code == 200
            assert (await client.get("/health/readiness")).status_code == 200
            refused = await client.post("/", content=order(), headers={"content-type": CONTENT_TYPE})
            assert refused.status_code == 422
            assert refused.headers["content-type"] == "application/problem+json"
            assert "does not exist" in json.loads(refused.text)["detail"]
            done = await client.post(
                "/", content=order("goals.thread.woken"), headers={"content-type": CONTENT_TYPE + "; charset=utf-8"}
            )
            assert (done.status_code, done.content) == (204, b"")
            assert (await client.get("/")).status_code == 405
            huge = await client.post("/", content=b"x" * (3 * LIMIT), headers={"content-type": CONTENT_TYPE})
            assert huge.status_code == 422
            await queue.put({"type": "lifespan.shutdown"})
            assert (await said.get())["type"] == "lifespan.shutdown.complete"
            await life

    asyncio.run(talk())
