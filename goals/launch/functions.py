"""Which functions there are, and how each is started on its own. The names are those of their queues."""

from __future__ import annotations

from graph.decision import NODES

EVENT_FUNCTIONS: tuple[str, ...] = (*NODES, "daily", "lake", "learning")
"""Woken by CloudEvents from their queue."""

SERVERS: tuple[str, ...] = ("api", "runner", "mcp")
"""Called over HTTP."""


def factory(name: str) -> str:
    """`module:factory`, as `python -m shared.function` takes it."""
    return f"functions.{name}.function:new"
