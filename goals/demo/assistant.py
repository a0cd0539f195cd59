"""An MCP client of the learner's: lists the goals and runs a solution, over the system's own `/mcp`."""

from __future__ import annotations

import asyncio
import time
from typing import Any

from goals.demo.journey import Journey, Missing

Json = dict[str, Any]


def works(j: Journey, goal: str, code: str, request: str) -> tuple[list[Json], Json, int]:
    """The goals it was told, the run's result, and how often the run said how far it was. A server that is away is
    asked again, under the same `request`. Raises Missing."""
    end = time.monotonic() + j.limit
    while True:
        try:
            return asyncio.run(_works(j, goal, code, request))
        except Exception as error:  # a killed server shows itself in many ways
            if time.monotonic() > end:
                raise Missing(f"the MCP client could not work: {type(error).__name__}: {error}") from error
        time.sleep(0.2)


async def _works(j: Journey, goal: str, code: str, request: str) -> tuple[list[Json], Json, int]:
    from fastmcp import Client

    said: list[float] = []

    async def told(progress: float, total: float | None, message: str | None) -> None:  # noqa: ARG001  its protocol
        said.append(progress)

    async with Client(f"{j.server}/mcp", auth=await asyncio.to_thread(j.session.access)) as tools:
        goals = await tools.call_tool("list_goals", {})
        order = {"goal": goal, "code": code, "request": request}
        result = await tools.call_tool("run_solution", order, progress_handler=told)
    assert goals.structured_content is not None and result.structured_content is not None  # noqa: S101  their schemas
    return goals.structured_content["goals"], result.structured_content, len(said)
