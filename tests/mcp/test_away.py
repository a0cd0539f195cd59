"""A server of tools whose API is away: it lives, is not ready, and says so."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
import uvicorn
from fastmcp import Client
from fastmcp.exceptions import ToolError

from functions.mcp.function import Mcp
from shared.auth.keys import load
from shared.auth.tokens import Tokens
from shared.clock import utc_now
from shared.settings import Settings


@pytest.fixture
def alone(tmp_path: Path) -> Iterator[tuple[str, str]]:
    """Its address, and a token it takes."""
    settings = Settings(database_url="", api_url="http://127.0.0.1:9", data_dir=tmp_path)
    mcp = Mcp(settings)
    server = uvicorn.Server(uvicorn.Config(mcp, port=0, log_level="error", lifespan="on", ws="none"))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    tokens = Tokens(load(tmp_path / "keys", create=False), issuer=settings.public_url, clock=utc_now)
    url = f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    yield url, tokens.issue("ada", ["learner"], tenant="t")
    server.should_exit = True
    thread.join(10)


def test_it_is_alive_and_not_ready(alone: tuple[str, str]) -> None:
    url, _ = alone
    assert httpx.get(f"{url}/health/liveness").status_code == 200
    ready = httpx.get(f"{url}/health/readiness")
    assert (ready.status_code, ready.json()["detail"]) == (503, "the API is away")


def test_a_tool_says_that_the_server_is_away(alone: tuple[str, str]) -> None:
    url, token = alone

    async def ask() -> None:
        async with Client(f"{url}/mcp", auth=token) as tools:
            await tools.call_tool("list_goals", {})

    with pytest.raises(ToolError, match=r"did not answer.*try again"):
        asyncio.run(ask())
