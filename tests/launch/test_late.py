"""An application beside the API that is made when it is first asked for."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from goals.launch.late import Late


class Tools:
    """What `new` makes: it counts its lives."""

    def __init__(self) -> None:
        self.made = self.begun = self.ended = 0
        self.broken = False

    def new(self) -> Starlette:
        if self.broken:
            raise OSError("no keys")
        self.made += 1

        @asynccontextmanager
        async def life(_: Starlette) -> AsyncIterator[None]:
            self.begun += 1
            yield
            self.ended += 1

        return Starlette(routes=[Route("/mcp", _said("tools"))], lifespan=life)


def _said(word: str) -> Any:
    async def answer(_: Request) -> PlainTextResponse:
        return PlainTextResponse(word)

    return answer


def first() -> Starlette:
    return Starlette(routes=[Route("/mcpx", _said("first")), Route("/v1", _said("first"))])


def asked(late: Late) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.ASGITransport(late), base_url="http://here")


def test_it_is_made_once_and_only_for_who_asks_for_it() -> None:
    tools = Tools()

    async def use() -> None:
        late = Late(first(), "/mcp", tools.new)
        async with asked(late) as http:
            assert (await http.get("/v1")).text == "first"
            assert (await http.get("/mcpx")).text == "first"
            assert tools.made == 0
            answers = await asyncio.gather(*(http.get("/mcp") for _ in range(5)))
            assert {answer.text for answer in answers} == {"tools"}
        assert (tools.made, tools.begun, tools.ended) == (1, 1, 0)
        await late.close()

    asyncio.run(use())
    assert tools.ended == 1


def test_nobody_asked_and_nothing_is_left_to_end() -> None:
    tools = Tools()
    asyncio.run(Late(first(), "/mcp", tools.new).close())
    assert tools.made == 0


def test_what_cannot_be_made_is_tried_again_by_the_next() -> None:
    tools = Tools()
    tools.broken = True

    async def use() -> None:
        late = Late(first(), "/mcp", tools.new)
        async with asked(late) as http:
            with pytest.raises(OSError, match="no keys"):
                await http.get("/mcp")
            tools.broken = False
            assert (await http.get("/mcp")).text == "tools"
        await late.close()

    asyncio.run(use())
    assert (tools.begun, tools.ended) == (1, 1)
