"""Operators' routes, probes, and the edge every request passes."""

from __future__ import annotations

import socket
from typing import Any

import httpx
import psycopg
import pytest

from functions.api import edge
from functions.api.edge import Edge
from shared.bus.opening import open_bus
from shared.settings import Settings
from tests.api.conftest import Learner, Open, World, event, problem

OPERATORS = [("POST", "/v1/admin/ticks"), ("GET", "/v1/admin/rejections"), ("GET", "/v1/admin/lag"),
             ("POST", "/v1/admin/accounts")]  # fmt: skip


@pytest.fixture
def operator(world: World) -> Learner:
    learner = world.learner()
    world.grant(learner, "operator", "learner")
    return learner


@pytest.mark.parametrize(("method", "path"), OPERATORS)
def test_only_operators_operate(world: World, ada: Learner, method: str, path: str) -> None:
    problem(world.http.request(method, path, json={}), 401)
    problem(world.http.request(method, path, json={}, headers=ada.headers), 403)


def test_a_tick_is_a_command_to_daily_and_the_same_instant_is_one(world: World, operator: Learner) -> None:
    first = operator.post("/v1/admin/ticks", {"at": "2026-11-23T06:00:00Z"})
    again = operator.post("/v1/admin/ticks", {"at": "2026-11-23T07:00:00+01:00"})
    assert (first.status_code, first.json()["id"]) == (202, again.json()["id"])
    assert operator.post("/v1/admin/ticks").status_code == 202
    bus = open_bus(Settings(database_url=world.database))
    consumer = bus.consume("daily", 10)
    delivery = consumer.get(5)
    assert delivery is not None
    assert delivery.key == "goals.clock.ticked"
    delivery.ack()
    consumer.close()
    bus.close()


@pytest.mark.parametrize("at", ["2026-11-23T06:00:00", "soon", 7.5e300, "2026-11-23T06:00:00+99:00"])
def test_a_tick_at_no_instant_is_refused(operator: Learner, at: Any) -> None:
    problem(operator.post("/v1/admin/ticks", {"at": at}), 422)


def test_rejections_and_lag_are_shown(world: World, operator: Learner) -> None:
    with psycopg.connect(world.database, autocommit=True) as conn:
        conn.execute("INSERT INTO rejections (id, consumer, type, reason, body) VALUES ('1', 'mood', 't', 'why', '')")
    [rejection] = operator.get("/v1/admin/rejections").json()["rejections"]
    assert (rejection["consumer"], rejection["reason"]) == ("mood", "why")
    operator.send(event("mood.answered", {"answer": "good"}))
    lag = operator.get("/v1/admin/lag").json()
    assert (lag["waiting"], lag["waiting_threads"], lag["busy"]) == (1, 1, [])
    assert lag["lake"]["events"] > 0
    assert lag["lake"]["seconds"] > 0
    assert lag["lake"]["files"] == lag["lake"]["copies"] == lag["lake"]["owed"] == lag["lake"]["damaged"] == 0
    assert lag["learner_model"] == {
        "events": lag["lake"]["events"],
        "learnt": 0,
        "ready": False,
        "parts": 0,
        "bytes": 0,
    }


def test_roles_are_granted_over_http(world: World, operator: Learner, ada: Learner) -> None:
    body = {"email": ada.email, "roles": ["learner", "author"]}
    assert operator.post("/v1/admin/accounts", body).json() == {"learner": ada.id, "roles": ["author", "learner"]}
    problem(operator.post("/v1/admin/accounts", {**body, "email": "nobody@example.org"}), 404)
    problem(operator.post("/v1/admin/accounts", {**body, "roles": ["root"]}), 422)
    problem(operator.post("/v1/admin/accounts", {**body, "roles": ["organisation"]}), 422)


def test_probes_answer(world: World) -> None:
    assert world.http.get("/health/liveness").json() == {"status": "ok"}
    assert world.http.get("/health/readiness").json() == {"status": "ok"}


def test_a_method_that_is_not_there_is_a_problem(world: World) -> None:
    answer = world.http.put("/v1/goals")
    problem(answer, 405)
    assert "GET" in answer.headers["allow"]


def test_every_answer_carries_the_security_headers(world: World, ada: Learner) -> None:
    for answer in (ada.get("/v1/me"), world.http.get("/nowhere"), world.http.get("/docs")):
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert ada.get("/v1/me").headers["cache-control"] == "no-store"


def test_only_named_origins_may_call(open_world: Open) -> None:
    world = open_world(cors_origins=("https://app.example.org",))
    asked = {"Access-Control-Request-Method": "POST"}
    good = world.http.options("/v1/interactions", headers={"Origin": "https://app.example.org", **asked})
    assert good.headers["access-control-allow-origin"] == "https://app.example.org"
    bad = world.http.options("/v1/interactions", headers={"Origin": "https://evil.example", **asked})
    assert "access-control-allow-origin" not in bad.headers


@pytest.mark.parametrize("body", [b"{", b"\xff\xfe", b"[]", b"null", b'{"email": "\xc3\x28"}', b'"x"', b"[" * 50_000])
def test_a_body_that_is_no_json_is_a_problem(world: World, body: bytes) -> None:
    answer = world.http.post("/v1/auth/token", content=body, headers={"Content-Type": "application/json"})
    problem(answer, answer.status_code)
    assert answer.status_code in (400, 422)


def test_a_body_without_a_length_is_cut_off_at_the_limit(world: World) -> None:
    def chunks() -> Any:
        yield b'{"email": "'
        for _ in range(30):
            yield b"x" * 65_536

    headers = {"Content-Type": "application/json"}
    problem(world.http.post("/v1/auth/token", content=chunks(), headers=headers), 413)


CHUNK = b"10000\r\n" + b"x" * 65_536 + b"\r\n"
UPLOAD = b"POST /v1/auth/token HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"


def upload(world: World, head: bytes) -> socket.socket:
    raw = socket.create_connection(("127.0.0.1", int(world.url.rpartition(":")[2])), timeout=5)
    raw.sendall(UPLOAD + head + b"\r\n\r\n")
    return raw


def all_of(raw: socket.socket) -> bytes:
    """Everything until the server closes. Raises TimeoutError where it does not."""
    return b"".join(iter(lambda: raw.recv(65_536), b""))


@pytest.mark.parametrize("head", [b"Transfer-Encoding: chunked", b"Content-Length: 6291456"])
def test_a_sender_of_too_much_can_finish_sees_the_answer_and_the_connection_ends(world: World, head: bytes) -> None:
    with upload(world, head) as raw:
        chunked = head.startswith(b"T")
        for _ in range(96):
            raw.sendall(CHUNK if chunked else b"x" * 65_536)
        if chunked:
            raw.sendall(b"0\r\n\r\n")
        answer = all_of(raw)
    assert answer.startswith(b"HTTP/1.1 413 ")
    assert b"connection: close" in answer.lower()
    assert answer.endswith(b"}")


def test_a_sender_who_falls_silent_in_the_middle_is_cut(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(edge, "LINGER_SECONDS", 0.2)
    with upload(world, b"Transfer-Encoding: chunked") as raw:
        for _ in range(20):
            raw.sendall(CHUNK)
        assert all_of(raw).startswith(b"HTTP/1.1 413 ")


def test_a_sender_without_end_is_cut(world: World) -> None:
    with upload(world, b"Transfer-Encoding: chunked") as raw, pytest.raises(ConnectionError):
        for _ in range(10_000):
            raw.sendall(CHUNK)


def test_a_sender_who_asks_first_is_told_no(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(edge, "LINGER_SECONDS", 0.2)
    with upload(world, b"Content-Length: 6291456\r\nExpect: 100-continue") as raw:
        assert all_of(raw).startswith(b"HTTP/1.1 413 ")


def test_a_request_that_is_no_http_ends_without_harm(world: World) -> None:
    port = int(world.url.rpartition(":")[2])
    with socket.create_connection(("127.0.0.1", port), timeout=5) as raw:
        raw.sendall(b"\x00\xff nonsense\r\n\r\n")
        assert b"400" in raw.recv(1_000)
    assert world.http.get("/health/liveness").status_code == 200


async def _fails(scope: Any, receive: Any, send: Any) -> None:
    raise RuntimeError("nobody foresaw this: secret")


def test_what_nobody_foresaw_is_a_503_with_an_id_and_no_trace() -> None:
    import asyncio

    async def ask() -> httpx.Response:
        transport = httpx.ASGITransport(Edge(_fails, secure=True))
        async with httpx.AsyncClient(transport=transport, base_url="https://test") as client:
            return await client.get("/v1/x")

    answer = asyncio.run(ask())
    told = problem(answer, 503)
    assert told["id"]
    assert "secret" not in answer.text
    assert answer.headers["strict-transport-security"]


def test_a_store_that_is_away_is_said_and_comes_back(world: World, ada: Learner) -> None:
    name = psycopg.conninfo.conninfo_to_dict(world.database)["dbname"]
    with psycopg.connect(world.database, autocommit=True) as conn:
        conn.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s AND pid <> pg_backend_pid()",
            [name],
        )
    statuses = [ada.get("/v1/me").status_code for _ in range(12)]
    assert set(statuses) <= {200, 503}
    assert statuses[-1] == 200
    one = event("mood.answered", {"answer": "good"})
    for _ in range(10):
        answer = ada.post("/v1/interactions", [one])
        if answer.status_code == 200:
            break
        problem(answer, 503)
    assert answer.json()["results"][0]["status"] in ("recorded", "duplicate")
