"""What is in the lake: rows of PostgreSQL. A reader takes one snapshot of it and sees each event once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from shared.store.connect import Connection
from shared.store.queries import load

SQL = load(Path(__file__).with_name("queries.sql"))


@dataclass(frozen=True, slots=True)
class LakeFile:
    """A file of events. It holds all those of its family, tenant and UTC day (of the event's own time) whose position
    is within `first` and `last`, except those of erased learners."""

    key: str
    family: str
    tenant: str
    day: date
    first: int
    last: int
    rows: int
    bytes: int
    sha256: str
    added: datetime | None = None
    columns: str | None = None
    """`columns_of` its schema: files of one such digest are read as one table without opening each. None: not known."""


ADDED = ("key", "family", "tenant", "day", "first", "last", "rows", "bytes", "sha256", "columns")


@dataclass(frozen=True, slots=True)
class Stands:
    """`position`: the log is in the lake up to here; `intended`: a range begun and not yet known to be there;
    `erased`: how many learners are erased."""

    position: int
    intended: int | None
    erased: int


def stands(conn: Connection) -> Stands:
    row = conn.execute(SQL["stands"]).fetchone()
    assert row is not None  # noqa: S101  the migration made the row
    return Stands(*row)


@dataclass(frozen=True, slots=True)
class Lag:
    """`events` are not in the lake yet, the oldest for so many `seconds`; `copies`: learners whose copy is behind.
    `files`, `rows`, `bytes`: what is in the lake; `damaged`: files of it that can be neither read nor mended. `owed`:
    erasures that are not proven yet, the oldest for `owed_seconds`."""

    events: int
    seconds: float
    copies: int
    files: int
    rows: int
    bytes: int
    owed: int
    owed_seconds: float
    damaged: int


def lag(conn: Connection) -> Lag:
    behind, weighed, owed = (conn.execute(SQL[name]).fetchone() for name in ("lag", "weighed", "owed"))
    assert behind is not None and weighed is not None and owed is not None  # noqa: S101  each is of one row
    return Lag(*behind, *map(int, weighed), *owed)


def files(conn: Connection, families: Sequence[str] | None = None, *, since: date | None = None) -> list[LakeFile]:
    """What readers may read now, as one snapshot."""
    asked = {"families": list(families) if families is not None else None, "since": since}
    return [LakeFile(*row) for row in conn.execute(SQL["files"], asked)]


def add(conn: Connection, new: Sequence[LakeFile]) -> None:
    """In the caller's transaction."""
    if new:
        columns = [[getattr(f, name) for f in new] for name in ADDED]
        conn.execute(SQL["add_files"], columns)


def swap(conn: Connection, old: Sequence[str], new: Sequence[LakeFile]) -> bool:
    """In the caller's transaction: `new` in the place of `old`, or nothing and False where one of these is not live any
    more (somebody else was first)."""
    row = conn.execute(SQL["still_live"], [list(old)]).fetchone()
    if row is None or row[0] != len(old):
        return False
    conn.execute(SQL["replace_files"], [list(old)])
    add(conn, new)
    return True


@contextmanager
def writing(conn: Connection) -> Iterator[None]:
    """From before the first file to the commit: meanwhile no file is taken for an orphan. Names follow from content, so
    what a crashed writer left may be just what this one is about to name."""
    conn.execute(SQL["writers_in"])
    try:
        yield
    finally:
        if not conn.closed:
            conn.execute(SQL["writers_out"])
