"""One question to what was opened: a SELECT, and nothing that could do more than read.

DuckDB 2.0 lets a SELECT write (`WITH x AS (COPY … TO …)`), and a file that it may read it may write. So a question's
tree, as DuckDB's own parser gives it, is held to what reads; `opening.py` has shut the rest of the machine out before.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from shared.errors import InvalidInput

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

QUERIES = ("SELECT_NODE", "SET_OPERATION_NODE", "RECURSIVE_CTE_NODE", "CTE_NODE")
"""Nodes of a tree that only read. Others are INSERT, UPDATE, DELETE, COPY."""
FUNCTIONS = ("unnest", "range", "generate_series", "json_each", "json_tree", "duckdb_columns", "duckdb_functions")
"""That give tables. Others read files, run text as SQL, or change settings."""

ROWS = 10_000
"""Of a piece of an answer, about."""


def ask(db: duckdb.DuckDBPyConnection, sql: str, parameters: Sequence[Any] = ()) -> pa.Table:
    """Raises InvalidInput: with DuckDB's own words, or because the question would do more than read what was opened."""
    with _told():
        return _asked(db, sql, parameters).to_arrow_table()


def piecewise(db: duckdb.DuckDBPyConnection, sql: str, *, limit: int | None = None) -> Iterator[pa.RecordBatch]:
    """The same in pieces, at least one, so that an answer of any length needs little memory. At most `limit` rows."""
    import pyarrow as pa

    with _told():
        reader = _asked(db, sql).to_arrow_reader(ROWS)
        yield pa.RecordBatch.from_pylist([], schema=reader.schema)
        left = limit
        for batch in reader:
            yield batch if left is None else batch.slice(0, left)
            if left is not None and (left := left - batch.num_rows) <= 0:
                return


def _asked(db: duckdb.DuckDBPyConnection, sql: str, parameters: Sequence[Any] = ()) -> duckdb.DuckDBPyRelation:
    _held(db, sql)
    return db.sql(sql, params=list(parameters))


@contextmanager
def _told() -> Iterator[None]:
    import duckdb

    try:
        yield
    except duckdb.Error as error:
        words = str(error).split("\n\nLINE", 1)[0]
        raise InvalidInput(words, hint="`goals lake query` without a question lists the tables") from error


def _held(db: duckdb.DuckDBPyConnection, sql: str) -> None:
    import duckdb

    ((told,),) = db.execute("SELECT json_serialize_sql($1::VARCHAR)", [sql]).fetchall()
    tree = json.loads(told)
    if tree.get("error_type") == "parser":
        duckdb.extract_statements(sql)  # raises it, with the place
    if tree["error"] or len(tree["statements"]) != 1:
        raise InvalidInput(
            "a question is one SELECT, and this is none",
            hint="write what it answers with `--format csv` or `json`; PIVOT needs its values: ON … IN (…)",
        )
    for node in _within(tree):
        kind = node.get("type")
        if isinstance(kind, str) and kind.endswith("_NODE") and kind not in QUERIES:
            raise InvalidInput(f"a question only reads: no {kind.split('_')[0]}", hint="ask with SELECT alone")
        if kind == "TABLE_FUNCTION" and (name := node["function"]["function_name"].lower()) not in FUNCTIONS:
            raise InvalidInput(
                f"a question reads the tables it was opened with, and nothing by {name}()",
                hint=f"`goals lake query` alone lists the tables; beside them there are {', '.join(FUNCTIONS)}",
            )


def _within(tree: Any) -> Iterator[dict[str, Any]]:
    waiting = [tree]
    while waiting:
        found = waiting.pop()
        if isinstance(found, dict):
            yield found
            waiting += found.values()
        elif isinstance(found, list):
            waiting += found
