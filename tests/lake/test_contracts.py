"""Files that were written once are read for ever: by our reader, by pyarrow, by DuckDB, and in JavaScript (hyparquet).

`golden/` is never changed, only added to (`golden_files.py`).
"""

from __future__ import annotations

import json
import os
import subprocess
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from goals.analytics.asking import ask
from goals.analytics.opening import of_copy
from goals.copies.snapshot import read
from shared.lake.columns import schema_of
from shared.lake.copies.datasets import DATASETS
from shared.lake.manifest import LakeFile
from shared.lake.objects.local import LocalObjects
from shared.lake.spanning import digest, fitted, opened, tables, union
from shared.sandbox.languages.javascript import node
from tests.lake.golden_files import FOLDER, as_json
from tests.lake.javascript.install import HERE, PACKAGES

FILES = sorted(FOLDER.rglob("*.parquet"))
COPIES = sorted(path for path in FOLDER.glob("copy-*") if path.is_dir())


def expected(path: Path) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = json.loads(path.with_suffix(".json").read_text("utf-8"))
    return rows


def name(path: Path) -> str:
    return path.relative_to(FOLDER).as_posix()


@pytest.mark.parametrize("path", FILES, ids=name)
def test_today_s_reader_gives_what_was_written(path: Path) -> None:
    with opened(path) as parquet:
        assert as_json(parquet.read()) == expected(path)


@pytest.mark.parametrize("path", FILES, ids=name)
def test_pyarrow_and_duckdb_read_the_same(path: Path) -> None:
    import duckdb

    assert as_json(pq.read_table(path, partitioning=None)) == expected(path)
    db = duckdb.connect()
    db.execute("SET TimeZone = 'UTC'")
    assert as_json(db.read_parquet(str(path)).to_arrow_table()) == expected(path)


def test_javascript_reads_the_same() -> None:
    events = [p for p in FILES if p.parent.name.startswith("events")]
    done = subprocess.run(
        [node(), str(HERE / "read.cjs"), *map(str, [*COPIES, *events])],
        env={**os.environ, "NODE_PATH": str(PACKAGES / "node_modules")},
        capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert set(found) == set(map(str, FILES))
    for path, rows in found.items():
        assert rows == expected(Path(path)), path


@pytest.mark.parametrize("folder", COPIES, ids=lambda p: p.name)
def test_an_old_copy_is_a_copy(folder: Path) -> None:
    snapshot = read(folder)
    assert snapshot.whole(folder)
    with of_copy(folder) as db:
        for dataset in DATASETS:
            rows = sum(f.rows for f in snapshot.files if f.dataset == dataset.name)
            assert ask(db, f"FROM {dataset.name}").num_rows == rows
            columns = ask(db, f"FROM {dataset.name}").column_names
            assert columns == dataset.schema.names


@pytest.mark.parametrize("dataset", DATASETS, ids=lambda d: d.name)
def test_a_column_is_never_renamed_narrowed_or_moved(dataset: Any) -> None:
    for folder in COPIES:
        for path in (folder / dataset.name).glob("*.parquet"):
            old = pq.read_schema(path)
            assert dataset.schema.names[: len(old.names)] == old.names
            assert union([old, dataset.schema]).types == dataset.schema.types


def test_files_of_every_version_are_one_table(tmp_path: Path) -> None:
    """As compaction reads them: a column that was added is empty in what is older, a narrower one widened."""
    objects = LocalObjects(tmp_path / "lake", public_url="http://api")
    files = []
    for number, path in enumerate(sorted(FOLDER.glob("events-*/evaluation-*.parquet"))):
        key = f"events/evaluation/{number}.parquet"
        objects.put_new(key, path)
        rows = pq.read_metadata(path).num_rows
        files.append(LakeFile(key, "evaluation", "public", date.min, 1, 1, rows, path.stat().st_size, digest(path)))
    read_ = list(tables(objects, files))
    schema = union([*(t.schema.remove_metadata() for t in read_), schema_of("evaluation")])
    assert {f.name: f.type for f in schema} == {f.name: f.type for f in schema_of("evaluation")}
    whole = pa.concat_tables([fitted(t, schema) for t in read_])
    assert whole.num_rows == sum(f.rows for f in files)
    assert whole["attempt"].type == pa.int64()
    assert whole["pace"].null_count == whole.num_rows
