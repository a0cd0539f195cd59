"""Which queue takes which command. One queue and one dead-letter queue for each function."""

from __future__ import annotations

from graph.decision import NODES
from graph.entries import WOKEN
from shared.bus.port import QueueSpec

NODE = "goals.node."
TICKED = "goals.clock.ticked"
"""Every quarter of an hour: `daily` starts the day of every learner for whom one has begun."""
SWEPT = "goals.clock.swept"
"""Every few seconds: `process` looks for tasks that nobody finished and inputs that nobody took."""

EXTRA: dict[str, tuple[str, ...]] = {"access": (WOKEN,), "process": (SWEPT,)}

QUEUES: tuple[QueueSpec, ...] = (
    *(QueueSpec(name=name, bindings=(NODE + name, *EXTRA.get(name, ()))) for name in NODES),
    QueueSpec(name="daily", bindings=(TICKED,)),
    QueueSpec(name="lake", bindings=(SWEPT, TICKED)),
    QueueSpec(name="learning", bindings=(SWEPT,)),
)
