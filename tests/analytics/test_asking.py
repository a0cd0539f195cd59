"""A question reads what it was opened for: it writes nothing, and sees nothing else of this machine."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from goals.analytics.asking import ask
from goals.analytics.opening import of_copy, of_lake
from goals.copies.snapshot import read
from shared.errors import InvalidInput
from shared.lake import manifest
from shared.lake.errors import Damaged
from tests.analytics.conftest import Class
from tests.analytics.test_views import GOLDEN

READS = [
    "FROM attempts",
    "WITH a AS (SELECT run FROM attempts), b AS MATERIALIZED (FROM a) SELECT * FROM b UNION ALL SELECT 'x' ORDER BY 1;",
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5) FROM n",
    "SELECT concepts[1] AS concept, count(*) FROM evaluations GROUP BY ALL HAVING count(*) > 0",
    "SELECT g.goal, c.concept FROM goals g, unnest(g.concepts) AS c(concept)",
    "SELECT *, row_number() OVER (PARTITION BY goal ORDER BY time) FROM tried QUALIFY row_number() OVER () = 1",
    "PIVOT attempts ON verdict IN ('passed', 'failed') USING count(*) GROUP BY goal",
    "DESCRIBE goals",
    "SUMMARIZE goals",
    "SHOW TABLES",
    "FROM range(3)",
    "VALUES (1)",
]
COPY = "COPY (SELECT 1 AS a) TO '{file}' (USE_TMP_FILE false)"
LET_THROUGH = [
    COPY,
    f"WITH a AS ({COPY}) FROM a",
    f"SELECT 1; {COPY}",
    f"EXPLAIN ANALYZE {COPY}",
    "COPY (PIVOT attempts ON verdict USING count(*)) TO '{file}' (USE_TMP_FILE false)",
    "CREATE TABLE mine AS SELECT 1",
    "SET VARIABLE learner = 'somebody'",
    "",
]
"""By a DuckDB that may open the file: only the tree of the question tells."""
SHUT_OUT = [
    f"VALUES ((WITH a AS ({COPY}) FROM a))",
    "FROM query('WITH a AS (COPY (SELECT 1 AS a) TO ''{file}'' (USE_TMP_FILE false)) FROM a')",
    "WITH a AS (DELETE FROM goals RETURNING *) FROM a",
    "COPY attempts TO '{new}'",
    "ATTACH '{new}'",
    "EXPORT DATABASE '{new}'",
    "CALL enable_logging(storage = 'file', storage_path = '{new}')",
    "FROM enable_profiling(save_location = '{new}')",
    "PRAGMA profiling_output = '{new}'",
    "FROM read_csv('/etc/passwd')",
    "FROM READ_TEXT('/etc/passwd')",
    "FROM glob('/etc/*')",
    "FROM '/etc/passwd'",
    "FROM read_parquet('{other}')",
    "FROM '{other}'",
    "FROM read_csv('http://localhost/x.csv')",
    "INSTALL httpfs",
    "LOAD httpfs",
    "SET memory_limit = '20GB'",
    "SET enable_external_access = true",
    "RESET lock_configuration",
]
"""Twice: by the tree, and by DuckDB as it was opened."""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy in a folder with an accent, a blank and a quote; the current folder is beside it."""
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    shutil.copytree(GOLDEN, tmp_path / "María's copy")
    return tmp_path / "María's copy"


@pytest.fixture
def db(folder: Path) -> Iterator[Any]:
    with of_copy(folder) as db:
        yield db


def all_of(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in folder.parent.rglob("*") if path.is_file()}


def named(sql: str, folder: Path) -> str:
    file = next(f.path for f in read(folder).files if f.dataset == "attempts")
    other = shutil.copy(folder / file, folder / "attempts" / "other.parquet")
    told = {"file": folder / file, "new": folder.parent / "new", "other": other}
    return sql.format_map({name: str(path).replace("'", "''") for name, path in told.items()})


@pytest.mark.parametrize("sql", READS)
def test_a_question_may_be_any_select(db: Any, sql: str) -> None:
    assert ask(db, sql).num_rows > 0


@pytest.mark.parametrize("sql", [*LET_THROUGH, *SHUT_OUT])
def test_a_question_that_would_do_more_is_refused_and_did_nothing(folder: Path, db: Any, sql: str) -> None:
    sql = named(sql, folder)
    before = all_of(folder)
    with pytest.raises(InvalidInput) as refused:
        ask(db, sql)
    assert refused.value.hint
    assert all_of(folder) == before
    assert ask(db, "SELECT count(*) AS n FROM attempts").to_pylist() == [{"n": 4}]


def test_a_question_that_runs_another_as_text_is_refused(folder: Path, db: Any) -> None:
    (row,) = ask(db, "SELECT json_serialize_sql($1) AS tree", [named(LET_THROUGH[1], folder)]).to_pylist()
    before = all_of(folder)
    with pytest.raises(InvalidInput, match="json_execute_serialized_sql"):
        ask(db, "FROM json_execute_serialized_sql('{}')".format(row["tree"].replace("'", "''")))
    assert all_of(folder) == before


@pytest.mark.parametrize("sql", SHUT_OUT)
def test_what_was_opened_is_shut_in_by_itself_too(folder: Path, db: Any, sql: str) -> None:
    """Were a question's tree not looked at."""
    import duckdb

    sql = named(sql, folder)
    before = all_of(folder)
    with pytest.raises(duckdb.Error):
        db.sql(sql).fetchall()
    assert all_of(folder) == before


def test_a_large_sort_leaves_nothing_behind(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own = folder.parent / "tmp"
    own.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(own))
    before = all_of(folder)
    with of_copy(folder) as db:
        rows = db.execute("SELECT md5(i::VARCHAR) || repeat('x', 150) AS s FROM range(3000000) t(i) ORDER BY s")
        rows.fetchone()
        spilled = [path for path in own.rglob("*") if path.is_file()]
    assert spilled
    assert all_of(folder) == before
    assert list(own.iterdir()) == list((folder.parent / "here").iterdir()) == []


def test_a_file_of_the_lake_that_was_altered_is_not_answered_from(group: Class) -> None:
    file = manifest.files(group.conn, ["evaluation"])[2]
    path = group.objects.root / file.key
    other = group.objects.root / manifest.files(group.conn, ["evaluation"])[3].key
    for body in (other.read_bytes(), path.read_bytes()[:-1], b"", None):
        path.unlink() if body is None else path.write_bytes(body)
        with pytest.raises(Damaged, match=file.key) as refused, of_lake(group.conn, group.objects):
            pass
        assert "backup" in (refused.value.hint or "")
    with of_lake(group.conn, group.objects, ["hint"]) as db:  # what is not asked is not in the way
        assert ask(db, "FROM hint").num_rows > 0


def test_a_file_of_a_copy_that_was_altered_is_not_answered_from(folder: Path) -> None:
    file = next(f for f in read(folder).files if f.dataset == "streak")
    (folder / file.path).write_bytes((folder / file.path).read_bytes()[:-1])
    with pytest.raises(Damaged, match="checksum") as refused, of_copy(folder, "FROM streak"):
        pass
    assert "goals lake sync" in (refused.value.hint or "")
    with of_copy(folder, "FROM goals") as db:
        assert ask(db, "FROM goals").num_rows > 0
