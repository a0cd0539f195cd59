"""The log flows into the lake: a range of positions at a time, each exactly once.

1. The end of the range is noted (`intended`), so that whoever goes on after a crash takes the same range.
2. The range is read, split by family, tenant and day, and put as files whose names follow from their content.
3. In one transaction: the files enter the manifest and the position moves from the range's beginning to its end.
A crash before 3 leaves files that nobody reads and the next try finds in place; two at once write the same files, and
one of them moves the position. Positions have no gaps and become visible in order (docs/decisions/0002), so nothing
can appear behind it later. A range that was read ahead (`ranges.py`) is written only if 1 named this very end, and no
learner was erased since it was read.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import pyarrow as pa

from shared.lake import manifest
from shared.lake.manifest import SQL, LakeFile
from shared.lake.objects import ObjectStore
from shared.lake.ranges import ROWS, Ahead, Range, ending, read
from shared.lake.writing import draft, partitions, put
from shared.store import log
from shared.store.connect import Connection, transaction

AT_ONCE = 3
"""Files being made and on their way to the store."""


@dataclass(frozen=True, slots=True)
class Filled:
    """A range that is in the lake now."""

    first: int
    last: int
    rows: int
    files: int
    bytes: int


def fill(
    conn: Connection,
    objects: ObjectStore,
    *,
    now: datetime,
    linger: float = 0.0,
    rows: int = ROWS,
    ahead: Ahead | None = None,
    written: Callable[[], None] = lambda: None,
) -> Filled | None:
    """The next range; None where nothing waits, or too little for less than `linger` seconds. `ahead`: the same for all
    calls of one who fills range after range. `written` is called between the last file and the commit. Raises the
    errors of `objects` and psycopg: then the position stands."""
    while True:
        stands = manifest.stands(conn)
        waiting = ahead.taken(stands.position) if ahead else None
        if stands.intended is None:
            last = waiting.last if waiting else _end(conn, stands.position, rows, now, linger)
            if last is None:
                return None
            with transaction(conn):
                conn.execute("SET LOCAL synchronous_commit = off")
                conn.execute(SQL["intend"], {"after": stands.position, "last": last})
            stands = manifest.stands(conn)
            if stands.intended is None:
                continue  # somebody else was first, and is done
        if waiting is None or (waiting.after, waiting.last) != (stands.position, stands.intended):
            waiting = read(conn, stands.position, stands.intended)  # whoever noted it, that end is the end
        if ahead is not None and log.head(conn) - waiting.last >= rows:
            ahead.begin(waiting.last, rows)
        with manifest.writing(conn):
            files = _write(objects, waiting)
            written()
            done = _commit(conn, waiting, files)
        if done:
            total = sum(f.rows for f in files), len(files), sum(f.bytes for f in files)
            return Filled(waiting.after + 1, waiting.last, *total)


def _end(conn: Connection, after: int, rows: int, now: datetime, linger: float) -> int | None:
    head = log.head(conn)
    if head <= after:
        return None
    waiting = conn.execute(SQL["waits_since"], [after + 1]).fetchone()
    # A clock that jumped back must not keep events waiting for ever: both directions count as time that passed.
    if head - after < rows and waiting and abs(now - waiting[0]) < timedelta(seconds=linger):
        return None
    return ending(conn, after, rows, head)


def _write(objects: ObjectStore, read: Range) -> list[LakeFile]:
    files: list[LakeFile] = []
    going: deque[Future[LakeFile]] = deque()
    with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="lake") as threads:
        for family, tenant, day, rows in partitions(read.events):
            if len(going) == AT_ONCE:
                files.append(going.popleft().result())
            going.append(threads.submit(_file, objects, family, tenant, day, rows, read.after + 1, read.last))
        files += [each.result() for each in going]
    return files


def _file(objects: ObjectStore, family: str, tenant: str, day: date, rows: pa.Table, first: int, last: int) -> LakeFile:
    """In a thread of its own: Arrow works outside the interpreter's lock, and the disk or network makes one wait."""
    file, body = draft(family, tenant, day, rows, first, last)
    put(objects, file.key, body)
    return file


def _commit(conn: Connection, read: Range, files: list[LakeFile]) -> bool:
    """False where somebody else moved the position, or a learner was erased since the range was read."""
    active = read.events.group_by("subject").aggregate([("position", "max")])
    wanted = [active["subject"].to_pylist(), active["position_max"].to_pylist()]
    with conn.transaction():
        if conn.execute(SQL["stands_locked"]).fetchone() != (read.after, read.erased):
            return False
        manifest.add(conn, files)
        conn.execute(SQL["want_copies"], wanted)
        conn.execute(SQL["moved"], [read.last])
    return True
