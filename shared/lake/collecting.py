"""What nobody reads any more goes: replaced files, files of ranges that were never committed, what is past its time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from itertools import islice

from shared.lake.manifest import SQL
from shared.lake.objects import ObjectStore
from shared.lake.writing import EVENTS
from shared.store.connect import Connection

GRACE = timedelta(minutes=30)
"""How long a reader may still be busy with what a swap replaced, and a writer with what it has not committed."""
COPIES = "learners/"


def retire(conn: Connection, retention: Mapping[str, int], now: datetime) -> int:
    """Takes files of a family out of the manifest whose whole day is older than its days; gives how many."""
    keys = []
    for family, days in retention.items():
        until = now.date() - timedelta(days=days)
        keys += [row[0] for row in conn.execute(SQL["expired"], [family, until])]
    if keys:
        conn.execute(SQL["replace_files"], [keys])
    return len(keys)


def collect(conn: Connection, objects: ObjectStore, *, now: datetime, grace: timedelta = GRACE) -> int:
    """Deletes objects that nobody can be reading; gives how many. Repeatable."""
    gone = [row[0] for row in conn.execute(SQL["collectable"], [grace.total_seconds()])]
    for key in gone:
        objects.delete(key)
    if gone:
        conn.execute(SQL["collected"], [gone])
    for key in _orphans(conn, objects, now - grace):
        objects.delete(key)
        gone.append(key)
    return len(gone)


def _orphans(conn: Connection, objects: ObjectStore, before: datetime) -> Iterator[str]:
    """Objects that no row speaks of, put before `before`."""
    for prefix in (EVENTS, COPIES):
        listed = objects.keys(prefix)
        while some := list(islice(listed, 500)):
            old = [s.key for s in some if s.changed < before]
            known = {row[0] for row in conn.execute(SQL["known"], {"keys": old})}
            yield from (key for key in old if key not in known)
