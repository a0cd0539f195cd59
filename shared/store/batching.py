"""Group commit: appends that arrive together share one transaction, so the log's lock is not the limit."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field

import psycopg
import structlog
from psycopg_pool import PoolTimeout

from shared.errors import GoalsError, InvalidInput, StoreUnavailable, TooManyRequests, WrongVersion
from shared.refusals import say
from shared.store.append import Group, Outgoing, Receipt, Store
from shared.store.connect import Pool, transaction

log = structlog.get_logger(__name__)


@dataclass
class _Waiting:
    group: Group
    done: Future[list[Receipt]] = field(default_factory=Future)
    wanted: bool = True
    """False once whoever submitted it has gone: it is written all the same, and nobody is told."""


class BatchingAppender:
    """Takes groups from any thread; each gets a future of its receipts, resolved after the commit.

    `committed` is told what each transaction left to publish, off the writing thread's path only if it hands over.
    At most `backlog` groups wait (beyond: TooManyRequests), at most `batch` events go in one transaction.
    A future fails with WrongVersion (that group alone), or StoreUnavailable (nothing of its batch was written).
    """

    def __init__(
        self,
        pool: Pool,
        store: Store,
        committed: Callable[[Outgoing], None],
        *,
        batch: int = 500,
        backlog: int = 10_000,
    ) -> None:
        self._pool = pool
        self._store = store
        self._committed = committed
        self._batch = batch
        self._queue: queue.Queue[_Waiting | None] = queue.Queue(backlog)
        self._thread = threading.Thread(target=self._run, name="append", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def alive(self) -> bool:
        return self._thread.is_alive()

    def stop(self) -> None:
        """Writes what waits, then ends."""
        self._queue.put(None)
        self._thread.join()

    def submit(self, group: Group) -> Future[list[Receipt]]:
        waiting = _Waiting(group)
        try:
            self._queue.put_nowait(waiting)
        except queue.Full as error:
            raise TooManyRequests(say("too_many_waiting"), retry_after=1) from error
        return waiting.done

    def _run(self) -> None:
        ending = False
        while not ending:
            first = self._queue.get()
            if first is None:
                return
            batch, size = [first], len(first.group)
            while size < self._batch:
                try:
                    more = self._queue.get_nowait()
                except queue.Empty:
                    break
                if more is None:
                    ending = True
                    break
                batch.append(more)
                size += len(more.group)
            for waiting in batch:  # from here on a future can no longer be cancelled
                waiting.wanted = waiting.done.set_running_or_notify_cancel()
            self._write(batch)

    def _write(self, batch: list[_Waiting], *, hopeful: bool = True) -> None:
        """Resends are rare: the look for them is made only where one is met."""
        try:
            with self._pool.connection() as conn, transaction(conn):
                appended = self._store.append(conn, [w.group for w in batch], hopeful=hopeful)
        except psycopg.errors.UniqueViolation as error:
            if hopeful:
                self._write(batch, hopeful=False)
            else:
                _fail(batch, StoreUnavailable(say("log_beside_lock")), error)
            return
        except (psycopg.DataError, psycopg.IntegrityError, UnicodeError) as error:
            if len(batch) > 1:  # one bad group must not take the others with it
                for waiting in batch:
                    self._write([waiting])
                return
            _fail(batch, InvalidInput(say("events_not_stored", why=type(error).__name__)), error)
            return
        except (psycopg.Error, PoolTimeout, OSError) as error:
            _fail(batch, StoreUnavailable(say("events_not_written", why=type(error).__name__)), error)
            return
        except Exception as error:  # noqa: BLE001  the writing thread must outlive what nobody foresaw
            _fail(batch, StoreUnavailable(say("events_not_written", why=repr(error)[:260])), error)
            return
        try:
            self._committed(appended.outgoing)
        except Exception:
            log.exception("append.committed")
        for waiting, result in zip(batch, appended.results, strict=True):
            if not waiting.wanted:
                continue
            if isinstance(result, WrongVersion):
                waiting.done.set_exception(result)
            else:
                waiting.done.set_result(result)


def _fail(batch: list[_Waiting], failure: GoalsError, cause: Exception) -> None:
    failure.__cause__ = cause
    for waiting in batch:
        if waiting.wanted:
            waiting.done.set_exception(failure)
