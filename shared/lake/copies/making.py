"""A learner's copy is brought up to date: the parts that changed are written under new names, then one transaction
makes them the copy and counts one change more.

Everything is read in one snapshot, so a copy tells of one position of the log. Of two at once one wins; a crash before
the commit leaves files that nobody is told of, which `collecting.py` removes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection
from dataclasses import dataclass

import pyarrow as pa

from shared.lake.collecting import COPIES
from shared.lake.copies.datasets import DATASETS, MONTH, SCHEMA, Dataset, Row
from shared.lake.copies.datasets import SQL as ROWS
from shared.lake.manifest import SQL, writing
from shared.lake.objects import ObjectStore
from shared.lake.spanning import holds
from shared.lake.writing import body_of, put
from shared.readmodel import View
from shared.store import log
from shared.store.connect import Connection


@dataclass(frozen=True, slots=True)
class Part:
    """One file of a copy. `key` None: there is none (any more)."""

    dataset: str
    part: str
    change: int
    key: str | None
    rows: int
    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Made:
    """`change`: which one this was; `parts`: how many were written, `gone`: how many have ended."""

    change: int
    position: int
    parts: int
    gone: int


@dataclass(frozen=True, slots=True)
class _Stands:
    position: int
    change: int
    basis: str


def behind(conn: Connection, limit: int = 200) -> list[str]:
    """Whose copy is older than what the lake has seen of theirs, or of an older schema."""
    return [row[0] for row in conn.execute(SQL["behind"], {"schema": f"{SCHEMA} ", "limit": limit})]


def make(
    conn: Connection,
    objects: ObjectStore,
    learner: str,
    *,
    lost: Collection[tuple[str, str]] = (),
    written: Callable[[], None] = lambda: None,
) -> Made | None:
    """None where somebody else was first, or the learner is gone. `lost`: dataset and part of files that are not what
    they were, which are written whether or not they changed. `written` is called between the last file and the commit.
    Raises the errors of `objects` and psycopg: then the copy is what it was."""
    with conn.transaction():
        conn.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        row = conn.execute(SQL["learner_stands"], [learner]).fetchone()
        person = View(conn).learner(learner)
        if row is None or person is None:
            return None
        stands, position = _Stands(*row), log.head(conn)
        basis = f"{SCHEMA} {person.timezone} {sorted(person.days_off)} {person.consent_mood}"
        known = {(p.dataset, p.part): p for p in parts(conn, learner)}
        since = None
        if basis == stands.basis and not lost:
            asked = {"learner": learner, "after": stands.position}
            since = (conn.execute(ROWS["touched_since"], asked).fetchone() or (None,))[0] or "9999"
        found = {d.name: _parts(d, d.rows(conn, person, since)) for d in DATASETS}
    change, new = stands.change + 1, list[Part]()
    with writing(conn):
        for dataset in DATASETS:
            for part, table in found[dataset.name].items():
                draft, body = _draft(learner, dataset, part, change, table)
                old = known.get((dataset.name, part))
                if old is None or old.sha256 != draft.sha256 or (dataset.name, part) in lost:
                    put(objects, str(draft.key), body)
                    new.append(draft)
        gone = [p for p in known.values() if p.key and _ended(p, found[p.dataset], since)]
        new += [Part(p.dataset, p.part, change, None, 0, 0, "") for p in gone]
        written()
        moved = {"learner": learner, "at": position, "change": change if new else stands.change, "basis": basis}
        with conn.transaction():
            row = conn.execute(SQL["learner_stands_locked"], [learner]).fetchone()
            if row is None or _Stands(*row[:3]) != stands or row[3]:
                return None
            for each in new:
                columns = (each.dataset, each.part, each.change, each.key, each.rows, each.bytes, each.sha256)
                conn.execute(SQL["put_part"], [learner, *columns])
            conn.execute(SQL["learner_moved"], moved)
    return Made(int(str(moved["change"])), position, len(new) - len(gone), len(gone))


def remake(conn: Connection, objects: ObjectStore, learner: str) -> int:
    """Looks at every file of a copy and makes those anew that are gone or altered; gives how many. Raises as `make`."""
    lost = {(p.dataset, p.part) for p in parts(conn, learner) if p.key and not holds(objects, p.key, p.sha256)}
    return len(lost) if lost and make(conn, objects, learner, lost=lost) else 0


def parts(conn: Connection, learner: str, *, after: int = 0) -> list[Part]:
    """Parts that changed behind `after`, those that ended included."""
    return [Part(*row) for row in conn.execute(SQL["parts_of"], [learner, after])]


def _parts(dataset: Dataset, rows: list[Row]) -> dict[str, pa.Table]:
    split: dict[str, list[Row]] = {}
    for row in rows:
        split.setdefault(dataset.part_of(row), []).append(row)
    return {part: _table(dataset, part, some) for part, some in split.items()}


def _table(dataset: Dataset, part: str, rows: list[Row]) -> pa.Table:
    columns = [
        pa.array(values, kind) for values, kind in zip(zip(*rows, strict=True), dataset.schema.types, strict=True)
    ]
    told = {"goals.copy": str(SCHEMA), "goals.dataset": dataset.name, "goals.part": part}
    return pa.table(columns, schema=dataset.schema.with_metadata(told))


def _draft(learner: str, dataset: Dataset, part: str, change: int, table: pa.Table) -> tuple[Part, bytes]:
    body = body_of(table, level=3)
    digest = hashlib.sha256(body).hexdigest()
    key = f"{COPIES}{learner}/{dataset.name}/{part}-{change:06d}-{digest[:12]}.parquet"
    return Part(dataset.name, part, change, key, table.num_rows, len(body), digest), body


def _ended(part: Part, found: dict[str, pa.Table], since: str | None) -> bool:
    """It has no rows any more, among the parts that were looked at."""
    looked = since is None or _grain(part.dataset) != MONTH or part.part >= since
    return looked and part.part not in found


def _grain(dataset: str) -> str:
    return next(d.grain for d in DATASETS if d.name == dataset)
