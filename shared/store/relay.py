"""The relay: one thread that takes what was committed to the bus, and looks for what a crash left behind."""

from __future__ import annotations

import queue
import threading
import time

import psycopg
import structlog
from psycopg_pool import PoolTimeout

from shared.bus.port import Bus
from shared.errors import BusUnavailable
from shared.store import outbox
from shared.store.append import Outgoing
from shared.store.connect import Pool

log = structlog.get_logger(__name__)


class Relay:
    """`hand_over` never blocks and never fails: what cannot be published now stays in the outbox for the sweep."""

    def __init__(self, pool: Pool, bus: Bus, *, every: float = 1.0) -> None:
        self._pool = pool
        self._bus = bus
        self._every = every
        self._queue: queue.Queue[Outgoing | None] = queue.Queue(10_000)
        self._thread = threading.Thread(target=self._run, name="relay", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._queue.put(None)
        self._thread.join()

    def hand_over(self, outgoing: Outgoing) -> None:
        if not outgoing.rows:
            return  # published in its own transaction, or nothing to publish
        try:
            self._queue.put_nowait(outgoing)
        except queue.Full:
            return  # the sweep will find its rows

    def _run(self) -> None:
        swept = 0.0
        while True:
            try:
                outgoing = self._queue.get(timeout=self._every)
            except queue.Empty:
                outgoing = Outgoing()
            if outgoing is None:
                return
            try:
                with self._pool.connection() as conn:
                    outbox.send(conn, self._bus, outgoing)
                    if time.monotonic() - swept > self._every:
                        swept = time.monotonic()
                        outbox.sweep(conn, self._bus)
            except (BusUnavailable, psycopg.Error, PoolTimeout, OSError) as error:
                log.warning("relay.waits", error=str(error), rows=len(outgoing.rows))
                time.sleep(min(self._every, 0.5))
