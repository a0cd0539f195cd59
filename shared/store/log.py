"""Reading the log. Position order is commit order, so a reader that tails by position misses nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from shared.events.record import Event
from shared.store.connect import Connection
from shared.store.queries import SQL

PAGE = 500


def event_of(row: Sequence[Any]) -> Event:
    """A row of any `read_*` query."""
    return Event(
        position=row[0],
        version=row[1],
        id=row[2],
        type=row[3],
        schema_version=row[4],
        source=row[5],
        subject=row[6],
        stream=row[7],
        time=row[8],
        data=row[9],
        correlation=row[10],
        causation=row[11],
        traceparent=row[12],
        tenant=row[13],
    )


def stream(conn: Connection, name: str, *, after: int = 0, limit: int = PAGE) -> list[Event]:
    return [event_of(r) for r in conn.execute(SQL["read_stream"], [name, after, limit])]


def stream_of(conn: Connection, name: str, type: str, *, limit: int = PAGE) -> list[Event]:  # noqa: A002
    """A stream's events of one type, oldest first."""
    return [event_of(r) for r in conn.execute(SQL["read_stream_of"], [name, type, limit])]


def tail(conn: Connection, *, after: int = 0, limit: int = PAGE) -> list[Event]:
    """Events behind position `after`, in global order."""
    return [event_of(r) for r in conn.execute(SQL["read_all"], [after, limit])]


def everything(conn: Connection, *, after: int = 0) -> Iterator[Event]:
    while page := tail(conn, after=after):
        yield from page
        after = page[-1].position


def between(conn: Connection, first: int, last: int) -> list[Event]:
    return [event_of(r) for r in conn.execute(SQL["read_range"], [first, last])]


def of_subject(conn: Connection, subject: str, *, after: int = 0, limit: int = PAGE) -> list[Event]:
    """What a learner's clients are sent: their events behind `after`."""
    return [event_of(r) for r in conn.execute(SQL["read_subject"], [subject, after, limit])]


def of_correlation(conn: Connection, correlation: str, *, limit: int = PAGE) -> list[Event]:
    """One interaction's way through all functions."""
    return [event_of(r) for r in conn.execute(SQL["read_correlation"], [correlation, limit])]


def of_ids(conn: Connection, subject: str, ids: Sequence[str]) -> list[Event]:
    return [event_of(r) for r in conn.execute(SQL["read_ids"], [subject, list(ids)])]


def head(conn: Connection) -> int:
    """The position of the newest event; 0 where there is none."""
    row = conn.execute(SQL["log_head"]).fetchone()
    return int(row[0]) if row else 0


def head_of(conn: Connection, subject: str) -> int:
    row = conn.execute(SQL["subject_head"], [subject]).fetchone()
    return int(row[0]) if row else 0
