"""How each function is run in a cluster: its command, its size, and how far it scales."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from goals.launch.functions import EVENT_FUNCTIONS, SERVERS, factory
from graph.decision import NODES
from shared.store.connect import POOL

PORT = 8080
CONCURRENCY = 4
"""Events that an instance works on at a time: the threads of `shared.function.asgi.FunctionApp`."""
CONNECTIONS = POOL
"""To the database, of one instance of an event's function; the API's are GOALS_DATABASE_CONNECTIONS."""
USER = 65_532
"""The number of a user that owns nothing: `nonroot`, as distroless images call it."""


@dataclass(frozen=True, slots=True)
class Deployed:
    """`command`: in the image's /app. `memory`: MiB, what a container may use; half of it is asked for. `cpu`:
    thousandths of a core asked for. `least`, `most`: instances. `at_once`: requests to one instance, 0 without bound.
    `seconds`: how long a request, or a websocket, may take."""

    name: str
    kind: Literal["event", "server"]
    command: tuple[str, ...]
    memory: int = 384
    cpu: int = 100
    least: int = 0
    most: int = 10
    at_once: int = CONCURRENCY
    seconds: int = 300


def _event(name: str) -> Deployed:
    command = ("python", "-m", "shared.function", factory(name))
    if name == "lake":  # one writer is enough, and Parquet takes memory
        return Deployed(name, "event", command, memory=768, most=1)
    if name == "learning":  # one writer
        return Deployed(name, "event", command, most=1)
    # A source hands over CONCURRENCY * FACTOR events at once (goals/cluster/messaging.py), and Knative aims at 70 % of
    # what an instance takes: more than six are never asked for. Each may open CONNECTIONS.
    if name in ("access", "process"):  # every run of the graph passes here
        return Deployed(name, "event", command, least=1, most=6)
    return Deployed(name, "event", command, most=6 if name in NODES else 2)


def _server(name: str, *, memory: int, cpu: int, least: int, most: int, seconds: int) -> Deployed:
    """`at_once` without bound: open sockets and streams count as requests."""
    command = ("python", "-m", f"functions.{name}")
    return Deployed(name, "server", command, memory, cpu, least, most, at_once=0, seconds=seconds)


_SERVERS = {
    each.name: each
    for each in (
        # A websocket lasts as long as a request may: 600 s is Knative's maximum. `least`: nobody waits for a first one.
        _server("api", memory=768, cpu=250, least=2, most=10, seconds=600),
        _server("mcp", memory=512, cpu=100, least=0, most=10, seconds=600),
        _server("runner", memory=1_536, cpu=500, least=1, most=40, seconds=60),
    )
}

FUNCTIONS: tuple[Deployed, ...] = (
    *(_event(name) for name in EVENT_FUNCTIONS),
    *(_SERVERS[name] for name in SERVERS),
)
OPERATIONS = "operations"
"""The image with the command line: migrations, ticks, dispatchers."""
IMAGES: tuple[str, ...] = (*(each.name for each in FUNCTIONS), OPERATIONS)
