"""A graph run by hand: what a step leaves to publish goes to a list, which stands for every queue of the bus."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from graph import entries
from graph.build import build
from graph.decision import NODES, Decision, Said
from graph.node import Body
from graph.step import NodeCommand, Outcome, Step
from shared.bus.port import Message
from shared.events.catalogue.agents import ProcessReviewed
from shared.events.catalogue.interactions import ProfileStated, WishStated
from shared.events.catalogue.learners import RunFinished
from shared.events.data import Data
from shared.events.record import new_event
from shared.readmodel import READ_MODEL
from shared.store import Outgoing, Store, connect
from shared.store.connect import Connection

START = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
LATER = "2027-01-01T00:00:00.000000Z"


def store() -> Store:
    return Store(READ_MODEL, entries.thread_of, entries.wake)


def says(name: str, update: Callable[[Any], Mapping[str, Any]] = lambda _: {}) -> Body:
    """A body that records one event naming its node, and updates the state."""

    def body(state: Any, view: Any, now: datetime) -> Decision:
        reviewed = ProcessReviewed(thread=name, findings=tuple(i["id"] for i in state["inputs"]))
        return Decision(update=update(state), events=[Said(reviewed)])

    return body


def passes(state: Any) -> dict[str, Any]:
    before = (state.get("findings") or {}).get("process", {})
    return {"findings": {"process": {"done": True, "passes": before.get("passes", 0) + 1}}}


def orders(state: Any) -> dict[str, Any]:
    return {
        "orders": [
            {"goal": f"g{n}", "kind": "daily", "concept": "loops", "because": "it is next", "round": 1}
            for n in (1, 2, 3)
        ]
    }


def made(state: Any) -> dict[str, Any]:
    """The second order is rejected in its first round, the third in all of them."""
    order = state["order"]
    ok = order["goal"] == "g1" or (order["goal"] == "g2" and order["round"] == 2)
    result = {"order": order, "ok": ok, "goal": order["goal"], "concept": "loops", "challenge": f"c{order['round']}"}
    return {"made": [result]}


def standard_bodies() -> dict[str, Body]:
    bodies = {name: says(name) for name in NODES}
    bodies["access"] = says("access", lambda _: {"access": {"granted": True, "until": LATER}})
    bodies["contract"] = says("contract", lambda _: {"contract": {"kept": True, "until": LATER}})
    bodies["process"] = says("process", passes)
    bodies["planner"] = says("planner", orders)
    bodies["challenges"] = says("challenges", made)
    bodies["courses"] = says("courses", lambda s: {"written": [s["page"]["goal"]]})
    return bodies


@dataclass
class Hand:
    """Drives a step the way functions do, one message at a time, in any order a test likes."""

    conn: Connection
    step: Step
    queue: list[Message] = field(default_factory=list)
    handled: list[str] = field(default_factory=list)
    events: int = 0

    def take(self, outgoing: Outgoing) -> None:
        self.queue.extend(outgoing.messages)

    def happen(self, body: Data, id_: str, learner: str = "ada", at: datetime | None = None) -> None:
        """A fact is appended, as the API would."""
        self.events += 1
        event = new_event(
            body,
            id=id_,
            source=f"/learners/{learner}",
            subject=learner,
            time=at or START + timedelta(seconds=self.events),
            correlation=id_,
        )
        with self.conn.transaction():
            self.take(self.step.store.append_one(self.conn, [event]).outgoing)

    def handle(self, message: Message) -> Outcome:
        data = json.loads(message.body)["data"]
        if message.key == entries.WOKEN:
            outcome, outgoing = self.step.wake(self.conn, data["thread"])
        else:
            outcome, outgoing = self.step.run(self.conn, command_of(message))
        self.handled.append(f"{message.key.rsplit('.', 1)[-1]}:{outcome}")
        self.take(outgoing)
        return outcome

    def drain(self, limit: int = 200) -> None:
        while self.queue:
            limit -= 1
            assert limit, "the graph does not come to rest"
            self.handle(self.queue.pop(0))

    def values(self, thread: str) -> dict[str, Any]:
        return values_of(self.conn, thread)

    def said(self) -> list[str]:
        """Names of the nodes that recorded something, in the log's order."""
        rows = self.conn.execute(
            "SELECT data->>'thread' FROM events WHERE type = 'goals.process.reviewed' ORDER BY position"
        )
        return [name for (name,) in rows]


def command_of(message: Message) -> NodeCommand:
    data = json.loads(message.body)["data"]
    return NodeCommand(data["thread"], data["checkpoint"], data["task"], message.key.rsplit(".", 1)[-1])


def values_of(conn: Connection, thread: str) -> dict[str, Any]:
    from graph.saver import head_of
    from graph.threads import SQL

    row = conn.execute(SQL["head"], [thread]).fetchone()
    assert row is not None
    head, _ = head_of(thread, row)
    return {k: v for k, v in head.checkpoint["channel_values"].items() if not k.startswith(("__", "branch:"))}


def run_finished(goal: str = "g0", *, passed: int = 1, total: int = 3, run: str = "r1", **more: Any) -> RunFinished:
    return RunFinished(
        goal=goal, run=run, purpose="run", passed=passed, failed=total - passed, total=total,
        verdict="failed" if passed < total else "passed", mode="bubblewrap", ms=12.0, signature="s1", **more,
    )  # fmt: skip


@pytest.fixture
def conn(database: str) -> Iterator[Connection]:
    with connect(database) as connection:
        yield connection


@pytest.fixture
def hand(conn: Connection) -> Hand:
    return Hand(conn, Step(build(standard_bodies()), store(), lambda: START))


__all__ = ["Hand", "ProfileStated", "WishStated", "command_of", "run_finished", "standard_bodies", "store", "values_of"]
