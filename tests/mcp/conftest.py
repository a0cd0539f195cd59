"""A whole system, learners signed up over its API, and FastMCP's own client over real HTTP."""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from typing import Any, TypeVar

import pytest
from fastmcp import Client

from goals.client import Api, Password, Transport, interaction
from goals.client.session import register
from goals.demo.knowledge import Knowledge
from goals.demo.system import System
from shared.clock import utc_now
from tests.cli.conftest import PASSWORD, Person, learner, person, system

__all__ = ["Person", "learner", "person", "system"]
T = TypeVar("T")
Tools = Client[Any]


@dataclass
class Someone:
    """A learner with goals, and the token their MCP client sends."""

    api: Api
    url: str

    @property
    def token(self) -> str:
        return self.api.session.access()

    def tools(self, **more: Any) -> Tools:
        return Client(f"{self.url}/mcp", auth=self.token, **more)

    def using(self, work: Callable[[Tools], Awaitable[T]], **more: Any) -> T:
        """What `work` gives with a client that is connected."""

        async def connected() -> T:
            async with self.tools(**more) as tools:
                return await work(tools)

        return asyncio.run(connected())

    def call(self, name: str, **arguments: Any) -> dict[str, Any]:
        """One tool's structured answer."""

        async def one(tools: Tools) -> dict[str, Any]:
            answer = await tools.call_tool(name, arguments)
            assert answer.structured_content is not None
            return answer.structured_content

        return self.using(one)

    def challenge(self, goal: str) -> tuple[str, str | None]:
        """Which challenge a goal is, and in which form."""
        events = self.api.events()
        data = next(e.data for e in events if e.type == "goals.goal.assigned" and e.data["goal"] == goal)
        return data["challenge"], data["variant"]

    def right(self, goal: str) -> str:
        return Knowledge().right(*self.challenge(goal))

    def wrong(self, goal: str) -> str:
        """It runs, and gives None whatever it is asked."""
        return f"def {self.api.goal(goal)['entry']}(*things, **more):\n    return None\n"


def signed_up(system: System, *, language: str = "en") -> Someone:
    transport = Transport(system.url, patience=20)
    email = f"{secrets.token_hex(6)}@example.org"
    register(transport, email=email, password=PASSWORD, name="Ada", language=language, timezone="UTC")
    return Someone(Api(transport, Password(transport, email, PASSWORD)), system.url)


@pytest.fixture
def ada(system: System) -> Iterator[Someone]:
    """With a profile, and goals."""
    someone = signed_up(system)
    stated = {"level": "beginner", "minutes": 45, "timezone": "UTC", "language": "en", "consent_mood": True}
    someone.api.record([interaction("profile.stated", stated, time=utc_now())])
    deadline = time.monotonic() + 30
    while not someone.api.goals()["goals"]:
        assert time.monotonic() < deadline, "no goals were planned"
        time.sleep(0.05)
    yield someone
    someone.api.transport.close()
