"""A class in the lake, as `tests/lake/cohort.py` makes it up, asked by DuckDB."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pytest

from goals.analytics.opening import Filter, of_lake
from shared.clock import utc_now
from shared.lake.filling import fill
from shared.lake.objects.local import LocalObjects
from shared.store.connect import Connection, connect
from tests.lake.cohort import Challenge, taught


@dataclass
class Class:
    conn: Connection
    objects: LocalObjects
    bank: list[Challenge]
    until: ExitStack

    def asked(self, **filters: Filter) -> duckdb.DuckDBPyConnection:
        return self.until.enter_context(of_lake(self.conn, self.objects, filters=filters))


@pytest.fixture
def group(database: str, tmp_path: Path) -> Iterator[Class]:
    objects = LocalObjects(tmp_path / "lake", public_url="http://api.example.org")
    with connect(database) as conn, ExitStack() as until:
        bank = taught(conn, learners=20, weeks=5)
        while fill(conn, objects, now=utc_now()):
            pass
        yield Class(conn, objects, bank, until)
