"""What is done to files afterwards: compaction, collection, retention, erasure. Readers never see a gap or a double."""

from __future__ import annotations

import threading
from datetime import timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from shared.clock import utc_now
from shared.lake import manifest
from shared.lake.collecting import collect, retire
from shared.lake.compacting import compact
from shared.lake.erasing import erase, prove
from shared.lake.errors import Damaged
from shared.lake.filling import fill
from shared.lake.objects import ObjectStore
from shared.lake.objects.local import LocalObjects
from shared.lake.spanning import fitted, opened, tables, union
from shared.lake.writing import EVENTS
from shared.store import payloads
from shared.store.connect import Connection, connect
from tests.lake.events import a_day, append, in_lake, in_store, registered

NO_GRACE = timedelta(seconds=-5)


def crowd(conn: Connection, objects: ObjectStore, turns: int = 10) -> None:
    """Many small files."""
    append(conn, "ada", [registered()])
    append(conn, "bob", [registered()])
    for turn in range(turns):
        append(conn, "ada", a_day(f"a{turn}"), tag=str(turn))
        append(conn, "bob", a_day(f"b{turn}"), tag=str(turn))
        fill(conn, objects, now=utc_now())


def test_compaction_leaves_the_same_rows_in_fewer_files(database: str, objects: ObjectStore) -> None:
    with connect(database) as conn:
        crowd(conn, objects, 9)
        before, steps = len(manifest.files(conn)), []
        done = compact(conn, objects, progress=lambda n, of: steps.append((n, of)))
        after = manifest.files(conn)
        assert len(after) == before - done.before + done.after < before / 4
        assert steps[-1][0] == steps[-1][1] == len(steps)
        assert in_lake(conn, objects) == in_store(conn)
        assert compact(conn, objects).before == 0


def test_readers_during_compaction_see_each_row_once(database: str, local: LocalObjects) -> None:
    with connect(database) as conn:
        crowd(conn, local)
        stop = threading.Event()
        failed: list[BaseException] = []
        reads = 0

        def read() -> None:
            nonlocal reads
            try:
                with connect(database) as other:
                    wanted = in_store(other)
                    while not stop.is_set():
                        assert in_lake(other, local) == wanted
                        reads += 1
            except BaseException as error:
                failed.append(error)
                raise

        reader = threading.Thread(target=read)
        reader.start()
        while not reads and not failed:
            stop.wait(0.01)
        compact(conn, local)
        seen = reads
        while reads < seen + 2 and not failed:
            stop.wait(0.01)
        stop.set()
        reader.join()
        assert not failed


def test_two_compactions_at_once_double_nothing(database: str, local: LocalObjects) -> None:
    with connect(database) as conn:
        crowd(conn, local)

        def work() -> None:
            with connect(database) as other:
                compact(other, local)

        threads = [threading.Thread(target=work) for _ in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert in_lake(conn, local) == in_store(conn)


def test_replaced_and_orphaned_files_go_after_their_grace_and_no_others(database: str, local: LocalObjects) -> None:
    with connect(database) as conn:
        crowd(conn, local)
        compact(conn, local)
        local.put_new(f"{EVENTS}evaluation/tenant=x/day=2026-01-01/never-committed.parquet", b"x")
        assert collect(conn, local, now=utc_now()) == 0
        assert collect(conn, local, now=utc_now(), grace=NO_GRACE) > 0
        assert {s.key for s in local.keys(EVENTS)} == {f.key for f in manifest.files(conn)}
        assert in_lake(conn, local) == in_store(conn)


def test_a_family_s_files_are_retired_when_their_days_are_over(database: str, local: LocalObjects) -> None:
    with connect(database) as conn:
        now = utc_now()
        append(conn, "ada", [registered(), *a_day("g1")], time=now - timedelta(days=40))
        fill(conn, local, now=now)
        assert retire(conn, {"evaluation": 41}, now) == 0
        assert retire(conn, {"evaluation": 30}, now) == 1
        assert "evaluation" not in {f.family for f in manifest.files(conn)}
        assert "mastery" in {f.family for f in manifest.files(conn)}


def test_an_erased_learner_leaves_every_file_and_it_is_proven(database: str, objects: ObjectStore) -> None:
    with connect(database) as conn:
        crowd(conn, objects)
        compact(conn, objects)  # now their rows lie in replaced files, too
        with conn.transaction():
            payloads.erase(conn, "ada")
        assert erase(conn, objects) == ["ada"]
        assert in_lake(conn, objects) == in_store(conn)
        assert {r["subject"] for r in in_lake(conn, objects).values()} == {"bob"}
        assert prove(conn, objects) == ["ada"]
        for stat in objects.keys(""):
            table = pq.read_table(pa.BufferReader(objects.get(stat.key)))
            assert "ada" not in str(table.to_pylist())
        row = conn.execute(
            "SELECT learner, rows > 0, files > 0, proven IS NOT NULL, looked FROM lake_erasure"
        ).fetchone()
        assert row == ("ada", True, True, True, len(list(objects.keys(EVENTS))))


def test_a_file_with_erased_rows_that_was_never_committed_goes_with_the_proof(
    database: str, local: LocalObjects, tmp_path: Path
) -> None:
    with connect(database) as conn:
        crowd(conn, local, 1)
        (file,) = manifest.files(conn, ["evaluation"])
        held = local.get(file.key)
        with conn.transaction():
            payloads.erase(conn, "ada")
        erase(conn, local)
        local.put_new(f"{EVENTS}evaluation/in-flight.parquet", held)
        assert prove(conn, local) == []
        assert prove(conn, local) == ["ada"]


@pytest.mark.parametrize("harm", ["cut", "flipped", "empty", "text"])
def test_a_damaged_file_is_said_and_never_read_as_data(database: str, local: LocalObjects, harm: str) -> None:
    with connect(database) as conn:
        crowd(conn, local, 1)
        (file,) = manifest.files(conn, ["evaluation"])
        path = local.root / file.key
        body = bytearray(path.read_bytes())
        middle = len(body) // 2
        if harm == "flipped":
            body[middle] ^= 0xFF
        path.write_bytes(
            {"cut": bytes(body[:middle]), "flipped": bytes(body), "empty": b"", "text": b"hello" * 99}[harm]
        )
        with pytest.raises(Damaged):
            list(tables(local, [file]))


def test_files_of_older_schemas_are_read_beside_new_ones(tmp_path: Path, local: LocalObjects) -> None:
    old = pa.table({"position": pa.array([1], pa.int64()), "attempt": pa.array([3], pa.int32())})
    new = pa.table({"position": pa.array([2], pa.int64()), "attempt": pa.array([2.5]), "pace": pa.array([1.5])})
    whole = pa.concat_tables([fitted(t, union([old.schema, new.schema])) for t in (old, new)])
    assert whole.to_pylist() == [
        {"position": 1, "attempt": 3.0, "pace": None},
        {"position": 2, "attempt": 2.5, "pace": 1.5},
    ]
    with pytest.raises(Damaged, match="attempt"):
        union([old.schema, pa.schema([("attempt", pa.string())])])


def test_a_file_of_a_later_schema_is_refused_with_a_reason(tmp_path: Path) -> None:
    path = tmp_path / "later.parquet"
    pq.write_table(pa.table({"a": [1]}).replace_schema_metadata({"goals.schema": "99"}), path)
    with pytest.raises(Damaged, match="schema 99"):
        opened(path)
