"""What only the bus in PostgreSQL can do: publish within somebody else's transaction."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest

from shared.bus.port import Message, QueueSpec
from shared.bus.postgres import UNROUTABLE, PostgresBus


@pytest.fixture
def bus(database: str) -> Iterator[PostgresBus]:
    bus = PostgresBus(database)
    bus.declare([QueueSpec("access", ("goals.node.access",))])
    yield bus
    bus.close()


def message(key: str = "goals.node.access") -> Message:
    return Message(key, b"body", "1", mandatory=True)


def test_publish_in_is_part_of_the_callers_transaction(bus: PostgresBus, database: str) -> None:
    with psycopg.connect(database, autocommit=True) as conn:
        with pytest.raises(ZeroDivisionError), conn.transaction():
            bus.publish_in(conn, [message()])
            raise ZeroDivisionError
        assert bus.depth("access") == 0
        with conn.pipeline(), conn.transaction():
            bus.publish_in(conn, [message()])
            conn.execute("CREATE TABLE beside (n int)")
    assert bus.depth("access") == 1


def test_publish_in_wakes_a_waiting_consumer_without_polling(database: str) -> None:
    bus = PostgresBus(database, poll=60)
    bus.declare([QueueSpec("access", ("goals.node.access",))])
    consumer = bus.consume("access", 1)
    assert consumer.get(0.5) is None
    with psycopg.connect(database, autocommit=True) as conn:
        bus.publish_in(conn, [message()])
    delivery = consumer.get(5)
    assert delivery is not None
    delivery.ack()
    bus.close()


def test_an_unroutable_message_fails_the_callers_transaction_with_its_own_state(
    bus: PostgresBus, database: str
) -> None:
    with psycopg.connect(database, autocommit=True) as conn:
        with pytest.raises(psycopg.Error) as caught, conn.pipeline(), conn.transaction():
            bus.publish_in(conn, [message("goals.node.nobody")])
        assert caught.value.sqlstate == UNROUTABLE


def test_polling_finds_what_no_notification_told(bus: PostgresBus, database: str) -> None:
    consumer = bus.consume("access", 1)
    with psycopg.connect(database, autocommit=True) as conn:
        conn.execute("INSERT INTO bus.messages (queue, id, key, body) VALUES ('access', '1', 'k', 'silent')")
    delivery = consumer.get(5)
    assert delivery is not None
    assert delivery.body == b"silent"


def test_several_processes_may_declare_at_once(database: str) -> None:
    buses = [PostgresBus(database) for _ in range(4)]
    queues = [QueueSpec(f"queue-{n}", ("goals.#",)) for n in range(5)]
    with ThreadPoolExecutor(4) as threads:
        list(threads.map(lambda bus: bus.declare(queues), buses))
    for bus in buses:
        bus.close()
