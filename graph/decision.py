"""What a node decides: pure data, so that an agent's logic imports no infrastructure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from shared.events.data import Data

NODES = ("access", "challenges", "courses", "feedback", "evaluation", "process", "planner", "mood", "contract")
NodeName = Literal[
    "access", "challenges", "courses", "feedback", "evaluation", "process", "planner", "mood", "contract"
]


@dataclass(frozen=True, slots=True)
class Said:
    """An event a node wants recorded. `expected`: the version of its stream it was decided on, where that matters
    (0: the stream must be new). `causation`: id of the event that led to it; the run's first input where None."""

    body: Data
    expected: int | None = None
    causation: str | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """`update`: what to write to the state. `events`: what to record. Both come true in one transaction, or neither."""

    update: Mapping[str, Any] = field(default_factory=dict)
    events: Sequence[Said] = ()
