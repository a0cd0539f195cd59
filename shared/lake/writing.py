"""Parquet files of events. The same rows give the same bytes, and a file's name carries the checksum of its content:
who writes a range again finds its files there already."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import date
from urllib.parse import quote

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from shared.lake.columns import SCHEMA, columns_of, family_of, schema_of
from shared.lake.errors import AlreadyThere
from shared.lake.manifest import LakeFile
from shared.lake.objects import ObjectStore
from shared.lake.reading import with_fields

ROW_GROUP = 65_536
"""Rows. Small enough that a reader of one learner skips most of a compacted file by its statistics."""
EVENTS = "events/"
ORDER = [("subject", "ascending"), ("position", "ascending")]
"""Of a compacted file: whoever reads one learner's rows skips the others' by the statistics."""
ROWS = 48_000
"""With as many a compacted or mended file is full: it is sorted in memory."""


def options(schema: pa.Schema, level: int) -> dict[str, object]:
    """For pyarrow's writer. Ids and JSON do not repeat: a dictionary of them is only in the way."""
    texts = [f.name for f in schema if pa.types.is_string(f.type) and f.name not in ("id", "causation", "data")]
    lists = [f"{f.name}.list.element" for f in schema if pa.types.is_list(f.type)]
    return {
        "compression": "zstd",
        "compression_level": level,
        "use_dictionary": [*(n for n in texts if n != "traceparent"), *lists],
        "column_encoding": {"position": "DELTA_BINARY_PACKED"},
        "write_statistics": True,
    }


def told(schema: pa.Schema, family: str, first: int, last: int) -> pa.Schema:
    """With the file's own facts: schema version, family, range of positions."""
    return schema.with_metadata(
        {
            "goals.schema": str(SCHEMA),
            "goals.family": family,
            "goals.first": str(first),
            "goals.last": str(last),
        }
    )


def body_of(table: pa.Table, *, level: int = 1) -> bytes:
    """One Parquet file."""
    sink = pa.BufferOutputStream()
    pq.write_table(table, sink, row_group_size=ROW_GROUP, **options(table.schema, level))
    return bytes(sink.getvalue())


def partitions(table: pa.Table) -> Iterator[tuple[str, str, date, pa.Table]]:
    """(family, tenant, day, rows in order of position) for each family, tenant and UTC day of the event's time."""
    if not table.num_rows:
        return
    days = pc.cast(table["time"], pa.date32())
    names = [pc.cast(days, pa.string()), table["type"], table["tenant"]]
    keys = pc.binary_join_element_wise(*names, "\x1f").combine_chunks().dictionary_encode()
    groups: dict[tuple[str, str, str], list[int]] = {}
    for code, text in enumerate(keys.dictionary.to_pylist()):
        day, type_, tenant = text.split("\x1f", 2)
        groups.setdefault((family_of(type_), tenant, day), []).append(code)
    for (family, tenant, day), codes in sorted(groups.items()):
        found = table.filter(pc.is_in(keys.indices, pa.array(codes, pa.int32())))
        yield family, tenant, date.fromisoformat(day), found


def key_of(family: str, tenant: str, day: date, first: int, last: int, sha256: str) -> str:
    """Where a file lies: Hive's way, which Spark, Trino and DuckDB read as columns."""
    place = quote(tenant, safe="-_.").replace("%", "=")
    return f"{EVENTS}{family}/tenant={place}/day={day}/{first:012d}-{last:012d}-{sha256[:16]}.parquet"


Drafted = tuple[LakeFile, bytes]
"""A file as the manifest will have it, and what is in it. It is not written yet."""


def draft(family: str, tenant: str, day: date, rows: pa.Table, first: int, last: int) -> Drafted:
    """Of one of `partitions`, of the range of positions `first` to `last`."""
    return _drafted(family, tenant, day, with_fields(rows, family).cast(schema_of(family)), first, last, level=1)


def draft_sorted(family: str, tenant: str, day: date, whole: pa.Table, first: int, last: int) -> Drafted:
    """Of rows with all their columns, at most about ROWS: a file that stays."""
    return _drafted(family, tenant, day, whole.sort_by(ORDER), first, last, level=3)


def _drafted(family: str, tenant: str, day: date, whole: pa.Table, first: int, last: int, *, level: int) -> Drafted:
    body = body_of(whole.replace_schema_metadata(told(whole.schema, family, first, last).metadata), level=level)
    digest = hashlib.sha256(body).hexdigest()
    key = key_of(family, tenant, day, first, last, digest)
    columns = columns_of(whole.schema)
    return LakeFile(key, family, tenant, day, first, last, whole.num_rows, len(body), digest, columns=columns), body


def put(objects: ObjectStore, key: str, body: bytes) -> None:
    """Content-addressed: a name that is taken holds this very content."""
    try:
        objects.put_new(key, body)
    except AlreadyThere:
        return
