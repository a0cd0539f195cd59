"""Group commit and the relay."""

from __future__ import annotations

import time
from collections.abc import Sequence

import pytest

from shared.bus.port import Message
from shared.errors import BusUnavailable, InvalidInput, TooManyRequests, WrongVersion
from shared.store import Outgoing, Store, log, outbox, pool
from shared.store.batching import BatchingAppender
from shared.store.connect import Connection
from shared.store.relay import Relay
from tests.store.conftest import edit, wish


def test_many_submitters_share_transactions_and_each_gets_its_own_receipt(store: Store, database: str) -> None:
    committed: list[Outgoing] = []
    with pool(database, size=2) as p:
        appender = BatchingAppender(p, store, committed.append)
        futures = [appender.submit([edit(f"e{n}")]) for n in range(200)]
        appender.start()
        positions = [f.result(10)[0].position for f in futures]
        appender.stop()
    assert positions == list(range(1, 201))
    assert len(committed) < 20


def test_a_conflict_fails_its_own_future_only(store: Store, database: str) -> None:
    with pool(database, size=2) as p:
        appender = BatchingAppender(p, store, lambda _: None)
        good, bad, also = (appender.submit([e]) for e in (edit("a"), edit("b", expected=9), edit("c")))
        appender.start()
        assert good.result(10)[0].new
        assert also.result(10)[0].new
        with pytest.raises(WrongVersion):
            bad.result(10)
        appender.stop()


def test_a_group_the_database_cannot_store_does_not_take_its_batch_with_it(store: Store, database: str) -> None:
    from dataclasses import replace

    with pool(database, size=2) as p:
        appender = BatchingAppender(p, store, lambda _: None)
        bad = appender.submit([replace(edit("b"), data={"goal": "a\x00b"})])
        good = appender.submit([edit("a")])
        appender.start()
        assert good.result(10)[0].new
        with pytest.raises(InvalidInput):
            bad.result(10)
        appender.stop()


def test_whoever_goes_away_before_the_commit_does_not_stop_the_others(store: Store, database: str) -> None:
    """A websocket that closes cancels its future; its event is written, and the thread lives on."""
    with pool(database, size=2) as p:
        appender = BatchingAppender(p, store, lambda _: None)
        gone, here = appender.submit([edit("a")]), appender.submit([edit("b")])
        assert gone.cancel()
        appender.start()
        assert here.result(10)[0].position == 2
        assert appender.submit([edit("c")]).result(10)[0].position == 3
        assert appender.alive()
        appender.stop()


def test_a_listener_that_fails_does_not_stop_the_writing(store: Store, database: str) -> None:
    def broken(_: Outgoing) -> None:
        raise RuntimeError("a bug")

    with pool(database, size=2) as p:
        appender = BatchingAppender(p, store, broken)
        appender.start()
        assert appender.submit([edit("a")]).result(10)[0].new
        assert appender.submit([edit("b")]).result(10)[0].new
        appender.stop()


def test_a_full_backlog_says_so_at_once(store: Store, database: str) -> None:
    with pool(database, size=1) as p:
        appender = BatchingAppender(p, store, lambda _: None, backlog=2)
        appender.submit([edit("a")])
        appender.submit([edit("b")])
        with pytest.raises(TooManyRequests):
            appender.submit([edit("c")])
        appender.start()
        appender.stop()


class Broker:
    """Stands for a broker that is away at first: the relay's own behaviour is looked at, not the bus's."""

    def __init__(self, fails: int = 0) -> None:
        self.fails = fails
        self.published: list[str] = []

    def publish(self, messages: Sequence[Message]) -> None:
        if self.fails:
            self.fails -= 1
            raise BusUnavailable("away")
        self.published.extend(m.id for m in messages)


def append(store: Store, conn: Connection, event: object) -> Outgoing:
    with conn.transaction():
        return store.append_one(conn, [event]).outgoing  # type: ignore[list-item]


def test_the_outbox_is_emptied_only_when_the_broker_confirmed(store: Store, conn: Connection) -> None:
    outgoing = append(store, conn, wish("w", "files"))
    away = Broker(fails=1)
    with pytest.raises(BusUnavailable):
        outbox.send(conn, away, outgoing)  # type: ignore[arg-type]
    assert outbox.depth(conn) == 2
    outbox.send(conn, away, outgoing)  # type: ignore[arg-type]
    assert outbox.depth(conn) == 0
    assert len(away.published) == 2


def test_a_sweep_publishes_what_a_crash_left_in_the_log_s_order(store: Store, conn: Connection) -> None:
    for n in range(5):
        append(store, conn, edit(f"e{n}"))
    broker = Broker()
    assert outbox.sweep(conn, broker, overdue=0) == 5  # type: ignore[arg-type]
    assert broker.published == [f"e{n}" for n in range(5)]
    assert outbox.sweep(conn, broker, overdue=0) == 0  # type: ignore[arg-type]


def test_the_relay_survives_a_broker_that_goes_away(store: Store, database: str, conn: Connection) -> None:
    broker = Broker(fails=2)
    with pool(database, size=2) as p:
        relay = Relay(p, broker, every=0.05)  # type: ignore[arg-type]
        relay.start()
        relay.hand_over(append(store, conn, edit("a")))
        conn.execute("UPDATE outbox SET written = written - interval '1 minute'")
        deadline = time.monotonic() + 10
        while not broker.published and time.monotonic() < deadline:
            time.sleep(0.02)
        relay.stop()
    assert broker.published == ["a"]
    assert log.tail(conn)[0].id == "a"


def test_a_resend_among_new_events_is_a_duplicate_and_the_new_ones_are_recorded(store: Store, database: str) -> None:
    with pool(database, size=2) as p:
        appender = BatchingAppender(p, store, lambda _: None)
        appender.start()
        assert appender.submit([edit("a"), edit("b")]).result(10)[1].position == 2
        receipts = appender.submit([edit("b"), edit("c")]).result(10)
        assert [(r.id, r.position, r.new) for r in receipts] == [("b", 2, False), ("c", 3, True)]
        appender.stop()
