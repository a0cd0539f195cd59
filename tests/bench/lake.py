"""The lake: events a second into durable Parquet against a bare pyarrow writer of the same rows; ten million events
asked for one learner's last 30 days; bytes an event; compaction; memory.

Both writers put the same rows into the same files (family and day) on the same disk, each file and its folder synced.
The bare one has them in memory as Python rows and knows nothing of PostgreSQL, positions, checksums or a manifest.
Rounds of the two alternate, so does who begins, and the first of each is for warming up. What is told of memory is the
peak of a process of its own that does nothing else.
"""

from __future__ import annotations

import gc
import json
import os
import statistics
import subprocess
import sys
import time
from contextlib import nullcontext
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from goals.analytics.asking import ask
from goals.analytics.opening import of_copy, of_lake
from goals.copies.snapshot import File, Snapshot, write
from shared.clock import utc_now
from shared.lake import manifest
from shared.lake.columns import INSTANT, columns_of
from shared.lake.copies.making import make, parts
from shared.lake.copies.telling import path_of
from shared.lake.filling import fill
from shared.lake.manifest import LakeFile
from shared.lake.objects.local import LocalObjects
from shared.lake.ranges import ROWS, Ahead
from shared.lake.reading import stretch, with_fields
from shared.lake.spanning import digest
from shared.lake.writing import body_of, key_of, partitions, told
from shared.settings import Settings
from shared.store.connect import Connection, connect
from shared.store.queries import load
from tests.bench.parts import fresh

SQL = load(Path(__file__).with_suffix(".sql"))
EVENTS = 100_000
ROUNDS = 8
MILLIONS = 10
DAYS = 100
LEARNERS = 499
ASKED = (
    "SELECT time::DATE AS day, count(*) AS attempts, avg(correct::INTEGER) AS correct, avg(score) AS score "
    "FROM evaluation WHERE subject = $1 AND time >= $2::TIMESTAMPTZ AND type = 'goals.evaluation.recorded' "
    "GROUP BY day ORDER BY day"
)

OWN = "SELECT day, count(*) AS attempts, avg(correct::INTEGER) AS correct, avg(score) AS score " \
    "FROM evaluations WHERE day > $1 GROUP BY day ORDER BY day"  # fmt: skip


def put_events(conn: Connection, first: int, last: int, *, seconds: float) -> None:
    conn.execute("SET statement_timeout = 0")
    conn.execute(SQL["events"], {"first": first, "last": last, "learners": LEARNERS, "seconds": seconds})


def lake_at(folder: Path) -> LocalObjects:
    return LocalObjects(folder, public_url="http://api.example.org")


def filled(conn: Connection, other: Connection, folder: Path) -> tuple[int, float]:
    """Rows, and the seconds until they were durable and in the manifest. `other`: for reading ahead."""
    objects = lake_at(folder)
    rows, began = 0, time.perf_counter()
    with Ahead(lambda: nullcontext(other)) as ahead:
        while done := fill(conn, objects, now=utc_now(), ahead=ahead):
            rows += done.rows
    return rows, time.perf_counter() - began


def bare(rows: list[tuple[Path, list[dict[str, object]], pa.Schema]]) -> float:
    began = time.perf_counter()
    for path, some, schema in rows:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as file:
            pq.write_table(pa.Table.from_pylist(some, schema), file, compression="zstd")
            file.flush()
            os.fsync(file.fileno())
        folder = os.open(path.parent, os.O_RDONLY)
        os.fsync(folder)
        os.close(folder)
    return time.perf_counter() - began


def speed(settings: Settings, folder: Path) -> dict[str, float]:
    database = fresh(settings, "bench_lake").database_url
    took: dict[str, list[float]] = {"ours": [], "bare": []}
    with connect(database) as conn, connect(database) as other:
        put_events(conn, 1, EVENTS, seconds=1)
        for word in ("VACUUM ANALYZE events", "CHECKPOINT"):  # else the first to read pays for what the writing left
            conn.execute(word)
        plain = [
            (f"{family}/{day}/{begin}.parquet", rows.to_pylist(), rows.schema)
            for begin in range(0, EVENTS, ROWS)  # the ranges that ours is written in
            for family, _, day, table in partitions(stretch(conn, begin, begin + ROWS))
            for rows in [with_fields(table, family)]
        ]
        gc.freeze()  # millions of values that no collection during a round is to look through
        for turn in range(1 + ROUNDS):
            conn.execute(SQL["unfilled"])
            for who in ("ours", "bare") if turn % 2 else ("bare", "ours"):
                if who == "ours":
                    rows, seconds = filled(conn, other, folder / f"ours-{turn}")
                    assert rows == EVENTS
                else:
                    seconds = bare([(folder / f"bare-{turn}" / path, *rest) for path, *rest in plain])
                if turn:  # the first warms both up
                    took[who].append(seconds)
    gc.unfreeze()
    ratios = [b / o for o, b in zip(took["ours"], took["bare"], strict=True)]
    return {"events_per_s": EVENTS / statistics.median(took["ours"]),
            "bare_per_s": EVENTS / statistics.median(took["bare"]),
            "ratio": statistics.median(ratios), "ratio_least": min(ratios), "ratio_most": max(ratios)}  # fmt: skip


def compaction(settings: Settings, folder: Path) -> dict[str, float]:
    """40 small files of a family and day become few."""
    database = fresh(settings, "bench_lake_small").database_url
    objects = lake_at(folder / "small")
    with connect(database) as conn:
        put_events(conn, 1, EVENTS, seconds=0.5)
        while fill(conn, objects, now=utc_now(), rows=2_500):
            pass
    told_ = child("compact", database, objects.root)
    return {"compacted_per_s": told_["rows"] / told_["seconds"], "compacted_mb": told_["mb"],
            "files_before": told_["before"], "files_after": told_["after"]}  # fmt: skip


def memory(settings: Settings, folder: Path) -> float:
    """MB at most, of a process that fills a lake with all of it."""
    database = fresh(settings, "bench_lake_memory").database_url
    with connect(database) as conn:
        put_events(conn, 1, 2 * EVENTS, seconds=1)
    return child("fill", database, folder / "memory")["mb"]


def child(what: str, database: str, folder: Path) -> dict[str, float]:
    words = [sys.executable, "-m", "tests.bench.lake_process", what, database, str(folder)]
    done = subprocess.run(words, capture_output=True, text=True, check=True)
    found: dict[str, float] = json.loads(done.stdout)
    return found


def big(settings: Settings, folder: Path) -> dict[str, float]:
    """Ten million events in compacted files of a day each: one day's rows with other times and positions."""
    database = fresh(settings, "bench_lake_big").database_url
    objects = lake_at(folder / "big")
    each = int(MILLIONS * 1_000_000 // DAYS)
    total = size = 0
    with connect(database) as conn:
        put_events(conn, 1, each, seconds=0.4)
        day_rows = stretch(conn, 0, each)
        families = [(f, with_fields(t, f)) for f, _, _, t in partitions(day_rows)]
        start = date(2026, 8, 22)
        for number in range(DAYS):
            files = [_day_file(objects, f, t, start + timedelta(days=number), number, each) for f, t in families]
            with conn.transaction():
                manifest.add(conn, files)
            total += sum(f.rows for f in files)
            size += sum(f.bytes for f in files)
        last = start + timedelta(days=DAYS)
        took = _asked(conn, objects, last - timedelta(days=30))
    return {"events": total, "bytes_per_event": size / total, **took}


def _day_file(objects: LocalObjects, family: str, table: pa.Table, day: date, number: int, each: int) -> LakeFile:
    whole = table.sort_by([("subject", "ascending"), ("position", "ascending")])
    moved = datetime(day.year, day.month, day.day, tzinfo=UTC) - datetime(2026, 9, 1, tzinfo=UTC)
    for name in ("time", "recorded"):
        at = whole.schema.get_field_index(name)
        values = pa.compute.add(whole[name], pa.scalar(moved, pa.duration("us")))
        whole = whole.set_column(at, whole.schema.field(at), values.cast(INSTANT))
    whole = whole.set_column(0, whole.schema.field(0), pa.compute.add(whole["position"], number * each))
    first, last = number * each + 1, (number + 1) * each
    body = body_of(whole.replace_schema_metadata(told(whole.schema, family, first, last).metadata), level=3)
    key = key_of(family, "public", day, first, last, f"{number:016d}")
    objects.put_new(key, body)
    sha256 = digest(objects.root / key)
    columns = columns_of(whole.schema)
    return LakeFile(key, family, "public", day, first, last, whole.num_rows, len(body), sha256, columns=columns)


def _asked(conn: Connection, objects: LocalObjects, since: date) -> dict[str, float]:
    """Opening and asking, as `goals lake query` does; then asking alone; each the median of many learners."""
    opening, asking = [], []
    for turn in range(15):
        began = time.perf_counter()
        with of_lake(conn, objects, ["evaluation"], filters={"since": since}) as db:
            opened = time.perf_counter()
            rows = ask(db, ASKED, [f"learner-{turn * 31 % LEARNERS}", str(since)])
            asking.append((time.perf_counter() - opened) * 1_000)
        opening.append((opened - began) * 1_000)
        assert rows.num_rows == 30, rows
    return {"open_ms": statistics.median(opening), "ask_ms": statistics.median(asking)}


def own(settings: Settings, folder: Path) -> dict[str, float]:
    """The learner's own copy of such a lake: their share of it (20,000 attempts in 100 days), opened and asked."""
    database = fresh(settings, "bench_lake_own").database_url
    objects, copy = lake_at(folder / "own"), folder / "copy"
    with connect(database) as conn:
        for name in ("learner", "evaluations", "wanted"):
            conn.execute(SQL[name])
        assert make(conn, objects, "learner-0") is not None
        held = []
        for part in parts(conn, "learner-0"):
            path = path_of(part)
            objects.fetch(str(part.key), _parent(copy / path))
            held.append(File(part.dataset, part.part, path, part.rows, part.bytes, part.sha256))
    write(copy, Snapshot("http://api.example.org", "learner-0", "Europe/Madrid", 1, 1, "", tuple(held)))
    took = []
    for _ in range(15):
        began = time.perf_counter()
        with of_copy(copy, OWN) as db:
            rows = ask(db, OWN, [date(2026, 10, 30)])
        took.append((time.perf_counter() - began) * 1_000)
        assert rows.num_rows in (30, 31), rows
    return {"own_ms": statistics.median(took), "own_rows": sum(f.rows for f in held)}


def _parent(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    return path


def bench(settings: Settings, folder: Path) -> dict[str, float]:
    found = speed(settings, folder)
    found |= compaction(settings, folder)
    found["fill_mb"] = memory(settings, folder)
    found |= big(settings, folder)
    found |= own(settings, folder)
    return found
