"""The door of the manifests on a real Envoy: who comes in, where they are led, how many, and from which pages."""

from __future__ import annotations

import copy
import json
import threading
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx
import pytest

from goals.cluster.authorisation import authorisation
from goals.services import Envoy
from shared.auth.keys import KeyRing, load
from shared.auth.tokens import Tokens
from shared.clock import utc_now
from tests.cluster.envoy import configuration
from tests.cluster.kubelet import Object

ISSUER = "https://goals.example.org"


@pytest.fixture(scope="module")
def ring(tmp_path_factory: pytest.TempPathFactory) -> KeyRing:
    return load(tmp_path_factory.mktemp("keys"), create=True)


@pytest.fixture(scope="module")
def upstream(ring: KeyRing) -> Iterator[int]:
    """Stands for Knative's ingress: tells what it was asked; serves the public keys as the API does."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            if self.headers.get("upgrade") == "websocket":
                self.send_response(101)
                self.send_header("upgrade", "websocket")
                self.send_header("connection", "upgrade")
                self.end_headers()
                self.close_connection = True
                return
            told = ring.jwks() if self.path.endswith("jwks.json") else {"host": self.headers["host"]}
            body = json.dumps({**told, "path": self.path}).encode()
            self.send_response(200)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_POST = do_GET  # noqa: N815  the base class's name

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  the base class's name
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, args=[0.05], daemon=True).start()
    yield server.server_address[1]
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def door(production: list[Object], upstream: int, tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    def render(port: int, admin: int) -> str:
        return json.dumps(configuration(production, port=port, admin=admin, upstream=upstream))

    yield from served(tmp_path_factory.mktemp("door"), render)


@pytest.fixture(scope="module")
def authorised(upstream: int, tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """What Kourier asks."""

    def render(port: int, admin: int) -> str:
        made = authorisation(host="127.0.0.1", port=upstream, listen=("127.0.0.1", port), admin=admin)
        return json.dumps(made)

    yield from served(tmp_path_factory.mktemp("authorised"), render)


def served(folder: Path, render: object) -> Iterator[httpx.Client]:
    envoy = Envoy(folder, render)  # type: ignore[arg-type]
    url = envoy.start().url
    with httpx.Client(base_url=url, timeout=20) as client:
        yield client
    envoy.stop()


def bearer(ring: KeyRing, *, issuer: str = ISSUER, minutes: int = 10) -> dict[str, str]:
    tokens = Tokens(ring, issuer=issuer, clock=utc_now, life=timedelta(minutes=minutes))
    return {"authorization": f"Bearer {tokens.issue('ada', ['learner'], tenant='public')}"}


@pytest.mark.parametrize(
    "path",
    [
        "/v1/auth/token",
        "/device",
        "/v1/lake/files/x",
        "/.well-known/jwks.json",
        "/docs",
        "/openapi.json",
        "/health/liveness",
    ],
)
def test_a_door_is_open_without_a_token(door: httpx.Client, authorised: httpx.Client, path: str) -> None:
    assert door.get(path).status_code == 200
    assert authorised.get(path).status_code == 200


@pytest.mark.parametrize("path", ["/v1/goals", "/v1/me", "/mcp", "/v1/authors", "/", "/metrics"])
def test_everything_else_asks_for_a_token_that_is_ours_and_holds(
    door: httpx.Client, authorised: httpx.Client, ring: KeyRing, tmp_path: Path, path: str
) -> None:
    for gate in (door, authorised):
        assert gate.get(path).status_code == 401
        assert gate.get(path, headers=bearer(ring, issuer="https://evil.example.org")).status_code == 401
        assert gate.get(path, headers=bearer(load(tmp_path, create=True))).status_code == 401, "another's key"
        assert gate.get(path, headers=bearer(ring, minutes=-10)).status_code == 401, "an old one"
        assert gate.get(path, headers=bearer(ring)).status_code == 200


@pytest.mark.parametrize("host", ["access.goals.svc.cluster.local", "runner.goals.svc.cluster.local:80"])
def test_kourier_also_asks_about_requests_within_the_cluster_which_bring_no_token(
    authorised: httpx.Client, host: str
) -> None:
    assert authorised.post("/", headers={"host": host}).status_code == 200
    for outside in ("goals.example.org", "access.goals.svc.cluster.local.evil.example.org", "cluster.local"):
        assert authorised.post("/", headers={"host": outside}).status_code == 401, outside


def test_kourier_lets_a_preflight_through_to_the_api_which_answers_it(authorised: httpx.Client) -> None:
    head = {"origin": ISSUER, "access-control-request-method": "POST"}
    assert authorised.options("/v1/interactions", headers=head).status_code == 200
    assert authorised.post("/v1/interactions", headers=head).status_code == 401


def test_a_request_reaches_the_function_that_the_route_names(door: httpx.Client, ring: KeyRing) -> None:
    assert door.get("/v1/goals", headers=bearer(ring)).json()["host"] == "api.goals.svc.cluster.local"
    assert door.post("/mcp", headers=bearer(ring)).json()["host"] == "mcp.goals.svc.cluster.local"
    assert door.get("/mcpx", headers=bearer(ring)).json()["host"] == "api.goals.svc.cluster.local"


def test_a_websocket_is_let_through_to_the_api_which_reads_its_token_itself(door: httpx.Client) -> None:
    head = {"upgrade": "websocket", "connection": "upgrade", "sec-websocket-version": "13", "sec-websocket-key": "eA=="}
    with door.stream("GET", "/v1/ws", headers=head) as answer:
        assert answer.status_code == 101


def test_pages_of_our_own_origin_may_ask_and_others_may_not(door: httpx.Client) -> None:
    def preflight(origin: str) -> httpx.Response:
        head = {"origin": origin, "access-control-request-method": "POST"}
        return door.options("/v1/interactions", headers=head)

    ours = preflight(ISSUER)
    assert (ours.status_code, ours.headers["access-control-allow-origin"]) == (200, ISSUER), "before any token"
    assert "access-control-allow-origin" not in preflight("https://evil.example.org").headers


def test_a_flood_at_the_doors_is_turned_away_and_leaves_the_rest_alone(
    production: list[Object], upstream: int, ring: KeyRing, tmp_path: Path
) -> None:
    fewer = copy.deepcopy(production)  # so few that the slowest machine is quicker
    (policy,) = [o for o in fewer if o["kind"] == "BackendTrafficPolicy" and o["metadata"]["name"] == "doors"]
    policy["spec"]["rateLimit"]["local"]["rules"][0]["limit"]["requests"] = 2

    def render(port: int, admin: int) -> str:
        return json.dumps(configuration(fewer, port=port, admin=admin, upstream=upstream))

    for door in served(tmp_path, render):
        got = Counter(door.get("/v1/auth/token").status_code for _ in range(40))
        assert got[200] >= 2
        assert got[429] >= 1
        assert door.get("/v1/goals", headers=bearer(ring)).status_code == 200
