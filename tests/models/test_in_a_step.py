"""A node that asks a model: outside any transaction and lock, and its account is stored once with what it decided."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from graph.build import build
from graph.decision import Decision, Said
from graph.step import Step
from shared.events.catalogue.interactions import WishStated
from shared.models import Answer
from shared.models.port import Model
from shared.store import connect
from tests.graph.conftest import START, Hand, standard_bodies, store
from tests.models.conftest import Make
from tests.models.questions import ANA, INPUTS, prompt
from tests.models.questions import Said as Words
from tests.models.server import Exchange, ModelServer, says

OPEN = """SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND xact_start IS NOT NULL"""
LOCKS = """SELECT count(*) FROM pg_locks
WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"""


def transactions_and_locks(database: str) -> tuple[int, int]:
    """Of all other connections to this database, now."""
    with connect(database) as other:
        counts = [int(row[0]) for query in (OPEN, LOCKS) if (row := other.execute(query).fetchone())]
    return counts[0], counts[1]


def asking(model: Model) -> Any:
    def body(state: Any, view: Any, now: datetime) -> Decision:
        view.learner(state["learner"])
        found = model.ask(prompt(), INPUTS, Words, who=ANA, now=now)
        assert isinstance(found, Answer)
        return Decision({"orders": []}, [Said(found.called)])

    return body


def test_a_model_is_asked_outside_any_transaction_and_lock(server: ModelServer, make: Make, database: str) -> None:
    seen: list[tuple[int, int]] = []

    def looks(exchange: Exchange) -> None:
        seen.append(transactions_and_locks(database))
        says({"text": "Look at line 3."})(exchange)

    with connect(database) as busy, busy.transaction():
        busy.execute("SELECT pg_advisory_xact_lock(1)")
        assert transactions_and_locks(database) == (1, 1), "they would be seen"
    server.always(looks)
    with connect(database) as conn:
        bodies = standard_bodies() | {"planner": asking(make())}
        hand = Hand(conn, Step(build(bodies), store(), lambda: START))
        hand.happen(WishStated(concept="loops"), "w1")
        hand.drain()
        stored = conn.execute("SELECT data->>'cost' FROM events WHERE type = 'goals.model.called'").fetchall()
    assert seen == [(0, 0)]
    assert stored == [("82",)]
