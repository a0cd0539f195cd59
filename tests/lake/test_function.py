"""The function `lake`: a sweep brings the log's news, a store that is away is waited for, a tick tends."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from functions.lake.function import LakeFunction
from graph.topology import SWEPT, TICKED
from shared.clock import utc_now
from shared.events.codec import CONTENT_TYPE, command
from shared.lake import manifest
from shared.lake.manifest import LakeFile
from shared.lake.objects.local import LocalObjects
from shared.lake.spanning import tables
from shared.lake.writing import EVENTS
from shared.settings import Settings
from shared.store import payloads
from shared.store.connect import Connection, connect
from tests.lake.events import a_day, append, in_lake, in_store, registered


@pytest.fixture
def function(database: str, tmp_path: Path) -> Iterator[LakeFunction]:
    """It runs, with its lake in the folder `lake`."""
    settings = Settings(database_url=database, data_dir=tmp_path, lake_linger=0, lake_retention={"mood": 30})
    found = LakeFunction(settings=settings)
    found.start()
    yield found
    found.stop()


@pytest.fixture
def lake(tmp_path: Path) -> LocalObjects:
    return LocalObjects(tmp_path / "lake", public_url="http://api")


def order(type_: str) -> bytes:
    return command(type_, id="1", source="/clock", subject="clock", time=utc_now(), data={}, correlation="1")


def test_sweeps_fill_and_erase_and_ticks_tend(database: str, function: LakeFunction, lake: LocalObjects) -> None:
    with connect(database) as conn:
        append(conn, "ada", [registered(), *a_day("g1")])
        append(conn, "bob", [registered(), *a_day("g2")])
        assert function.handle(order(SWEPT), CONTENT_TYPE).status == 204
        assert in_lake(conn, lake) == in_store(conn)
        with conn.transaction():
            payloads.erase(conn, "ada")
        assert function.handle(order(SWEPT), CONTENT_TYPE).status == 204
        assert function.handle(order(TICKED), CONTENT_TYPE).status == 204
        assert {r["subject"] for r in in_lake(conn, lake).values()} == {"bob"}
        assert conn.execute("SELECT FROM lake_erasure WHERE proven IS NOT NULL").rowcount == 1
    assert function.handle(order("goals.clock.unknown"), CONTENT_TYPE).status == 422


def test_a_store_that_is_away_is_waited_for(
    database: str, tmp_path: Path, function: LakeFunction, lake: LocalObjects, capsys: pytest.CaptureFixture[str]
) -> None:
    with connect(database) as conn:
        append(conn, "ada", [registered(), *a_day("g1")])
        assert function.handle(order(TICKED), CONTENT_TYPE).status == 204
        lake.root.rename(tmp_path / "away")
        assert function.handle(order(SWEPT), CONTENT_TYPE).status == 204  # no dead letter: the next sweep goes on
        assert "lake.waits" in capsys.readouterr().out
        (tmp_path / "away").rename(lake.root)
        assert function.handle(order(SWEPT), CONTENT_TYPE).status == 204
        assert in_lake(conn, lake) == in_store(conn)


def test_a_tick_mends_a_damaged_file_that_it_came_upon_and_the_next_one_measures(
    database: str, function: LakeFunction, lake: LocalObjects, capsys: pytest.CaptureFixture[str]
) -> None:
    with connect(database) as conn:
        append(conn, "ada", [registered(), *a_day("g1")])
        assert function.handle(order(SWEPT), CONTENT_TYPE).status == 204
        (file,) = manifest.files(conn, ["evaluation"])
        conn.execute("UPDATE lake_position SET checked = 'z'")  # at the end of this tick no file's turn comes
        conn.execute("UPDATE lake_file SET damaged = 'a tick before could not' WHERE key = %s", [file.key])
        path = lake.root / file.key
        path.write_bytes(path.read_bytes()[:100])
        assert function.handle(order(TICKED), CONTENT_TYPE).status == 204
        assert "lake.mended" in capsys.readouterr().out
        assert in_lake(conn, lake) == in_store(conn)
        assert manifest.lag(conn).damaged == 0
        assert conn.execute("SELECT FROM lake_measured").rowcount == 0
        for _ in range(2):
            assert function.handle(order(TICKED), CONTENT_TYPE).status == 204
        assert conn.execute("SELECT answers, said FROM lake_measured").fetchall() == [(1, 0)]


def test_a_tick_mends_what_nobody_reads_and_says_what_it_cannot(
    database: str, function: LakeFunction, lake: LocalObjects, capsys: pytest.CaptureFixture[str]
) -> None:
    with connect(database) as conn:
        append(conn, "ada", [registered(), *a_day("g1")])
        assert function.handle(order(SWEPT), CONTENT_TYPE).status == 204
        (file,) = manifest.files(conn, ["mastery"])
        (lake.root / file.key).unlink()
        lost = replace(file, key=f"{EVENTS}mastery/lost.parquet", first=1_000, last=1_001)
        manifest.add(conn, [lost])
        assert function.handle(order(TICKED), CONTENT_TYPE).status == 204
        told = capsys.readouterr().out
        assert told.count("lake.damaged") == told.count("lake.mended") == 1
        conn.execute("DELETE FROM lake_file WHERE key = %s", [lost.key])
        assert in_lake(conn, lake) == in_store(conn)


def test_compaction_says_how_far_it_is(
    database: str, function: LakeFunction, capsys: pytest.CaptureFixture[str]
) -> None:
    with connect(database) as conn:
        append(conn, "ada", [registered()])
        for turn in range(8):
            append(conn, "ada", a_day(f"g{turn}"), tag=str(turn))
            assert function.handle(order(SWEPT), CONTENT_TYPE).status == 204
        crowded = len({f.family for f in manifest.files(conn)}) - 1  # of `learner` there is one file
        assert function.handle(order(TICKED), CONTENT_TYPE).status == 204
        told = capsys.readouterr().out
        assert told.count("lake.compacting") == crowded
        assert told.count("lake.compacted") == 1


def unmendable(conn: Connection, lake: LocalObjects, family: str) -> tuple[LakeFile, bytes]:
    """The newest file of this family once more, as it is where the log was put back from an older backup: cut off, and
    what it held is nowhere else. With what it was before."""
    [*_, file] = manifest.files(conn, [family])
    whole = lake.get(file.key)
    held = replace(file, key=file.key.replace(".parquet", "-later.parquet"), first=10_000, last=10_100)
    manifest.add(conn, [held])
    (lake.root / held.key).write_bytes(whole[: len(whole) // 2])
    return held, whole


def test_a_file_that_cannot_be_mended_keeps_no_other_part_of_a_tick_from_its_work(
    database: str, function: LakeFunction, lake: LocalObjects, capsys: pytest.CaptureFixture[str]
) -> None:
    with connect(database) as conn:
        append(conn, "ada", [registered()])
        append(conn, "bob", [registered(), *a_day("old")], time=utc_now() - timedelta(days=40))
        for turn in range(8):
            append(conn, "ada", a_day(f"a{turn}"), tag=f"a{turn}")
            append(conn, "bob", a_day(f"b{turn}"), tag=f"b{turn}")
            assert function.handle(order(SWEPT), CONTENT_TYPE).status == 204
        held, whole = unmendable(conn, lake, "learner")
        retired = [f.key for f in manifest.files(conn, ["mood"]) if f.day < utc_now().date() - timedelta(days=30)]
        crowded = len(manifest.files(conn, ["mastery"]))
        with conn.transaction():
            payloads.erase(conn, "ada")
        append(conn, "bob", a_day("more"), tag="more")
        assert function.handle(order(SWEPT), CONTENT_TYPE).status == 204
        assert manifest.lag(conn).events == 0
        assert conn.execute("SELECT FROM lake_learner WHERE wanted > position").rowcount == 0, "bob's copy was made"
        assert function.handle(order(TICKED), CONTENT_TYPE).status == 204
        told = capsys.readouterr().out
        assert "lake.unproven" in told and held.key in told
        sound = [f for f in manifest.files(conn) if f.key != held.key]
        assert {s for t in tables(lake, sound, ["subject"]) for s in t["subject"].to_pylist()} == {"bob"}
        assert len(manifest.files(conn, ["mastery"])) < crowded, "compacted"
        assert retired and not set(retired) & {f.key for f in sound}, "retired"
        assert conn.execute("SELECT FROM lake_measured").rowcount == 1, "measured"
        lag = manifest.lag(conn)
        assert (lag.owed, lag.damaged) == (1, 1) and lag.owed_seconds > 0
        assert conn.execute("SELECT damaged FROM lake_file WHERE key = %s", [held.key]).fetchone() is not None
        assert conn.execute("SELECT FROM lake_erasure WHERE proven IS NULL").rowcount == 1

        assert function.handle(order(TICKED), CONTENT_TYPE).status == 204
        assert manifest.lag(conn).owed == 1, "owed until it is proven"
        (lake.root / held.key).write_bytes(whole)  # put back from a backup
        for _ in range(3):  # hers in it are taken out, then nothing of hers is found; in its turn it is seen to hold
            assert function.handle(order(TICKED), CONTENT_TYPE).status == 204
        assert (manifest.lag(conn).owed, manifest.lag(conn).damaged) == (0, 0)
        assert {r["subject"] for r in in_lake(conn, lake).values()} == {"bob"}


def test_what_nobody_foresaw_in_one_part_is_said_behind_the_others(
    database: str, function: LakeFunction, lake: LocalObjects, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("nobody thought of this")

    with connect(database) as conn:
        append(conn, "ada", [registered(), *a_day("g1")])
        monkeypatch.setattr("shared.lake.erasing.erase", broken)
        reply = function.handle(order(SWEPT), CONTENT_TYPE)
        assert (reply.status, (reply.problem or {})["detail"]) == (422, "RuntimeError: nobody thought of this")
        assert in_lake(conn, lake) == in_store(conn)
        assert conn.execute("SELECT FROM lake_learner WHERE wanted > position").rowcount == 0
        monkeypatch.setattr("shared.lake.compacting.compact", broken)
        assert function.handle(order(TICKED), CONTENT_TYPE).status == 422
        assert conn.execute("SELECT FROM lake_measured").rowcount == 1
        assert conn.execute("SELECT FROM rejections").rowcount >= 1
