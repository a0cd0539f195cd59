"""A DuckDB that sees the files of a learner's copy, or of the lake, as tables. It writes nowhere but to memory.

Both kinds of files lead to the same four relations (`tried`, `moved`, `assigned`, `helped`), on which the ready views
stand: what a teacher asks of a group, a learner may ask of themselves.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from goals.copies.snapshot import read
from shared.errors import GoalsError, InvalidInput

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

    from shared.lake.objects import ObjectStore
    from shared.store.connect import Connection

HERE = Path(__file__).parent
MEMORY = "256MB"
READY = ("cohort_progress", "hardest_challenges", "hint_use", "retention_curves", "time_to_mastery")
RELATIONS = ("tried", "moved", "assigned", "helped")
FAMILIES = ("evaluation", "mastery", "goal", "hint")
"""Those that the ready views stand on."""
Filters = Mapping[str, str | date | None]
"""`tenant`, `course`, `since`: which of the lake the ready views look at."""


def of_copy(folder: Path, sql: str = "") -> duckdb.DuckDBPyConnection:
    """A learner's copy: a table for each dataset, as `docs/lake.md` has it. `sql`: what is going to be asked;
    only what it names is opened. Raises NotFound, InvalidInput."""
    from shared.lake.copies.datasets import DATASETS

    snapshot = read(folder)
    db = _fresh()
    words = set(re.findall(r"\w+", sql.lower()))
    views = not words or bool(words & {*READY, *RELATIONS})
    for dataset in DATASETS:
        if not (views or dataset.name in words):
            continue
        files = [folder / f.path for f in snapshot.files if f.dataset == dataset.name]
        _table(db, dataset.name, [(files, False)] if files else [], dataset.schema)
    db.execute("SET VARIABLE learner = $1", [snapshot.learner])
    return _with_views(db, "copy.sql") if views else db


def of_lake(
    conn: Connection,
    objects: ObjectStore,
    cache: Path,
    families: Iterable[str] = FAMILIES,
    *,
    filters: Filters | None = None,
) -> duckdb.DuckDBPyConnection:
    """The lake: a table for each family, as one snapshot of the manifest. What is not on this disk is fetched into
    `cache` first, which is the caller's to remove: erasure reaches the lake, and no copies of its files."""
    from shared.lake import manifest
    from shared.lake.columns import schema_of

    wanted = sorted(set(families))
    since = (filters or {}).get("since")
    found = manifest.files(conn, wanted, since=since if isinstance(since, date) else None)
    db = _fresh()
    for family in wanted:
        groups: dict[str, list[Path]] = {}
        for file in (f for f in found if f.family == family):
            groups.setdefault(file.columns or "", []).append(_here(objects, file.key, file.sha256, cache))
        _table(db, family, [(files, bool(columns)) for columns, files in groups.items()], schema_of(family))
    for name, value in (filters or {}).items():
        db.execute(f"SET VARIABLE {name} = $1", [value])
    return _with_views(db, "lake.sql") if set(FAMILIES) <= set(wanted) else db


def ask(
    db: duckdb.DuckDBPyConnection, sql: str, parameters: Sequence[Any] = (), *, limit: int | None = None
) -> pa.Table:
    """Raises InvalidInput with DuckDB's own words."""
    import duckdb

    try:
        found = db.sql(sql, params=list(parameters))
        if found is None:
            raise InvalidInput("this question has no answer: it is no SELECT")
        table = found.to_arrow_table()
    except duckdb.Error as error:
        words = str(error).split("\n\nLINE", 1)[0]
        raise InvalidInput(words, hint="`goals lake query` without a question lists the tables") from error
    return table if limit is None else table.slice(0, limit)


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


def _fresh() -> duckdb.DuckDBPyConnection:
    import duckdb

    db = duckdb.connect()
    db.execute(f"SET memory_limit = '{MEMORY}'; SET TimeZone = 'UTC'; SET autoinstall_known_extensions = false")
    db.execute("SET parquet_metadata_cache = true")  # a footer is read once, not with every question
    return db


def _table(
    db: duckdb.DuckDBPyConnection, name: str, groups: Sequence[tuple[Sequence[Path], bool]], schema: pa.Schema
) -> None:
    """A view over groups of files; columns that they lack, or that a file lacks, are empty. With each group: are all of
    its files known to have the same columns? Then one is opened, and the others when they are asked; else all are."""
    empty = f"{name}_none"
    db.register(empty, schema.empty_table())
    parts = [f'SELECT * FROM "{empty}"']  # noqa: S608  a view takes no parameters; names and paths are our own
    for files, alike in groups:
        listed = ", ".join("'" + str(path).replace("'", "''") + "'" for path in files)
        options = f"union_by_name={not alike}, hive_partitioning=false"
        parts.append(f"SELECT * FROM read_parquet([{listed}], {options})")  # noqa: S608
    db.execute(f'CREATE VIEW "{name}" AS {" UNION ALL BY NAME ".join(parts)}')


def _here(objects: ObjectStore, key: str, sha256: str, cache: Path) -> Path:
    from shared.lake.objects.local import LocalObjects
    from shared.lake.spanning import digest

    if isinstance(objects, LocalObjects):
        return objects.root / key
    path = cache / key
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh = path.with_name(f".{path.name}.new")
        objects.fetch(key, fresh)
        if digest(fresh) != sha256:
            fresh.unlink()
            raise GoalsError(f"{key} arrived damaged", hint="run it again")
        fresh.replace(path)
    return path


def _with_views(db: duckdb.DuckDBPyConnection, name: str) -> duckdb.DuckDBPyConnection:
    db.execute((HERE / name).read_text("utf-8"))
    db.execute((HERE / "views.sql").read_text("utf-8"))
    return db
