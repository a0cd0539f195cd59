"""A stretch of the log becomes a table: piece after piece, none of which waits on PostgreSQL's disk for the others."""

from __future__ import annotations

import subprocess
import sys

import pyarrow as pa

from shared.lake.manifest import SQL
from shared.lake.reading import stretch
from shared.store.connect import Connection, connect
from tests.bench.lake import put_events

MANY = 4_500
"""More than two pieces hold."""


def temporary(conn: Connection, asked: dict[str, int]) -> int:
    """Blocks that the query wrote to temporary files."""
    row = conn.execute("EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) " + SQL["lines"], asked).fetchone()  # type: ignore[operator]
    assert row is not None
    blocks: int = row[0][0]["Plan"]["Temp Written Blocks"]
    return blocks


def test_a_stretch_of_many_pieces_is_whole_and_in_order(database: str) -> None:
    with connect(database) as conn:
        put_events(conn, 1, MANY, seconds=1)
        assert stretch(conn, 0, MANY)["position"].to_pylist() == list(range(1, MANY + 1))
        assert stretch(conn, 1_999, 4_001)["position"].to_pylist() == list(range(2_000, 4_002))


def test_postgresql_sends_pieces_without_putting_them_on_its_disk(database: str) -> None:
    with connect(database) as conn:
        put_events(conn, 1, MANY, seconds=1)
        conn.execute("VACUUM ANALYZE events")
        conn.execute("SET work_mem = '64kB'")
        assert temporary(conn, {"after": 0, "last": MANY}) == 0


def test_the_function_chooses_arrows_memory_before_arrow_is_loaded() -> None:
    asked = "import functions.lake.function, pyarrow as pa; print(pa.default_memory_pool().backend_name)"
    done = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ("jemalloc" if "jemalloc" in pa.supported_memory_backends() else "mimalloc")
    assert not done.stderr
