"""Files that nobody reads are looked at in turn, and what is not what was written is made anew."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from shared.clock import utc_now
from shared.lake import manifest
from shared.lake.checking import Checked, check
from shared.lake.collecting import COPIES, collect
from shared.lake.compacting import compact
from shared.lake.copies.making import parts
from shared.lake.copies.telling import tell
from shared.lake.errors import LakeAway
from shared.lake.objects import ObjectStore
from shared.lake.objects.local import LocalObjects
from shared.lake.writing import EVENTS
from shared.store.connect import Connection, connect
from tests.lake.events import START, append, in_lake, in_store, registered
from tests.lake.test_copies import followed, rows, worked
from tests.lake.test_tending import NO_GRACE, crowd


def cut(objects: ObjectStore, key: str) -> None:
    body = objects.get(key)
    objects.delete(key)
    objects.put_new(key, body[:100])


def altered(objects: ObjectStore, key: str) -> None:
    body = bytearray(objects.get(key))
    body[len(body) // 2] ^= 0xFF
    objects.delete(key)
    objects.put_new(key, bytes(body))


def removed(objects: ObjectStore, key: str) -> None:
    objects.delete(key)


HARMS = [cut, altered, removed]


def test_a_compacted_file_heals(database: str, objects: ObjectStore) -> None:
    with connect(database) as conn:
        crowd(conn, objects, 8)
        compact(conn, objects)
        (file,) = manifest.files(conn, ["evaluation"])
        whole = pq.read_table(pa.BufferReader(objects.get(file.key))).to_pylist()
        files = len(manifest.files(conn))
        for harm in [*HARMS, altered]:  # the last two find the name that the mended file is to have
            harm(objects, file.key)
            assert check(conn, objects) == Checked(files, 1), harm.__name__
            (file,) = manifest.files(conn, ["evaluation"])
            assert pq.read_table(pa.BufferReader(objects.get(file.key))).to_pylist() == whole
        assert in_lake(conn, objects) == in_store(conn)
        assert check(conn, objects) == Checked(files, 0)


def test_a_large_file_is_mended_in_several(database: str, local: LocalObjects, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shared.lake.mending.STEP", 10)
    monkeypatch.setattr("shared.lake.mending.ROWS", 8)
    with connect(database) as conn:
        crowd(conn, local, 8)
        compact(conn, local)
        (file,) = manifest.files(conn, ["evaluation"])
        removed(local, file.key)
        assert check(conn, local).mended == 1
        several = manifest.files(conn, ["evaluation"])
        assert len(several) > 2
        assert all(8 <= f.rows < 8 + 10 for f in several[:-1])
        assert all(one.last < other.first for one, other in pairwise(several))
        assert in_lake(conn, local) == in_store(conn)


def test_a_file_of_a_copy_is_made_anew_and_told_to_whoever_has_the_rest(database: str, objects: ObjectStore) -> None:
    with connect(database) as conn:
        append(conn, "ada", [registered(), *worked("g1")], time=START - timedelta(days=60))
        append(conn, "ada", worked("g2"), tag="g2")
        append(conn, "bob", [registered(), *worked("g3")])
        followed(conn, objects)
        before = {d: rows(conn, objects, "ada", d) for d in ("attempts", "evaluations")}
        bobs = tell(conn, "bob", 0)
        lost = {("attempts", "2026-11"), ("evaluations", "2026-09"), ("evaluations", "2026-11")}
        for harm in HARMS:
            for part in parts(conn, "ada"):
                if (part.dataset, part.part) in lost:
                    harm(objects, str(part.key))
            cursor = tell(conn, "ada", 0).change
            assert check(conn, objects).mended == len(lost)
            news = tell(conn, "ada", cursor)
            assert {(p.dataset, p.part) for p in news.files} == lost, harm.__name__
            assert news.change == cursor + 1
            collect(conn, objects, now=utc_now(), grace=NO_GRACE)
            assert {d: rows(conn, objects, "ada", d) for d in before} == before
            for part in tell(conn, "ada", 0).files:
                assert hashlib.sha256(objects.get(str(part.key))).hexdigest() == part.sha256
        assert tell(conn, "bob", 0) == bobs
        assert check(conn, objects).mended == 0


def test_a_look_is_bounded_by_files_bytes_and_time_and_a_round_reaches_every_file(
    database: str, local: LocalObjects
) -> None:
    with connect(database) as conn:
        append(conn, "ada", [registered(), *worked("g1")])
        append(conn, "bob", [registered(), *worked("g2")])
        followed(conn, local)
        keys = [s.key for prefix in (EVENTS, COPIES) for s in local.keys(prefix)]
        for few in ({"files": 3}, {"most": 1}, {"seconds": 0}):
            each = few.get("files", 1)
            for key in (keys[0], keys[len(keys) // 2], keys[-1]):
                removed(local, key)
            assert _round(conn, local, few) >= len(keys) // each, few
            assert in_lake(conn, local) == in_store(conn)
            live = [f.key for f in manifest.files(conn)]
            keys = live + [p.key for who in ("ada", "bob") for p in parts(conn, who) if p.key]
            keys.sort()
            assert keys == [s.key for prefix in (EVENTS, COPIES) for s in local.keys(prefix)], few


def _round(conn: Connection, objects: ObjectStore, few: dict[str, int]) -> int:
    """Looks until the next one begins anew; gives how many."""
    looks = 0
    while looks == 0 or conn.execute("SELECT FROM lake_position WHERE checked <> ''").rowcount:
        assert check(conn, objects, **few).files <= few.get("files", 1)
        looks += 1
    return looks


def test_a_file_that_the_store_cannot_give_holds_up_no_other(database: str, local: LocalObjects) -> None:
    with connect(database) as conn:
        append(conn, "ada", [registered(), *worked("g1")])
        followed(conn, local)
        first, *_, last = [s.key for s in local.keys(EVENTS)]
        removed(local, first)
        (local.root / first).mkdir()
        removed(local, last)
        with pytest.raises(LakeAway):
            check(conn, local)
        assert check(conn, local).mended == 1
        with pytest.raises(LakeAway):
            check(conn, local)


def test_a_file_of_a_later_schema_is_left_as_it_is(database: str, local: LocalObjects) -> None:
    with connect(database) as conn:
        crowd(conn, local, 8)
        file = manifest.files(conn, ["evaluation"])[0]
        table = pq.read_table(local.root / file.key, partitioning=None)
        pq.write_table(table.replace_schema_metadata({"goals.schema": "99"}), local.root / file.key)
        body = (local.root / file.key).read_bytes()
        conn.execute("UPDATE lake_file SET sha256 = %s WHERE key = %s", [hashlib.sha256(body).hexdigest(), file.key])
        compact(conn, local)
        check(conn, local)
        assert local.get(file.key) == body
        assert replace(file, sha256=hashlib.sha256(body).hexdigest()) in manifest.files(conn, ["evaluation"])
