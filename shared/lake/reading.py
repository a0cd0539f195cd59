"""A stretch of the log as an Arrow table, without a Python object a row: PostgreSQL writes CSV, Arrow reads it."""

from __future__ import annotations

import json
from collections.abc import Generator, Iterator
from contextlib import closing
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from psycopg import sql
from pyarrow import csv
from pyarrow import json as arrow_json

from shared.lake.columns import ENVELOPE, INSTANT, column_of, fields_of
from shared.lake.manifest import SQL
from shared.store.connect import Connection

_TIMES = ("time", "recorded")
_TYPES = {f.name: pa.int64() if f.name in _TIMES else f.type for f in ENVELOPE}


def stretch(conn: Connection, after: int, last: int) -> pa.Table:
    """Events of positions `after` < p <= `last` in order, as `columns.ENVELOPE`; those of erased learners left out."""
    plain = csv.ParseOptions(delimiter="\x1f", quote_char=False, escape_char=False, newlines_in_values=False)
    asked = {"after": after, "last": last}
    try:
        # Piece by piece as they come: small pieces are read while they are in the cache, and none is kept as text.
        with conn.cursor() as cursor, closing(_rows(cursor.stream(SQL["lines"], asked, binary=True))) as pieces:
            return _shaped([_read(text, plain, null="\x02") for (text,) in pieces if text])
    except ValueError:  # more columns than there are, or a NULL that is none
        text = _copied(conn, after, last)
        return _shaped([_read(text, csv.ParseOptions(newlines_in_values=True), null="")] if text else [])


def _shaped(read: list[pa.Table]) -> pa.Table:
    if not read:
        return ENVELOPE.empty_table()
    table = pa.concat_tables(read)
    for name in _TIMES:
        table = table.set_column(ENVELOPE.names.index(name), name, table[name].cast(INSTANT))
    return table.cast(ENVELOPE)


def _rows(stream: Iterator[tuple[Any, ...]]) -> Generator[tuple[Any, ...], None, None]:
    """That can be closed half way: then the query is cancelled, and the connection free for the next."""
    yield from stream


def _copied(conn: Connection, after: int, last: int) -> bytes:
    """As CSV with quotes, whatever characters there are."""
    asked = sql.SQL(SQL["copy_out"]).format(after=sql.Literal(after), last=sql.Literal(last))
    with conn.cursor().copy(asked) as copy:
        return b"".join(bytes(piece) for piece in copy)


def _read(text: bytes, form: csv.ParseOptions, *, null: str) -> pa.Table:
    """Times as whole microseconds. `null`: how NULL is written; COPY writes it as nothing and the empty text as "", so
    only the unquoted one is."""
    return csv.read_csv(
        pa.py_buffer(text),
        csv.ReadOptions(column_names=ENVELOPE.names, block_size=len(text) + 1, use_threads=False),
        form,
        csv.ConvertOptions(
            check_utf8=False,  # the database keeps nothing else
            column_types=_TYPES,
            null_values=[null],
            strings_can_be_null=True,
            quoted_strings_can_be_null=False,
        ),
    )


def with_fields(table: pa.Table, family: str) -> pa.Table:
    """Adds the columns of the family's fields, read from `data`."""
    wanted = fields_of(family)
    found = fields(table["data"].combine_chunks(), wanted) if wanted else {}
    for name, kind in wanted.items():
        table = table.append_column(pa.field(column_of(name), kind), found[name])
    return table


def fields(texts: pa.StringArray, wanted: dict[str, pa.DataType]) -> dict[str, pa.ChunkedArray]:
    """These fields of `data` texts."""
    try:
        return _parsed(texts, wanted)
    except pa.ArrowInvalid:  # a value of an old version that does not fit its column: that one stays empty
        return _one_by_one(texts.to_pylist(), wanted)


def _parsed(texts: pa.StringArray, fields: dict[str, pa.DataType]) -> dict[str, pa.ChunkedArray]:
    """By Arrow's own reader, which takes dates and times as text."""
    lines = pc.binary_join(pa.ListArray.from_arrays([0, len(texts)], texts), "\n")[0].as_buffer()
    wanted = pa.schema([pa.field(name, _as_json(kind)) for name, kind in fields.items()])
    read = arrow_json.read_json(
        lines,
        arrow_json.ReadOptions(block_size=lines.size + 1, use_threads=False),
        arrow_json.ParseOptions(explicit_schema=wanted, unexpected_field_behavior="ignore"),
    )
    if read.num_rows != len(texts):
        raise pa.ArrowInvalid("a row of data is no JSON object")
    return {name: pc.cast(read[name], kind) for name, kind in fields.items()}


def _as_json(kind: pa.DataType) -> pa.DataType:
    return pa.string() if kind in (INSTANT, pa.date32()) else kind


def _one_by_one(texts: list[str], fields: dict[str, pa.DataType]) -> dict[str, pa.ChunkedArray]:
    rows: list[dict[str, Any]] = [json.loads(text) for text in texts]
    return {
        name: pa.chunked_array([pa.concat_arrays([_fitting(row.get(name), kind) for row in rows])], kind)
        for name, kind in fields.items()
    }


def _fitting(value: Any, kind: pa.DataType) -> pa.Array:
    try:
        return pc.cast(pa.array([value], _as_json(kind)), kind)
    except (pa.ArrowInvalid, pa.ArrowTypeError, pa.ArrowNotImplementedError):
        return pa.array([None], kind)
