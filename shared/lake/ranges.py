"""Ranges of the log's positions: where the next one ends, what is in it, and reading it while another is written."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AbstractContextManager
from dataclasses import dataclass
from types import TracebackType
from typing import Self

import pyarrow as pa

from shared.lake import manifest
from shared.lake.manifest import SQL
from shared.lake.reading import stretch
from shared.store.connect import Connection

ROWS = 20_000
BYTES = 10 * 1024 * 1024
"""Of one range, as PostgreSQL keeps it: bounds memory, whatever events hold."""


@dataclass(frozen=True, slots=True)
class Range:
    """Events of positions `after` < p <= `last`, read when so many learners were `erased`."""

    after: int
    last: int
    erased: int
    events: pa.Table


def ending(conn: Connection, after: int, rows: int, head: int) -> int:
    """Where a range that begins behind `after` ends: at `head`, or where it has enough rows or bytes."""
    last = min(head, after + rows)
    weighed = conn.execute(SQL["bytes_of"], [after, last]).fetchone()
    if weighed is None or weighed[0] <= BYTES:
        return last
    outgrown = conn.execute(SQL["outgrown"], [after, last, BYTES]).fetchone()
    return max(after + 1, outgrown[0] - 1) if outgrown else last


def read(conn: Connection, after: int, last: int) -> Range:
    erased = manifest.stands(conn).erased  # before the events: who is erased meanwhile is noticed at the commit
    return Range(after, last, erased, stretch(conn, after, last))


class Ahead:
    """Reads one range, never more, on a connection of its own while the one before it is written: PostgreSQL makes text
    of events while Arrow makes files of them.

    `connection` lends a connection, and is asked only while whole ranges are waiting. Used by one thread.
    """

    def __init__(self, connection: Callable[[], AbstractContextManager[Connection]]) -> None:
        self._connection = connection
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="lake-ahead")
        self._coming: tuple[int, Future[Range]] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._coming = None
        self._thread.shutdown()

    def begin(self, after: int, rows: int) -> None:
        """Starts reading what follows `after`, if a whole range does."""
        if self._coming is None:
            self._coming = after, self._thread.submit(self._read, after, rows)

    def taken(self, after: int) -> Range | None:
        """What was read behind `after`, waiting for it to come; None where that was not begun. It is let go of here: a
        range that does not fit any more is read again. Raises what reading raised."""
        coming, self._coming = self._coming, None
        if coming is None or coming[0] != after:
            return None
        return coming[1].result()

    def _read(self, after: int, rows: int) -> Range:
        with self._connection() as conn:
            return read(conn, after, ending(conn, after, rows, after + rows))
