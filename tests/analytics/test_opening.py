"""Opening the lake: one file of each set of columns is looked into, whatever there are, and the answer is the same."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from goals.analytics.asking import ask
from goals.analytics.opening import of_lake
from shared.clock import utc_now
from shared.lake import manifest
from shared.lake.columns import columns_of
from shared.lake.filling import fill
from shared.lake.objects.local import LocalObjects
from shared.lake.spanning import digest
from shared.store.connect import Connection, connect
from tests.lake.events import START, a_day, append, registered

DAYS = 6
ASKED = "SELECT count(*) AS n, count(attempt) AS told, sum(attempt)::BIGINT AS attempts FROM evaluation"


@pytest.fixture
def days(database: str, tmp_path: Path) -> tuple[str, LocalObjects]:
    """A file a day, two evaluations in each."""
    objects = LocalObjects(tmp_path / "lake", public_url="http://api")
    with connect(database) as conn:
        append(conn, "ada", [registered()])
        for day in range(DAYS):
            append(conn, "ada", a_day(f"g{day}"), tag=str(day), time=START - timedelta(days=day))
            fill(conn, objects, now=utc_now())
    return database, objects


def answer(conn: Connection, objects: LocalObjects) -> tuple[int, int, int]:
    with of_lake(conn, objects, ["evaluation"]) as db:
        (row,) = ask(db, ASKED).to_pylist()
    return row["n"], row["told"], row["attempts"]


def test_files_with_the_same_columns_are_not_opened_one_by_one(days: tuple[str, LocalObjects]) -> None:
    database, objects = days
    with connect(database) as conn:
        first, *others = manifest.files(conn, ["evaluation"])
        assert {f.columns for f in others} == {first.columns}
        whole = {objects.root / file.key: (objects.root / file.key).read_bytes() for file in others}
        for path in whole:
            path.write_bytes(b"no Parquet")
            conn.execute(
                "UPDATE lake_file SET sha256 = %s WHERE key = %s", [digest(path), str(path.relative_to(objects.root))]
            )
        with of_lake(conn, objects, ["evaluation"]) as db:  # their columns are not looked at
            for path, body in whole.items():
                path.write_bytes(body)
            assert ask(db, ASKED).to_pylist() == [{"n": 2 * DAYS, "told": 2 * DAYS, "attempts": 3 * DAYS}]


def test_files_from_before_the_columns_were_noted_give_the_same_answer(days: tuple[str, LocalObjects]) -> None:
    database, objects = days
    with connect(database) as conn:
        noted = answer(conn, objects)
        conn.execute("UPDATE lake_file SET columns = NULL WHERE day >= %s", [START.date() - timedelta(days=2)])
        assert answer(conn, objects) == noted == (2 * DAYS, 2 * DAYS, 3 * DAYS)
        conn.execute("UPDATE lake_file SET columns = NULL")
        assert answer(conn, objects) == noted


@pytest.mark.parametrize("noted", [True, False])
def test_a_file_with_other_columns_is_read_by_its_own(days: tuple[str, LocalObjects], noted: bool) -> None:
    """One lacks a column; of another it is narrower."""
    database, objects = days
    with connect(database) as conn:
        lacking, narrow, *_ = manifest.files(conn, ["evaluation"])
        for file in (lacking, narrow):
            path = objects.root / file.key
            table = pq.read_table(path, partitioning=None)
            if file is lacking:
                table = table.drop_columns(["attempt"])
            else:
                place = table.schema.get_field_index("attempt")
                table = table.set_column(place, "attempt", table["attempt"].cast(pa.int32()))
            pq.write_table(table, path)
            conn.execute(
                "UPDATE lake_file SET sha256 = %s, columns = %s WHERE key = %s",
                [digest(path), columns_of(table.schema) if noted else None, file.key],
            )
        assert answer(conn, objects) == (2 * DAYS, 2 * DAYS - 2, 3 * DAYS - 3)
