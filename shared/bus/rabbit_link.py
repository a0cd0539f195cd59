"""One connection to RabbitMQ in a thread of its own, made again whenever it is lost.

pika is not thread-safe: everything that touches a connection or a channel runs in this thread, and other threads hand
it work through `add_callback_threadsafe` (pika's documented way). So heartbeats are answered however long a message
is worked on.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from typing import Any, Protocol

import pika
import pika.exceptions
import structlog

from shared.errors import BusUnavailable

log = structlog.get_logger(__name__)
logging.getLogger("pika").setLevel(logging.CRITICAL)  # it reports each reconnect as many errors; we report it once
PATIENCE = 5.0
"""Seconds a caller waits for a connection that is not open, before it is told that the broker is away."""
RECONNECT = (0.1, 5.0)
"""First and longest pause between attempts to connect, in seconds."""
HEARTBEAT = 30


class Attached(Protocol):
    """What lives on the connection. Both are called in the link's thread, strictly in turns."""

    def opened(self, connection: Any) -> None: ...
    def lost(self, error: Exception) -> None: ...


class Link:
    def __init__(self, url: str, name: str, attached: Attached) -> None:
        self._parameters = pika.URLParameters(url)
        if "heartbeat" not in url:
            self._parameters.heartbeat = HEARTBEAT
        self._parameters.client_properties = {"connection_name": name}
        self._name = name
        self._attached = attached
        self.lock = threading.RLock()
        self._connection: Any = None
        self._open = threading.Event()
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None
        self.error: Exception | None = None

    def start(self) -> None:
        """Begins to connect, at the first call; returns at once."""
        with self.lock:
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name=self._name, daemon=True)
                self._thread.start()

    def is_open(self) -> bool:
        return self._open.is_set()

    def submit(self, work: Callable[[], None], registered: Callable[[], None] | None = None) -> None:
        """Has `work` run in the link's thread; `registered` runs first, here, under the lock that `lost` takes: what
        it registers is either seen by `lost` or refused. Raises BusUnavailable when there is no connection."""
        self.start()
        self._open.wait(PATIENCE)
        with self.lock:
            if not self._open.is_set():
                raise BusUnavailable(f"RabbitMQ is away: {self.error}", hint="Is it started? Publish again later.")
            if registered is not None:
                registered()
            self._connection.ioloop.add_callback_threadsafe(work)

    def submit_if_open(self, work: Callable[[], None]) -> bool:
        """As `submit`, for what has no meaning any more once the connection is lost."""
        with self.lock:
            if self._open.is_set():
                self._connection.ioloop.add_callback_threadsafe(work)
            return self._open.is_set()

    def later(self, seconds: float, work: Callable[[], None]) -> None:
        """In the link's thread only."""
        self._connection.ioloop.call_later(seconds, work)

    def close(self) -> None:
        self._stopping.set()

        def finish() -> None:
            if self._connection.is_open:
                self._connection.close()

        self.submit_if_open(finish)
        if self._thread is not None:
            self._thread.join(timeout=10)

    def _run(self) -> None:
        pause = RECONNECT[0]
        while not self._stopping.is_set():
            if self._one_connection():
                pause = RECONNECT[0]
            if self._stopping.wait(pause):
                return
            pause = min(pause * 2, RECONNECT[1])

    def _one_connection(self) -> bool:
        """Until it is lost; tells whether it was ever open."""
        opened = False

        def on_open(connection: Any) -> None:
            nonlocal opened
            opened = True
            with self.lock:
                self.error = None
                self._attached.opened(connection)
                self._open.set()
            if self._stopping.is_set():
                connection.close()

        def on_end(connection: Any, error: Exception) -> None:
            self.error = error
            connection.ioloop.stop()

        self._connection = pika.SelectConnection(
            self._parameters,
            on_open_callback=on_open,
            on_open_error_callback=on_end,
            on_close_callback=on_end,
        )
        try:
            self._connection.ioloop.start()
        except Exception as error:
            log.exception("bus.link", link=self._name)
            self.error = error
        finally:
            with self.lock:
                self._open.clear()
                self._attached.lost(self.error or ConnectionError("the connection's thread ended"))
            self._connection.ioloop.close()
        if not self._stopping.is_set():
            log.warning("bus.away", link=self._name, error=repr(self.error))
        return opened
