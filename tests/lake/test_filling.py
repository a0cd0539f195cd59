"""The log flows into the lake: every event once, whatever fails on the way."""

from __future__ import annotations

import random
import threading
from datetime import timedelta
from itertools import count
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from goals.services import S3
from shared.clock import utc_now
from shared.errors import Unavailable
from shared.lake import manifest
from shared.lake.errors import BucketGone, LakeAway
from shared.lake.filling import Filled, fill
from shared.lake.objects import ObjectStore
from shared.lake.objects.local import LocalObjects
from shared.lake.writing import EVENTS
from shared.store import log, payloads
from shared.store.connect import connect
from tests.lake.conftest import bucket_on
from tests.lake.events import START, a_day, append, in_lake, in_store, registered

KILLS = 100


class Crash(Exception):
    """Stands for SIGKILL: nothing after it runs."""


def drained(database: str, objects: ObjectStore, rows: int = 10_000) -> list[Filled]:
    done = []
    with connect(database) as conn:
        while filled := fill(conn, objects, now=utc_now(), rows=rows):
            done.append(filled)
    return done


def test_every_event_is_a_row_with_all_it_says(database: str, objects: ObjectStore) -> None:
    with connect(database) as conn:
        append(conn, "ada", [registered(), *a_day("g1")])
        append(conn, "bob", [registered("es"), *a_day("g2")], tenant="acme/ñ co", time=START + timedelta(hours=3))
        drained(database, objects)
        assert in_lake(conn, objects) == in_store(conn)
        assert len(in_store(conn)) == 14


def test_a_file_is_of_one_family_tenant_and_day_and_says_its_range(database: str, local: LocalObjects) -> None:
    with connect(database) as conn:
        append(conn, "ada", [registered(), *a_day("g1")], time=START + timedelta(minutes=87))  # over midnight UTC
        append(conn, "bob", [registered(), *a_day("g2")], tenant="acme")
        drained(database, local)
        files = manifest.files(conn)
    assert {(f.family, f.tenant, str(f.day)) for f in files} >= {
        ("evaluation", "public", "2026-11-21"),
        ("evaluation", "acme", "2026-11-20"),
    }
    for file in files:
        with pq.ParquetFile(local.root / file.key) as parquet:
            table = parquet.read()
            told = parquet.metadata.metadata
        assert {t.split(".")[1] for t in table["type"].to_pylist()} == {file.family}
        assert {t.date() for t in table["time"].to_pylist()} == {file.day}
        assert set(table["tenant"].to_pylist()) == {file.tenant}
        assert (told[b"goals.schema"], told[b"goals.family"]) == (b"1", file.family.encode())
        assert (int(told[b"goals.first"]), int(told[b"goals.last"])) == (file.first, file.last) == (1, 14)
        assert table.num_rows == file.rows


def test_plain_fields_are_columns_of_their_own(database: str, local: LocalObjects) -> None:
    with connect(database) as conn:
        append(conn, "ada", [registered(), *a_day("g1")])
        drained(database, local)
        (file,) = manifest.files(conn, ["evaluation"])
    rows = pq.read_table(local.root / file.key, partitioning=None).to_pylist()
    assert [(r["goal"], r["correct"], r["concepts"], r["seconds"], r["error"], r["attempt"]) for r in rows] == [
        ("g1", False, ["loops", "conditionals"], 61.5, "off_by_one", 1),
        ("g1", True, ["loops", "conditionals"], 123.0, None, 2),
    ]
    assert "deltas" not in rows[0]


def test_learners_texts_never_reach_the_lake(database: str, local: LocalObjects) -> None:
    with connect(database) as conn:
        append(conn, "ada", [registered(), *a_day("g1")])
        drained(database, local)
        for file in manifest.files(conn):
            words = str(pq.read_table(local.root / file.key, partitioning=None).to_pylist())
            assert "print('hi')" not in words
            assert "Ada" not in words


def test_filling_again_changes_nothing(database: str, local: LocalObjects) -> None:
    with connect(database) as conn:
        append(conn, "ada", [registered(), *a_day("g1")])
        assert len(drained(database, local)) == 1
        before = [s.key for s in local.keys(EVENTS)]
        append(conn, "ada", [registered(), *a_day("g1")])  # duplicates: the log takes none of them
        assert drained(database, local) == []
        assert [s.key for s in local.keys(EVENTS)] == before


def test_a_late_event_goes_to_its_own_day_and_touches_no_file(database: str, local: LocalObjects) -> None:
    with connect(database) as conn:
        append(conn, "ada", [registered(), *a_day("g1")])
        drained(database, local)
        before = {f.key for f in manifest.files(conn)}
        append(conn, "ada", a_day("g1"), tag="late", time=START - timedelta(days=40))
        drained(database, local)
        files = manifest.files(conn)
        assert before < {f.key for f in files}
        assert {str(f.day) for f in files} == {"2026-11-20", "2026-10-11"}
        assert in_lake(conn, local) == in_store(conn)


def test_few_events_wait_until_they_have_lingered(database: str, local: LocalObjects) -> None:
    with connect(database) as conn:
        append(conn, "ada", [registered(), *a_day("g1")])
        assert fill(conn, local, now=utc_now(), linger=60) is None
        assert fill(conn, local, now=utc_now(), linger=60, rows=5) is not None  # enough for a file
        assert fill(conn, local, now=utc_now() + timedelta(seconds=61), linger=60) is not None
        append(conn, "ada", a_day("g2"))
        assert fill(conn, local, now=utc_now() - timedelta(hours=5), linger=60) is not None  # the clock jumped back


def test_a_range_is_bounded_by_bytes_as_well(
    database: str, local: LocalObjects, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shared.lake.ranges.BYTES", 2_000)
    with connect(database) as conn:
        append(conn, "ada", [registered(), *a_day("g1")])
        done = drained(database, local)
        assert len(done) > 1
        assert all(f.first <= f.last for f in done)
        assert in_lake(conn, local) == in_store(conn)


def test_killed_time_and_again_between_write_and_commit_store_equals_lake(database: str, objects: ObjectStore) -> None:
    """A hundred times on the local disk, twenty times on S3. Each time some files of the range lie there already;
    whoever comes next goes on with the same range."""
    dice = random.Random(5)
    kills = KILLS if isinstance(objects, LocalObjects) else KILLS // 5
    crashes = 0

    def crash() -> None:
        raise Crash

    with connect(database) as conn:
        append(conn, "ada", [registered()])
        for turn in range(kills + kills // 10):
            append(conn, "ada", a_day(f"g{turn}"), tag=str(turn), time=START + timedelta(hours=turn))
            if dice.random() < 0.95:
                with connect(database) as other, pytest.raises(Crash):
                    fill(other, objects, now=utc_now(), rows=dice.choice([3, 50, 10_000]), written=crash)
                crashes += 1
            if dice.random() < 0.3:
                fill(conn, objects, now=utc_now(), rows=dice.choice([3, 50, 10_000]))
        assert crashes >= kills
        drained(database, objects)
        assert in_lake(conn, objects) == in_store(conn)
        known = {f.key for f in manifest.files(conn)}
        assert {
            s.key for s in objects.keys(EVENTS)
        } == known  # a range once begun is the one that is written: no orphans


def test_four_writers_at_once_write_each_event_once(database: str, objects: ObjectStore) -> None:
    with connect(database) as conn:
        append(conn, "ada", [registered()])
        for turn in range(20):
            append(conn, "ada", a_day(f"g{turn}"), tag=str(turn))
    threads = [threading.Thread(target=drained, args=(database, objects, 7)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with connect(database) as conn:
        assert in_lake(conn, objects) == in_store(conn)
        assert {s.key for s in objects.keys(EVENTS)} == {f.key for f in manifest.files(conn)}


def test_writers_and_appenders_at_once_miss_nothing(database: str, local: LocalObjects) -> None:
    stop = threading.Event()

    def work() -> None:
        while not stop.is_set():
            drained(database, local, 9)

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    with connect(database) as conn:
        for turn in range(40):
            append(conn, "ada", a_day(f"g{turn}"), tag=str(turn))
        stop.set()
        for thread in threads:
            thread.join()
        drained(database, local)
        assert in_lake(conn, local) == in_store(conn)
        assert len(in_store(conn)) == 240


def test_somebody_erased_while_a_range_is_written_is_not_in_it(database: str, local: LocalObjects) -> None:
    with connect(database) as conn, connect(database) as other:
        append(conn, "ada", [registered(), *a_day("g1")])
        append(conn, "bob", [registered(), *a_day("g2")])

        def erase() -> None:
            if not other.execute("SELECT FROM erased").rowcount:
                with other.transaction():
                    payloads.erase(other, "ada")

        assert fill(conn, local, now=utc_now(), written=erase) is not None
        assert {r["subject"] for r in in_lake(conn, local).values()} == {"bob"}
        assert in_lake(conn, local) == in_store(conn)


def test_s3_killed_a_hundred_times_loses_and_doubles_nothing(
    database: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """The server itself, by SIGKILL: before a range begins, at one of its first files while others are on their way, or
    a moment into the first. Every tenth time what was broken off is finished before the next kill."""
    dice = random.Random(3)
    server = S3(tmp_path_factory.mktemp("s3-killed"))
    server.start()
    try:
        objects = bucket_on(server)
        put_new, puts, at, wait, refused = objects.put_new, count(1), 0, 0.0, 0
        killers: list[threading.Timer] = []

        def counted(key: str, body: bytes | Path) -> str:
            if next(puts) == at:
                killers.append(threading.Timer(wait, server.kill))
                killers[-1].start()
                killers[-1].join(None if wait == 0 else 0)
            return put_new(key, body)

        objects.put_new = counted  # type: ignore[method-assign]
        with connect(database) as conn:
            append(conn, "ada", [registered()])
            for turn in range(KILLS):
                append(conn, "ada", a_day(f"g{turn}"), tag=str(turn), time=START + timedelta(hours=7 * turn))
                puts = count(1)
                at, wait = dice.choice([(0, 0.0), (1, 0.0), (2, 0.0), (1, dice.uniform(0.001, 0.005))])
                if at == 0:
                    server.kill()
                try:
                    fill(conn, objects, now=utc_now(), rows=dice.choice([4, 50, 10_000]))
                except Unavailable:
                    refused += 1
                while killers:
                    killers.pop().join()
                if turn == 0:
                    append(conn, "ada", a_day("waits"), tag="waits")
                    with pytest.raises(LakeAway):
                        fill(conn, objects, now=utc_now())
                    assert manifest.stands(conn).position < log.head(conn)
                server.start()
                at = 0
                if turn % 10 == 0:
                    fill(conn, objects, now=utc_now(), rows=dice.choice([4, 50, 10_000]))
            drained(database, objects)
            assert refused >= KILLS * 0.9
            assert in_lake(conn, objects) == in_store(conn)
            assert len(in_store(conn)) == 1 + 6 * (KILLS + 1)
            assert {s.key for s in objects.keys(EVENTS)} == {f.key for f in manifest.files(conn)}
    finally:
        server.stop()


def test_a_bucket_that_vanished_is_said_and_nothing_is_lost(database: str, local: LocalObjects) -> None:
    away = local.root.with_name("away")
    with connect(database) as conn:
        append(conn, "ada", [registered(), *a_day("g1")])
        local.root.rename(away)
        with pytest.raises(BucketGone):
            fill(conn, local, now=utc_now())
        away.rename(local.root)
        drained(database, local)
        assert in_lake(conn, local) == in_store(conn)


def test_a_bucket_of_s3_that_vanished_is_said_and_nothing_is_lost(database: str, s3: S3) -> None:
    objects = bucket_on(s3)
    with connect(database) as conn:
        append(conn, "ada", [registered(), *a_day("g1")])
        objects._client.remove_bucket(bucket_name=objects.bucket)
        with pytest.raises(BucketGone):
            fill(conn, objects, now=utc_now())
        assert manifest.stands(conn).position == 0
        objects.make_bucket()
        drained(database, objects)
        assert in_lake(conn, objects) == in_store(conn)


def test_an_event_with_control_characters_in_its_names_is_whole(database: str, local: LocalObjects) -> None:
    with connect(database) as conn:
        for number, tenant in enumerate(("a\x1fb", "a\nb", '"a"', "\x02", "")):
            append(conn, f"ada-{number}", [registered(), *a_day(f"g{number}")], tenant=tenant, tag=str(number))
            drained(database, local)
        assert in_lake(conn, local) == in_store(conn)
