"""An erased learner's rows leave every file, and it is proven that they have.

Every object is looked through, not only those of the manifest: a file that a compaction replaced a minute ago, or one
that was written and never committed, holds rows as well. A live file is rewritten without them and swapped; any other
that holds one is deleted. Writers in flight do no harm: their commit is refused once somebody has been erased
(`filling.py`), and a swap of a file that was replaced meanwhile is too (`compacting.py`).
"""

from __future__ import annotations

import hashlib
import tempfile
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import structlog

from shared.lake import manifest
from shared.lake.collecting import COPIES
from shared.lake.errors import Damaged
from shared.lake.manifest import SQL, LakeFile
from shared.lake.mending import lost, mended
from shared.lake.objects import ObjectStore
from shared.lake.spanning import opened
from shared.lake.writing import EVENTS, body_of, key_of, put
from shared.store.connect import Connection

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Looked:
    """`objects` were looked through; `rows` and `files`: of whom so many rows were found, in so many of them. `unread`:
    those that can be neither read nor mended, so that nobody can say whose rows they hold."""

    objects: int
    rows: Counter[str]
    files: Counter[str]
    copies: Counter[str]
    unread: tuple[str, ...] = ()


def erase(conn: Connection, objects: ObjectStore) -> list[str]:
    """Takes everybody who was erased and is not yet out of all that can be read; gives whom. What cannot is left to the
    proof."""
    learners = [row[0] for row in conn.execute(SQL["erasures_open"])]
    if learners:
        looked = purge(conn, objects, learners)
        counts = [[c[who] for who in learners] for c in (looked.rows, looked.files, looked.copies)]
        conn.execute(SQL["erased_from_lake"], [learners, *counts])
    return learners


def prove(conn: Connection, objects: ObjectStore) -> list[str]:
    """Looks through the whole lake again for those erased lately. Of whom nothing is found, that is written down with
    the number of objects looked through; anything found is taken out, and looked for again the next time. As long as
    there is a file that can be neither read nor mended, nothing is proven of anybody."""
    learners = [row[0] for row in conn.execute(SQL["unproven"])]
    if not learners:
        return []
    looked = purge(conn, objects, learners)
    if looked.unread:
        log.error("lake.unproven", learners=len(learners), files=looked.unread, hint="it is tried again")
        return []
    clean = [who for who in learners if not looked.rows[who] and not looked.copies[who]]
    conn.execute(SQL["proven"], [looked.objects, clean])
    return clean


def purge(conn: Connection, objects: ObjectStore, learners: list[str]) -> Looked:
    """Everything of these leaves: their own copies first, then their rows. A file that can be neither read nor mended
    keeps no other from being looked through."""
    looked = Looked(0, Counter(), Counter(), Counter())
    conn.execute(SQL["drop_copies"], {"learners": learners})
    for who in learners:
        for stat in objects.keys(f"{COPIES}{who}/"):
            objects.delete(stat.key)
            looked.copies[who] += 1
    live = {f.key: f for f in manifest.files(conn)}
    seen = 0
    unread: list[str] = []
    with tempfile.TemporaryDirectory(prefix="goals-erasing-") as folder:
        path = Path(folder) / "file.parquet"
        for stat in objects.keys(EVENTS):
            seen += 1
            objects.fetch(stat.key, path)
            try:
                found = _of(path, learners)
                if found:
                    looked.rows.update(found)
                    looked.files.update(found.keys())
                    _without(conn, objects, live.get(stat.key), stat.key, path, learners)
            except Damaged:
                try:
                    _unreadable(conn, objects, live.get(stat.key), stat.key)
                except Damaged as worse:
                    lost(conn, Damaged(worse.detail, hint=worse.hint, key=stat.key))
                    unread.append(stat.key)
    return Looked(seen, looked.rows, looked.files, looked.copies, tuple(unread))


def _unreadable(conn: Connection, objects: ObjectStore, file: LakeFile | None, key: str) -> None:
    """Nobody can say whose rows a damaged file holds: it goes. A live one is written anew from the log, without the
    erased. Raises Damaged where that cannot be."""
    if file is not None:
        mended(conn, objects, file)
    if file is None or file.key not in {f.key for f in manifest.files(conn, [file.family])}:
        objects.delete(key)
        conn.execute(SQL["collected"], [[key]])


def _of(path: Path, learners: list[str]) -> Counter[str]:
    with opened(path) as parquet:
        subjects = parquet.read(columns=["subject"])["subject"]
    kept = subjects.filter(pc.is_in(subjects, pa.array(learners, pa.string())))
    return Counter({row["values"]: row["counts"] for row in pc.value_counts(kept).to_pylist()})


def _without(
    conn: Connection, objects: ObjectStore, file: LakeFile | None, key: str, path: Path, learners: list[str]
) -> None:
    if file is not None:
        with opened(path, sha256=file.sha256) as parquet:
            table = parquet.read()
        rest = table.filter(pc.invert(pc.is_in(table["subject"], pa.array(learners, pa.string()))))
        with manifest.writing(conn):
            new = [_rest(objects, file, rest)] if rest.num_rows else []
            with conn.transaction():
                if not manifest.swap(conn, [key], new):
                    return  # a compaction was first: what it made is looked through the next time
    objects.delete(key)
    conn.execute(SQL["collected"], [[key]])


def _rest(objects: ObjectStore, file: LakeFile, table: pa.Table) -> LakeFile:
    """Written in the place of `file`."""
    body = body_of(table)
    digest = hashlib.sha256(body).hexdigest()
    key = key_of(file.family, file.tenant, file.day, file.first, file.last, digest)
    put(objects, key, body)
    return replace(file, key=key, rows=table.num_rows, bytes=len(body), sha256=digest, added=None)
