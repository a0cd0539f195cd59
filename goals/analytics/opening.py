"""A DuckDB that sees the files of a learner's copy, or of the lake, as tables, and nothing else of this machine: no
other file, no network, no extension, no setting. Each file is what was written, or it is not opened. What does not fit
into memory goes to a folder of its own, which ends with it.

Both kinds of files lead to the same relations (`tried`, `moved`, `assigned`, `helped`), on which the ready views
stand: what a teacher asks of a group, a learner may ask of themselves.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from goals.copies.snapshot import arrived, read
from shared.lake.errors import Damaged

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

    from shared.lake.objects import ObjectStore
    from shared.store.connect import Connection

HERE = Path(__file__).parent
MEMORY = "256MB"
READY = ("cohort_progress", "hardest_challenges", "hint_use", "retention_curves", "time_to_mastery")
RELATIONS = ("tried", "moved", "assigned", "helped", "tried_ever", "moved_ever")
FAMILIES = ("evaluation", "mastery", "goal", "hint")
"""Those that the ready views stand on."""
WHOLE = ("goal", "hint")
"""Families of which `since` leaves nothing out: an attempt since then may be at a goal that was given, and helped with,
before."""
EVER = ("evaluation", "mastery")
"""Families of which the ready views read all: what was first, and when the gate was reached, may be before `since`."""
SINCE = "getvariable('since') IS NULL OR time >= getvariable('since')::DATE::TIMESTAMPTZ"
Filter = str | date | None
Filters = Mapping[str, Filter]
"""`tenant`, `course`, `since`: which of the lake the ready views look at."""


@contextmanager
def of_copy(folder: Path, sql: str = "") -> Iterator[duckdb.DuckDBPyConnection]:
    """A learner's copy: a table for each dataset, as `docs/lake.md` has it. `sql`: what is going to be asked;
    only what it names is opened. Raises NotFound, InvalidInput, Damaged."""
    from shared.lake.copies.datasets import DATASETS

    snapshot = read(folder)
    words = set(re.findall(r"\w+", sql.lower()))
    views = not words or bool(words & {*READY, *RELATIONS})
    opened: list[Path] = []
    with _fresh() as (db, _):
        for dataset in DATASETS:
            if not (views or dataset.name in words):
                continue
            files = [_of_copy(folder / f.path, f.sha256) for f in snapshot.files if f.dataset == dataset.name]
            _table(db, dataset.name, [(files, False)] if files else [], dataset.schema)
            opened += files
        db.execute("SET VARIABLE learner = $1", [snapshot.learner])
        if views:
            _views(db, "copy.sql")
        _shut(db, opened)
        yield db


@contextmanager
def of_lake(
    conn: Connection, objects: ObjectStore, families: Iterable[str] = FAMILIES, *, filters: Filters | None = None
) -> Iterator[duckdb.DuckDBPyConnection]:
    """The lake: a table for each family, as one snapshot of the manifest. What is not on this disk is fetched first,
    and gone at the end: erasure reaches the lake, and no copies of its files. Raises Damaged, and the errors of
    `objects`."""
    from shared.lake import manifest
    from shared.lake.columns import schema_of

    wanted = sorted(set(families))
    views = set(FAMILIES) <= set(wanted)
    since = (filters or {}).get("since")
    found = manifest.files(conn, wanted)
    if isinstance(since, date):
        found = [f for f in found if f.family in WHOLE or (views and f.family in EVER) or f.day >= since]
    opened: list[Path] = []
    with _fresh() as (db, folder):
        for family in wanted:
            groups: dict[str, list[Path]] = {}
            for file in (f for f in found if f.family == family):
                groups.setdefault(file.columns or "", []).append(_here(objects, file.key, file.sha256, folder))
            ever = views and family in EVER
            parts = [(files, bool(columns)) for columns, files in groups.items()]
            _table(db, f"{family}_ever" if ever else family, parts, schema_of(family))
            if ever:
                db.execute(f'CREATE VIEW "{family}" AS FROM "{family}_ever" WHERE {SINCE}')
            opened += [path for files in groups.values() for path in files]
        for name, value in (filters or {}).items():
            db.execute(f"SET VARIABLE {name} = $1", [value])
        if views:
            _views(db, "lake.sql")
        _shut(db, opened)
        yield db


def families_in(sql: str) -> set[str]:
    """Families of events that a question needs: those it names, and those of the ready views where it names one. No
    question: all."""
    from shared.events.data import LATEST
    from shared.lake.columns import family_of

    words = set(re.findall(r"\w+", sql.lower()))
    known = {family_of(type_) for type_ in LATEST}
    if not words:
        return known
    return words & known | (set(FAMILIES) if words & {*READY, *RELATIONS} else set())


@contextmanager
def _fresh() -> Iterator[tuple[duckdb.DuckDBPyConnection, Path]]:
    """And a folder that is there as long."""
    import duckdb

    with TemporaryDirectory(prefix="goals-query-") as folder, duckdb.connect() as db:
        db.execute(f"SET memory_limit = '{MEMORY}'; SET TimeZone = 'UTC'; SET autoinstall_known_extensions = false")
        db.execute("SET parquet_metadata_cache = true")  # a footer is read once, not with every question
        db.execute(f"SET temp_directory = {_quoted(Path(folder) / 'spilled')}")
        yield db, Path(folder) / "fetched"


def _shut(db: duckdb.DuckDBPyConnection, files: Sequence[Path]) -> None:
    """From now on it opens `files`, and what it spills itself."""
    db.execute(f"SET allowed_paths = [{', '.join(map(_quoted, files))}]")
    db.execute("SET enable_external_access = false; SET lock_configuration = true")


def _table(
    db: duckdb.DuckDBPyConnection, name: str, groups: Sequence[tuple[Sequence[Path], bool]], schema: pa.Schema
) -> None:
    """A view over groups of files; columns that they lack, or that a file lacks, are empty. With each group: are all of
    its files known to have the same columns? Then one is opened, and the others when they are asked; else all are."""
    empty = f"{name}_none"
    db.register(empty, schema.empty_table())
    parts = [f'SELECT * FROM "{empty}"']  # noqa: S608  a view takes no parameters; names and paths are our own
    for files, alike in groups:
        options = f"union_by_name={not alike}, hive_partitioning=false"
        parts.append(f"SELECT * FROM read_parquet([{', '.join(map(_quoted, files))}], {options})")  # noqa: S608
    db.execute(f'CREATE VIEW "{name}" AS {" UNION ALL BY NAME ".join(parts)}')


def _quoted(path: Path) -> str:
    return "'" + str(path).replace("'", "''") + "'"


def _of_copy(path: Path, sha256: str) -> Path:
    if not arrived(path, sha256):
        words = f"{path.name} of this copy is gone, or not what was fetched: its checksum differs"
        raise Damaged(words, hint="`goals lake sync` brings it anew")
    return path


def _here(objects: ObjectStore, key: str, sha256: str, fetched: Path) -> Path:
    from shared.lake.objects.local import LocalObjects

    if isinstance(objects, LocalObjects):
        path = objects.root / key
    else:
        path = fetched / key
        path.parent.mkdir(parents=True, exist_ok=True)
        objects.fetch(key, path)
    if not arrived(path, sha256):
        raise Damaged(
            f"{key} is gone, or not what was written: its checksum differs",
            hint="run it again: it may have been replaced just now. Where it stays so, the function `lake` writes it "
            "anew from the log when it comes to it, within some ticks; or put it back from a backup",
        )
    return path


def _views(db: duckdb.DuckDBPyConnection, name: str) -> None:
    db.execute((HERE / name).read_text("utf-8"))
    db.execute((HERE / "views.sql").read_text("utf-8"))
