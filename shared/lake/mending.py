"""A damaged file of events is written anew from the log, which has everything that was in it."""

from __future__ import annotations

import hashlib
from dataclasses import replace

import pyarrow as pa
import pyarrow.compute as pc

from shared.lake import manifest
from shared.lake.columns import columns_of, schema_of
from shared.lake.errors import Damaged
from shared.lake.manifest import SQL, LakeFile
from shared.lake.objects import ObjectStore
from shared.lake.reading import stretch, with_fields
from shared.lake.spanning import tables
from shared.lake.writing import body_of, key_of, partitions, put, told
from shared.store.connect import Connection

STEP = 50_000
"""Positions read at a time."""


def mended(conn: Connection, objects: ObjectStore, file: LakeFile) -> LakeFile | None:
    """The rows of `file`'s range, family, tenant and day that no other file has, in its place; None where somebody else
    replaced it meanwhile. Raises Damaged where another file of that day is damaged as well and cannot be told apart."""
    others = [LakeFile(*row) for row in conn.execute(SQL["of_partition"], [file.family, file.tenant, file.day])]
    near = [f for f in others if f.key != file.key and f.first <= file.last and f.last >= file.first]
    elsewhere = [t["position"] for t in tables(objects, near, ["position"])]
    known = pa.chunked_array([c for p in elsewhere for c in p.chunks], pa.int64())
    pieces = []
    for begin in range(file.first - 1, file.last, STEP):
        for family, tenant, day, rows in partitions(stretch(conn, begin, min(begin + STEP, file.last))):
            if (family, tenant, day) == (file.family, file.tenant, file.day):
                pieces.append(rows.filter(pc.invert(pc.is_in(rows["position"], known))))
    if not sum(p.num_rows for p in pieces):
        raise Damaged(f"{file.key} cannot be read, and the log has nothing of it", hint="put it back from a backup")
    whole = with_fields(pa.concat_tables(pieces), file.family).cast(schema_of(file.family))
    body = body_of(
        whole.replace_schema_metadata(told(whole.schema, file.family, file.first, file.last).metadata), level=3
    )
    digest = hashlib.sha256(body).hexdigest()
    key = key_of(file.family, file.tenant, file.day, file.first, file.last, digest)
    if key == file.key:  # the very same bytes: the name is taken by what is damaged
        objects.delete(key)
    columns = columns_of(whole.schema)
    new = replace(file, key=key, rows=whole.num_rows, bytes=len(body), sha256=digest, added=None, columns=columns)
    with manifest.writing(conn):
        put(objects, key, body)
        if key == file.key:
            return new
        with conn.transaction():
            return new if manifest.swap(conn, [file.key], [new]) else None
