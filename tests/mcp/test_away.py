"""A server of tools whose API is away: it lives, is not ready, and says so."""

from __future__ import annotations

import asyncio
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx
import pytest
import uvicorn
from fastmcp import Client
from fastmcp.client.transports import StreamableHttpTransport
from fastmcp.exceptions import ToolError

from functions.mcp.door import Refused
from functions.mcp.function import Mcp
from shared.auth.keys import KeyRing, load
from shared.auth.published import PATH
from shared.auth.tokens import Tokens
from shared.clock import utc_now
from shared.settings import Settings


class Api:
    """What of the API tokens are checked with; else it answers nothing."""

    def __init__(self, ring: KeyRing) -> None:
        told = json.dumps(ring.jwks()).encode()

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.send_response(200 if self.path == PATH else 404)
                self.end_headers()
                self.wfile.write(told if self.path == PATH else b"")

            def log_message(self, *_: object) -> None: ...

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever)
        self._thread.start()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(10)


@pytest.fixture
def ring(tmp_path: Path) -> KeyRing:
    return load(tmp_path / "keys", create=True)


@pytest.fixture
def token(ring: KeyRing) -> str:
    issuer = Settings(database_url="").public_url
    return Tokens(ring, issuer=issuer, clock=utc_now).issue("ada", ["learner"], tenant="t")


@contextmanager
def serving(api: str, folder: Path) -> Iterator[str]:
    """Its address."""
    mcp = Mcp(Settings(database_url="", api_url=api, data_dir=folder / "none"))
    server = uvicorn.Server(uvicorn.Config(mcp, port=0, log_level="error", lifespan="on", ws="none"))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    thread.join(10)


@pytest.fixture
def alone(tmp_path: Path) -> Iterator[str]:
    with serving("http://127.0.0.1:9", tmp_path) as url:
        yield url


def test_it_is_alive_and_not_ready(alone: str) -> None:
    assert httpx.get(f"{alone}/health/liveness").status_code == 200
    ready = httpx.get(f"{alone}/health/readiness")
    assert (ready.status_code, ready.json()["detail"]) == (503, "the API is away")


def test_who_cannot_be_checked_is_not_refused(alone: str, token: str) -> None:
    """No 401: the token may be good, and a client would throw it away."""
    answer = httpx.post(f"{alone}/mcp", json={}, headers={"Authorization": f"Bearer {token}"})
    assert (answer.status_code, answer.headers["content-type"]) == (503, "application/problem+json")
    assert "keys" in answer.json()["detail"] and answer.headers["retry-after"]


def test_a_tool_says_that_the_server_is_away(ring: KeyRing, token: str, tmp_path: Path) -> None:
    api = Api(ring)

    async def ask(url: str) -> None:
        async with Client(f"{url}/mcp", auth=token) as tools:
            api.stop()
            await tools.call_tool("list_goals", {})

    with serving(api.url, tmp_path) as url, pytest.raises(ToolError, match=r"did not answer.*try again"):
        asyncio.run(ask(url))


def test_a_client_that_asks_for_spanish_is_told_in_spanish(ring: KeyRing, token: str, tmp_path: Path) -> None:
    api = Api(ring)

    async def ask(url: str) -> None:
        transport = StreamableHttpTransport(f"{url}/mcp", auth=token, headers={"Accept-Language": "es-ES"})
        async with Client(transport) as tools:
            api.stop()
            await tools.call_tool("list_goals", {})

    with serving(api.url, tmp_path) as url, pytest.raises(ToolError, match="No disponible: el servidor no respondió"):
        asyncio.run(ask(url))


def test_what_the_api_refuses_is_told_on_in_the_words_it_came_in() -> None:
    problem = {"title": "Demasiadas peticiones", "detail": "demasiadas ejecuciones a la vez", "hint": "Espera."}
    spanish = Refused(problem, 429, "3", "es")
    assert spanish.sentence == (
        "Demasiadas peticiones: demasiadas ejecuciones a la vez. Espera. Inténtalo de nuevo en 3 s."
    )
    denied = Refused({"detail": "Today's 3 hints are used up.", "remedy": "Runs go on."}, 403)
    assert denied.sentence == "Today's 3 hints are used up. Runs go on."


def test_it_needs_no_key_of_ours(ring: KeyRing, token: str, tmp_path: Path) -> None:
    api = Api(ring)
    try:
        with serving(api.url, tmp_path) as url:
            asyncio.run(_listed(url, token))
            other = Tokens(
                load(tmp_path / "other", create=True), issuer=Settings(database_url="").public_url, clock=utc_now
            )
            forged = other.issue("ada", ["learner"], tenant="t")
            answer = httpx.post(f"{url}/mcp", json={}, headers={"Authorization": f"Bearer {forged}"})
            assert answer.status_code == 401
    finally:
        api.stop()
    assert not (tmp_path / "none").exists()


async def _listed(url: str, token: str) -> None:
    async with Client(f"{url}/mcp", auth=token) as tools:
        assert await tools.list_tools()
