"""Writes golden files of the present schemas: `python -m tests.lake.golden_files`. They are kept for ever: what today's
reader must still read. A folder that is there is never written again; a new schema gets a new one.

`events-1/` and `copy-1/` are of the first schemas. `events-0/` stands for what came before: `evaluation` without the
columns that were added since, and with a narrower count.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from goals.copies import RECORD
from goals.copies.snapshot import File, Snapshot, write
from goals.services import Postgres
from shared.clock import utc_now
from shared.events.catalogue.agents import MoodObserved
from shared.events.catalogue.interactions import MoodAnswered
from shared.lake.copies.making import make, parts
from shared.lake.copies.telling import path_of
from shared.lake.filling import fill
from shared.lake.objects.local import LocalObjects
from shared.lake.writing import body_of
from shared.readmodel import READ_MODEL
from shared.store import migrate
from shared.store.connect import connect
from shared.store.projections import ensure
from tests.lake.events import START, append, registered
from tests.lake.test_copies import AGREED, worked

FOLDER = Path(__file__).with_name("golden")
FAMILIES = ("evaluation", "goal", "mastery", "run", "learner", "mood", "profile")
NEW = ["pace", "weight"]


def as_json(table: pa.Table) -> list[dict[str, Any]]:
    """Rows as they are compared, whatever reads them."""
    found: list[dict[str, Any]] = json.loads(json.dumps(table.to_pylist(), default=lambda v: v.isoformat()))
    return found


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        server = Postgres(Path(folder) / "postgres", durable=False)
        database = server.start().url
        try:
            migrate(database)
            ensure(database, READ_MODEL)
            _write(database, Path(folder) / "lake")
        finally:
            server.stop()


def _write(database: str, place: Path) -> None:
    objects = LocalObjects(place, public_url="http://api.example.org")
    with connect(database) as conn:
        seen = MoodObserved(state="may_be_stuck", signal="stalled", effect="smaller_step")
        append(conn, "ada", [registered(timezone="Europe/Madrid"), AGREED, MoodAnswered(answer="good"), seen])
        for turn in range(2):
            append(conn, "ada", worked(f"g{turn}"), time=START + timedelta(days=turn * 50), tag=str(turn))
        while fill(conn, objects, now=utc_now()):
            pass
        make(conn, objects, "ada")
        files = [(p, path_of(p)) for p in parts(conn, "ada") if p.key]
    _once("copy-1", lambda to: _copy(objects, files, to))
    _once("events-1", lambda to: _events(objects, to))
    _once("events-2", lambda to: _events(objects, to, ["profile"]))  # without the names of a workspace
    _once("events-0", _older)


def _once(name: str, write_to: Any) -> None:
    to = FOLDER / name
    if not to.exists():
        to.mkdir(parents=True)
        write_to(to)


def _copy(objects: LocalObjects, files: list[Any], to: Path) -> None:
    for part, path in files:
        (to / path).parent.mkdir(exist_ok=True)
        (to / path).write_bytes(objects.get(part.key))
        rows = as_json(pq.read_table(to / path))
        (to / path).with_suffix(".json").write_text(json.dumps(rows, indent=1) + "\n")
    held = tuple(File(p.dataset, p.part, path, p.rows, p.bytes, p.sha256) for p, path in files)
    write(to, Snapshot("http://api.example.org", "ada", "Europe/Madrid", 1, 16, "2026-11-29T12:00:00.000000Z", held))
    assert (to / RECORD).exists()


def _events(objects: LocalObjects, to: Path, families: Sequence[str] = FAMILIES) -> None:
    for family in families:
        for number, stat in enumerate(objects.keys(f"events/{family}/"), 1):
            body = objects.get(stat.key)
            table = pq.read_table(pa.BufferReader(body))
            at = table.schema.get_field_index("recorded")
            when = pa.array([START] * table.num_rows, table.schema.field(at).type)
            table = table.set_column(at, "recorded", when)  # the one column that the clock makes
            path = to / f"{family}-{number}.parquet"
            path.write_bytes(body_of(table))
            path.with_suffix(".json").write_text(json.dumps(as_json(table), indent=1) + "\n")


def _older(to: Path) -> None:
    table = pq.read_table(FOLDER / "events-1" / "evaluation-1.parquet").drop_columns(NEW)
    at = table.schema.get_field_index("attempt")
    table = table.set_column(at, "attempt", table["attempt"].cast(pa.int32()))
    path = to / "evaluation-1.parquet"
    path.write_bytes(body_of(table))
    path.with_suffix(".json").write_text(json.dumps(as_json(table), indent=1) + "\n")


if __name__ == "__main__":
    main()
