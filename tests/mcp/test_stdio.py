"""The same tools on standard input and output: `goals mcp` as an MCP client's child."""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path
from typing import Any

import pytest
from fastmcp import Client
from fastmcp.client.transports import StdioTransport
from fastmcp.exceptions import ToolError

from tests.mcp.conftest import Person


def child(person: Person) -> StdioTransport:
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(person.home),
        "XDG_CONFIG_HOME": str(person.home / "config"),
        "GOALS_SERVER": person.server,
        "PYTHONPATH": str(Path(__file__).parents[2]),
    }
    return StdioTransport(
        sys.executable,
        ["-m", "goals.cli", "mcp"],
        env=environment,
        cwd=str(person.folder),
        keep_alive=False,
        log_file=person.home / "log",
    )


def test_the_account_of_this_machine_is_who_works(learner: Person) -> None:
    async def work() -> list[Any]:
        async with Client(child(learner)) as tools:
            goals = (await tools.call_tool("list_goals", {})).structured_content["goals"]
            opened = (await tools.call_tool("open_goal", {"goal": goals[0]["goal"]})).structured_content
            ran = (
                await tools.call_tool("run_solution", {"goal": goals[0]["goal"], "code": opened["starter"]})
            ).structured_content
            with pytest.raises(ToolError, match="no goal"):
                await tools.call_tool("open_goal", {"goal": "nobody"})
            return [goals, opened, ran]

    goals, opened, ran = asyncio.run(work())
    assert {g["goal"] for g in goals} == {g["goal"] for g in learner.goals("today", "--json").json["goals"]}
    assert opened["goal"] == goals[0]["goal"]
    assert ran["failed"] and ran["feedback"]
    assert "Traceback" not in (learner.home / "log").read_text()


def test_nobody_signed_in_is_told_how(person: Person) -> None:
    said = person.goals("mcp", status=None)
    assert said.status != 0
    assert "goals login" in said.errors or "goals register" in said.errors
    assert said.out == "", "standard output is the protocol's"
