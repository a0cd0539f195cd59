"""Many small files become one of useful size. The manifest is swapped in one transaction: a reader has the small ones
or the large one, never both and never neither."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import pyarrow as pa

from shared.lake import manifest
from shared.lake.errors import Damaged
from shared.lake.manifest import SQL, LakeFile
from shared.lake.mending import mend
from shared.lake.objects import ObjectStore
from shared.lake.spanning import fitted, tables, union
from shared.lake.writing import ROWS, draft_sorted, put
from shared.store.connect import Connection

SMALL = 8 * 1024 * 1024
"""Bytes. A file of that size is left as it is, and one with more than half of ROWS."""
LEAST = 8


@dataclass(frozen=True, slots=True)
class Compacted:
    """`before`: how many files became how many (`after`)."""

    before: int
    after: int
    rows: int
    bytes: int


def compact(
    conn: Connection,
    objects: ObjectStore,
    *,
    least: int = LEAST,
    partitions: int = 50,
    progress: Callable[[int, int], None] | None = None,
) -> Compacted:
    """The most crowded partitions. Two at once are safe: of one partition's swap, one wins."""
    asked = {"small": SMALL, "rows": ROWS, "least": least, "limit": partitions}
    crowded = conn.execute(SQL["crowded"], asked).fetchall()
    total = Compacted(0, 0, 0, 0)
    for done, (family, tenant, day) in enumerate(crowded, 1):
        for some in _bundles([LakeFile(*row) for row in conn.execute(SQL["of_partition"], [family, tenant, day])]):
            made = _replaced(conn, objects, some, family, tenant, day)
            if made is not None:
                total = Compacted(
                    total.before + len(some), total.after + 1, total.rows + made.rows, total.bytes + made.bytes
                )
        if progress is not None:
            progress(done, len(crowded))
    return total


def _bundles(files: list[LakeFile]) -> list[list[LakeFile]]:
    """Neighbours that fit into one file, two at least."""
    bundles: list[list[LakeFile]] = [[]]
    for file in (f for f in files if f.bytes < SMALL and f.rows <= ROWS // 2):
        if bundles[-1] and sum(f.rows for f in bundles[-1]) + file.rows > ROWS:
            bundles.append([])
        bundles[-1].append(file)
    return [b for b in bundles if len(b) > 1]


def _replaced(
    conn: Connection, objects: ObjectStore, files: list[LakeFile], family: str, tenant: str, day: date
) -> LakeFile | None:
    """As `replaced`. A damaged file is mended from the log, and the rest waits for the next time; where that cannot be,
    it is said, and other partitions go on."""
    try:
        return replaced(conn, objects, files, family, tenant, day)
    except Damaged as error:
        mend(conn, objects, error)
        return None


def replaced(
    conn: Connection, objects: ObjectStore, files: list[LakeFile], family: str, tenant: str, day: date
) -> LakeFile | None:
    """One file in the place of these, sorted. None where somebody else was first."""
    read = list(tables(objects, files))
    schema = union(t.schema.remove_metadata() for t in read)
    whole = pa.concat_tables([fitted(t, schema) for t in read])
    del read
    first, last = min(f.first for f in files), max(f.last for f in files)
    new, body = draft_sorted(family, tenant, day, whole, first, last)
    with manifest.writing(conn):
        put(objects, new.key, body)
        with conn.transaction():
            return new if manifest.swap(conn, [f.key for f in files], [new]) else None
