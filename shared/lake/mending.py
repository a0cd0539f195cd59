"""A damaged file of events is written anew from the log, which has everything that was in it."""

from __future__ import annotations

from collections.abc import Iterator

import pyarrow as pa
import pyarrow.compute as pc
import structlog

from shared.lake import manifest
from shared.lake.columns import schema_of
from shared.lake.errors import Damaged
from shared.lake.manifest import SQL, LakeFile
from shared.lake.objects import ObjectStore
from shared.lake.reading import stretch, with_fields
from shared.lake.spanning import holds, tables
from shared.lake.writing import ROWS, draft_sorted, partitions, put
from shared.store import log as events
from shared.store.connect import Connection

log = structlog.get_logger(__name__)

STEP = 20_000
"""Positions read at a time."""


def mend(conn: Connection, objects: ObjectStore, damage: Damaged) -> bool:
    """Writes the file that was found damaged anew, and says so in the function's log. False where that cannot be, which
    is said too, and kept for whoever asks how the lake is: one whose checksum holds is of a later schema, and stays.
    Raises the errors of `objects`."""
    file = next((LakeFile(*row) for row in conn.execute(SQL["live"], [damage.key])), None)
    if file is None and damage.key is not None:
        return False  # replaced meanwhile
    why = damage
    if file is not None and not holds(objects, file.key, file.sha256):
        try:
            mended(conn, objects, file)
            log.warning("lake.mended", file=file.key, damage=damage.detail)
            return True
        except Damaged as worse:
            why = worse
    lost(conn, Damaged(why.detail, hint=why.hint, key=damage.key))
    return False


def lost(conn: Connection, damage: Damaged) -> None:
    """Says of a file that it can be neither read nor mended, until it holds again."""
    log.error("lake.damaged", file=damage.key, error=damage.detail, hint=damage.hint)
    conn.execute(SQL["cannot_be_mended"], [damage.detail, damage.key])


def mended(conn: Connection, objects: ObjectStore, file: LakeFile) -> None:
    """The rows of `file`'s range, family, tenant and day that no other file has, in its place: in one file or, where
    they are many, in several, each sorted as a compacted one. Nothing where everybody in it is erased, or somebody else
    replaced it meanwhile. Raises Damaged where another file of that day and range is damaged as well."""
    if events.head(conn) < file.last:
        raise Damaged(f"{file.key} cannot be read, and the log does not have it", hint="put it back from a backup")
    others = [LakeFile(*row) for row in conn.execute(SQL["of_partition"], [file.family, file.tenant, file.day])]
    near = [f for f in others if f.key != file.key and f.first <= file.last and f.last >= file.first]
    elsewhere = [t["position"] for t in tables(objects, near, ["position"])]
    known = pa.chunked_array([c for p in elsewhere for c in p.chunks], pa.int64())
    new, rest, first = list[LakeFile](), list[pa.Table](), file.first
    with manifest.writing(conn):
        for begin in range(file.first - 1, file.last, STEP):
            last = min(begin + STEP, file.last)
            rest += _rows(conn, file, begin, last, known)
            if rest and (last == file.last or sum(r.num_rows for r in rest) >= ROWS):
                new.append(_written(objects, file, first, last, pa.concat_tables(rest)))
                first, rest = last + 1, []
        with conn.transaction():
            manifest.swap(conn, [file.key], new)


def _rows(conn: Connection, file: LakeFile, after: int, last: int, known: pa.ChunkedArray) -> Iterator[pa.Table]:
    for family, tenant, day, rows in partitions(stretch(conn, after, last)):
        if (family, tenant, day) == (file.family, file.tenant, file.day):
            left = rows.filter(pc.invert(pc.is_in(rows["position"], known)))
            if left.num_rows:
                yield with_fields(left, family).cast(schema_of(family))


def _written(objects: ObjectStore, file: LakeFile, first: int, last: int, rows: pa.Table) -> LakeFile:
    new, body = draft_sorted(file.family, file.tenant, file.day, rows, first, last)
    if new.key == file.key:  # the very same bytes: the name is taken by what is damaged
        objects.delete(new.key)
    put(objects, new.key, body)
    return new
