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
    """Takes files of a family out of the manifest whose whole day is older than its days; gives how many. To it, it is
    no later than when the log took its newest event, whatever `now` says: what has left does not come by itself."""
    newest = conn.execute(SQL["newest"]).fetchone()
    if newest is None:
        return 0
    keys = []
    for family, days in retention.items():
        until = min(now, newest[0]).date() - timedelta(days=days)
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
    return len(gone) + sum(_orphans(conn, objects, old) for old in _old(objects, now - grace))


def _old(objects: ObjectStore, before: datetime) -> Iterator[list[str]]:
    for prefix in (EVENTS, COPIES):
        listed = objects.keys(prefix)
        while some := list(islice(listed, 200)):
            yield [s.key for s in some if s.changed < before]


def _orphans(conn: Connection, objects: ObjectStore, old: list[str]) -> int:
    """Deletes those that no row speaks of, while nobody writes."""
    with conn.transaction():
        known = {row[0] for row in conn.execute(SQL["known"], {"keys": old})}
        if known.issuperset(old):
            return 0
        conn.execute(SQL["no_writers"])
        known = {row[0] for row in conn.execute(SQL["known"], {"keys": old})}
        for key in old:
            if key not in known:
                objects.delete(key)
    return len(set(old) - known)
