"""How messages leave PostgreSQL: one thread and one connection for all consumers of a process.

Each turn is one round trip: what was finished since the last turn is deleted, buried or given back, and every queue
with room is asked for more. So acknowledgements group by themselves when there is load.
"""

from __future__ import annotations

import contextlib
import queue
import select
import socket
import threading
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, LiteralString

import psycopg
import structlog

from shared.bus.delivery import Held
from shared.errors import BusUnavailable

log = structlog.get_logger(__name__)
Connection = psycopg.Connection[tuple[Any, ...]]
REAP_EVERY = 1.0
"""Seconds between looks for messages whose holder is gone."""
RECONNECT = (0.05, 2.0)
"""First and longest pause between attempts to connect, in seconds."""
OPTIONS = "-c synchronous_commit=off -c plan_cache_mode=force_generic_plan -c timezone=UTC"
"""What a crash takes back here are acknowledgements and counters of attempts, never a message."""


class PostgresDelivery(Held):
    __slots__ = ("_consumer", "position")

    def __init__(self, consumer: QueueConsumer, position: int, key: str, body: bytes, attempt: int) -> None:
        super().__init__(key, body, attempt)
        self._consumer = consumer
        self.position = position

    def ack(self) -> None:
        self._consumer.finish(self, "ack")

    def retry(self) -> None:
        self._consumer.finish(self, "give_back")

    def dead(self) -> None:
        self._consumer.finish(self, "bury")


class QueueConsumer:
    """`hand`: what was taken and is not finished, handed out or not."""

    def __init__(self, pump: Pump, name: str, prefetch: int) -> None:
        self.name = name
        self.prefetch = prefetch
        self.hand: dict[int, PostgresDelivery] = {}
        self._pump = pump
        self._ready: queue.SimpleQueue[PostgresDelivery | None] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._closed = False

    def get(self, timeout: float) -> PostgresDelivery | None:
        try:
            delivery = self._ready.get(timeout=timeout)
        except queue.Empty:
            self._pump.raise_if_away()
            return None
        if delivery is None:
            self._ready.put(None)  # closed: the next one who waits shall know it as well
        return delivery

    def close(self) -> None:
        with self._lock:
            if self._closed:
                return
            self._closed = True
            unfinished = list(self.hand)
            self.hand.clear()
        _empty(self._ready)
        self._ready.put(None)
        self._pump.forget(self, unfinished)

    def finish(self, delivery: PostgresDelivery, how: str) -> None:
        with self._lock:
            if self._closed:
                return  # already given back
            if self.hand.pop(delivery.position, None) is not delivery:
                raise RuntimeError(
                    f"the message at {delivery.position} was finished before: call one of ack, retry, dead"
                )
        self._pump.finish(how, delivery.position)

    def room(self) -> int:
        return 0 if self._closed else self.prefetch - len(self.hand)

    def put(self, position: int, key: str, body: bytes, attempt: int) -> bool:
        """False when the consumer is closed: the message must go back."""
        with self._lock:
            if self._closed:
                return False
            if position in self.hand:
                return True  # given back by others while we were cut off, and now ours again: somebody works on it
            delivery = self.hand[position] = PostgresDelivery(self, position, key, body, attempt)
        self._ready.put(delivery)
        return True


def _empty(ready: queue.SimpleQueue[PostgresDelivery | None]) -> None:
    with contextlib.suppress(queue.Empty):
        while True:
            ready.get_nowait()


@dataclass(slots=True)
class Finished:
    """Positions by what is to be done with them, in the order of calls; `told`: who waits for that."""

    ack: list[int] = field(default_factory=list)
    bury: list[int] = field(default_factory=list)
    give_back: list[int] = field(default_factory=list)
    told: list[threading.Event] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.ack or self.bury or self.give_back or self.told)

    def before(self, later: Finished) -> Finished:
        return Finished(
            self.ack + later.ack, self.bury + later.bury, self.give_back + later.give_back, self.told + later.told
        )


class Pump:
    """`_promising` (the thread's own): queues that may hold messages, by a hint, by polling, or because the last look
    left some."""

    def __init__(self, conninfo: str, sql: Mapping[str, LiteralString], poll: float) -> None:
        self._conninfo = conninfo
        self._sql = sql
        self._poll = poll
        self._lock = threading.Lock()
        self._consumers: dict[str, list[QueueConsumer]] = {}
        self._finished = Finished()
        self._promising: set[str] = set()
        self._session: int | None = None
        self._away: Exception | None = None
        self._stopping = False
        self._thread: threading.Thread | None = None
        self._wake_read, self._wake_write = socket.socketpair()
        self._wake_read.setblocking(False)
        self._wake_write.setblocking(False)

    # ------------------------------------------------------------------ called from any thread

    def consume(self, name: str, prefetch: int) -> QueueConsumer:
        consumer = QueueConsumer(self, name, prefetch)
        with self._lock:
            self._consumers = self._consumers | {name: [*self._consumers.get(name, []), consumer]}
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="bus-pump", daemon=True)
                self._thread.start()
        self._look_at_all()
        return consumer

    def forget(self, consumer: QueueConsumer, unfinished: list[int]) -> None:
        """Waits until the messages are given back, if PostgreSQL is there; else the lost session frees them."""
        done = threading.Event()
        with self._lock:
            others = [c for c in self._consumers[consumer.name] if c is not consumer]
            self._consumers = self._consumers | {consumer.name: others}
            self._finished.give_back += unfinished
            self._finished.told.append(done)
        self._wake()
        while not done.wait(0.05) and self._away is None and self._thread is not None and self._thread.is_alive():
            pass
        self._look_at_all()

    def finish(self, how: str, position: int) -> None:
        with self._lock:
            getattr(self._finished, how).append(position)
        self._wake()

    def raise_if_away(self) -> None:
        if self._away is not None:
            raise BusUnavailable(f"PostgreSQL is away: {self._away}", hint="It is tried again: call get() again.")

    def close(self) -> None:
        """Closes the consumers, writes what was finished, ends the thread."""
        for consumers in self._consumers.values():
            for consumer in consumers:
                consumer.close()
        self._stopping = True
        self._wake()
        if self._thread is not None and self._thread.is_alive():
            self._thread.join()
        self._wake_read.close()
        self._wake_write.close()

    def _look_at_all(self) -> None:
        self._wake(b"all")

    def _wake(self, why: bytes = b".") -> None:
        with contextlib.suppress(OSError):  # full of reasons to wake up, or closed: one more changes nothing
            self._wake_write.send(why)

    # ------------------------------------------------------------------ the thread

    def _run(self) -> None:
        pause = RECONNECT[0]
        while not self._stopping:
            try:
                with psycopg.connect(
                    self._conninfo,
                    autocommit=True,
                    options=OPTIONS,
                    application_name="goals-bus-pump",
                    connect_timeout=5,
                ) as conn:
                    self._take_over(conn)
                    self._away, pause = None, RECONNECT[0]
                    self._serve(conn)
            except psycopg.Error as error:
                self._away = error
                log.warning("bus.away", error=str(error).strip(), again_in=pause)
                time.sleep(pause)
                pause = min(pause * 2, RECONNECT[1])

    def _take_over(self, conn: Connection) -> None:
        """A new session; what the lost one had in hand we still have: it stays ours unless others were first."""
        conn.add_notify_handler(lambda hint: self._promising.add(hint.payload))
        conn.execute("LISTEN bus")
        row = conn.execute(self._sql["new_session"]).fetchone()
        number = int(row[0]) if row is not None else 0
        if self._session is not None:
            conn.execute(self._sql["inherit"], [number, self._session])
        self._session = number
        self._promising.update(self._consumers)

    def _serve(self, conn: Connection) -> None:
        reaped = polled = time.monotonic()
        while True:
            stopping = self._stopping
            if not stopping and not self._finished and not self._wanted():
                select.select([conn.fileno(), self._wake_read.fileno()], [], [], self._poll)
            self._hear(conn)
            now = time.monotonic()
            if now - polled >= self._poll:
                polled = now
                self._promising.update(self._consumers)
            if now - reaped >= REAP_EVERY:
                reaped = now
                conn.execute(self._sql["free_the_gone"], [self._session])
            self._turn(conn)
            if stopping:
                return

    def _hear(self, conn: Connection) -> None:
        with contextlib.suppress(BlockingIOError):
            if b"a" in self._wake_read.recv(65536):
                self._promising.update(self._consumers)
        conn.pgconn.consume_input()
        while hint := conn.pgconn.notifies():
            self._promising.add(hint.extra.decode())

    def _wanted(self) -> dict[str, int]:
        """Promising queues and how many messages there is room for."""
        room = {name: sum(c.room() for c in self._consumers.get(name, ())) for name in self._promising}
        return {name: most for name, most in room.items() if most > 0}

    def _turn(self, conn: Connection) -> None:
        with self._lock:
            finished, self._finished = self._finished, Finished()
        wanted = self._wanted()
        self._promising.difference_update(wanted)  # before the look: a hint that comes meanwhile must stay
        try:
            rows = self._exchange(conn, finished, wanted) if finished or wanted else []
        except psycopg.Error:
            with self._lock:  # nothing was done, or nobody can tell: the same again with the next connection
                self._finished = finished.before(self._finished)
            raise
        for done in finished.told:
            done.set()
        self._hand_out(rows, wanted)

    def _exchange(self, conn: Connection, finished: Finished, wanted: dict[str, int]) -> list[tuple[Any, ...]]:
        """One round trip, one transaction."""
        taken = None
        with conn.pipeline():
            for how in ("ack", "bury", "give_back"):
                if positions := getattr(finished, how):
                    conn.execute(self._sql[how], [positions, self._session])
            if wanted:
                taken = conn.execute(self._sql["take"], [list(wanted), list(wanted.values()), self._session])
        self._promising.update(self._consumers if finished.give_back else ())
        return taken.fetchall() if taken is not None else []

    def _hand_out(self, rows: list[tuple[Any, ...]], wanted: dict[str, int]) -> None:
        taken = Counter(name for _, name, *_ in rows)
        self._promising.update(name for name, most in wanted.items() if taken[name] >= most)
        for position, name, key, body, attempt in sorted(rows):
            consumers = sorted(self._consumers.get(name, ()), key=QueueConsumer.room, reverse=True)
            if not any(consumer.put(position, key, body, attempt) for consumer in consumers):
                self.finish("give_back", position)  # closed in the meantime
