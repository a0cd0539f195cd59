"""What a node's body gets: the port between the graph and the nine functions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from graph.decision import Decision, Said
from graph.state import State
from shared.readmodel import View

Body = Callable[[State, View, datetime], Decision]
"""A node's body: looks up what it needs and decides. It has no other way to the world."""


@dataclass(frozen=True, slots=True)
class Hands:
    """What a running task holds, as LangGraph's run-time context: look things up, know the time, record events."""

    view: View
    now: Callable[[], datetime]
    record: Callable[[Sequence[Said]], None]
