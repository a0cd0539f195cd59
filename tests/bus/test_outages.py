"""A broker that goes away in the middle: nothing confirmed is lost, and everybody reconnects by themselves."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from goals.services import Postgres, RabbitMQ
from shared.bus.port import Bus, Message, QueueSpec
from shared.bus.postgres import PostgresBus
from shared.bus.rabbit import RabbitBus
from shared.errors import BusUnavailable

QUEUE = QueueSpec("access", ("goals.node.access",), delivery_limit=100)


class Traffic:
    """Publishes one message after the other, again when it is told that the broker is away; consumes on the side."""

    def __init__(self, bus: Bus) -> None:
        self.bus = bus
        self.confirmed: list[str] = []
        self.seen: Counter[str] = Counter()
        self.failed_publishes = 0
        self.failed_gets = 0
        self._stop = threading.Event()
        self._threads = [threading.Thread(target=self._publish), threading.Thread(target=self._consume)]
        for thread in self._threads:
            thread.start()

    def _publish(self) -> None:
        number = 0
        while not self._stop.is_set():
            try:
                self.bus.publish([Message("goals.node.access", str(number).encode(), str(number), mandatory=True)])
            except BusUnavailable:
                self.failed_publishes += 1
                time.sleep(0.05)
                continue
            self.confirmed.append(str(number))
            number += 1
            time.sleep(0.002)

    def _consume(self) -> None:
        consumer = self.bus.consume("access", 10)
        while not (self._stop.is_set() and set(self.confirmed) <= set(self.seen)):
            try:
                delivery = consumer.get(0.1)
            except BusUnavailable:
                self.failed_gets += 1
                continue
            if delivery is not None:
                self.seen[delivery.body.decode()] += 1
                delivery.ack()

    def grows_by(self, count: int, within: float = 90.0) -> None:
        target = len(self.confirmed) + count
        deadline = time.monotonic() + within
        while len(self.confirmed) < target:
            assert time.monotonic() < deadline, f"only {len(self.confirmed)} of {target} confirmed"
            time.sleep(0.01)

    def finish(self) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join(30)
        assert not any(thread.is_alive() for thread in self._threads), (
            f"lost: {sorted(set(self.confirmed) - set(self.seen))[:10]}"
        )


@pytest.fixture
def traffic() -> Iterator[Callable[[Bus], Traffic]]:
    started: list[Traffic] = []

    def start(bus: Bus) -> Traffic:
        bus.declare([QUEUE])
        started.append(Traffic(bus))
        return started[-1]

    yield start
    for one in started:
        one._stop.set()
        one.bus.close()


def test_postgres_backends_terminated_under_load_lose_nothing(database: str, traffic: Callable[[Bus], Traffic]) -> None:
    running = traffic(PostgresBus(database))
    for _ in range(3):
        running.grows_by(100)
        with psycopg.connect(database, autocommit=True) as other:
            other.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
    running.grows_by(100)
    running.finish()


def test_postgres_killed_and_restarted_under_load_loses_nothing(
    tmp_path: Path, traffic: Callable[[Bus], Traffic]
) -> None:
    server = Postgres(tmp_path / "pg")
    running = traffic(PostgresBus(server.start().url))
    try:
        running.grows_by(100)
        server.kill()
        time.sleep(0.5)
        server.start()
        running.grows_by(100)
        running.finish()
    finally:
        server.stop()


def test_rabbitmq_killed_and_restarted_under_load_loses_nothing(
    tmp_path: Path, traffic: Callable[[Bus], Traffic]
) -> None:
    server = RabbitMQ(tmp_path / "rabbit")
    running = traffic(RabbitBus(server.start().url, settle=5.0))  # see SETTLE: how long that takes depends on the load
    try:
        running.grows_by(200)
        server.kill()
        time.sleep(0.5)
        server.start()
        running.grows_by(200)
        running.finish()
        assert running.failed_publishes > 0
    finally:
        server.kill()
        server.port_mapper.stop()


def test_a_bus_without_a_broker_says_so(bus_without_broker: Bus) -> None:
    with pytest.raises(BusUnavailable):
        bus_without_broker.publish([Message("goals.node.access", b"", "1")])
    with pytest.raises(BusUnavailable):
        bus_without_broker.declare([QUEUE])
    with pytest.raises(BusUnavailable):
        bus_without_broker.consume("access", 1).get(1.0)


@pytest.fixture(params=["postgres", "rabbit"])
def bus_without_broker(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bus]:
    monkeypatch.setattr("shared.bus.rabbit_link.PATIENCE", 0.3)
    monkeypatch.setattr("shared.bus.postgres.PATIENCE", 0.3)
    bus: Bus = (
        PostgresBus("postgresql://postgres@127.0.0.1:1/none")
        if request.param == "postgres"
        else RabbitBus("amqp://guest:guest@127.0.0.1:1/%2F")
    )
    yield bus
    bus.close()
