"""What fails around the lake: a clear error, nothing lost, nothing doubled."""

from __future__ import annotations

import multiprocessing
import os
import random
import resource
import signal
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from goals.services import S3
from goals.services.ceph import ACCESS
from shared.clock import utc_now
from shared.lake import manifest
from shared.lake.collecting import collect, retire
from shared.lake.compacting import compact
from shared.lake.erasing import erase, prove
from shared.lake.errors import LakeFull, LakeRefused
from shared.lake.filling import fill
from shared.lake.objects.local import LocalObjects
from shared.lake.objects.s3 import S3Address, S3Objects
from shared.lake.ranges import Ahead
from shared.lake.writing import EVENTS
from shared.store import payloads
from shared.store.connect import connect
from tests.lake.conftest import bucket_on
from tests.lake.events import START, a_day, append, in_lake, in_store, registered

KILLS = 100
FORKS = multiprocessing.get_context("forkserver")
FORKS.set_forkserver_preload(["tests.lake.test_faults"])
"""A child begins with everything imported: a hundred of them take seconds."""


def fill_and_die(database: str, folder: str, puts: int, rows: int) -> None:
    """A process that fills, and is killed after so many files (0: between the last file and the commit)."""
    objects = LocalObjects(Path(folder), public_url="http://api")
    put_new, left = objects.put_new, [puts]

    def die() -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    def counted(key: str, body: bytes | Path) -> str:
        left[0] -= 1
        if puts and left[0] == 0:
            die()
        return put_new(key, body)

    objects.put_new = counted  # type: ignore[method-assign]
    with connect(database) as conn, Ahead(lambda: connect(database)) as ahead:
        fill(conn, objects, now=utc_now(), rows=rows, ahead=ahead, written=die if not puts else lambda: None)


def test_a_process_killed_a_hundred_times_loses_and_doubles_nothing(database: str, local: LocalObjects) -> None:
    dice = random.Random(7)
    killed = 0
    with connect(database) as conn:
        append(conn, "ada", [registered()])
        for turn in range(KILLS):
            append(conn, "ada", a_day(f"g{turn}"), tag=str(turn), time=START + timedelta(hours=7 * turn))
            told = (database, str(local.root), dice.choice([0, 0, 1, 2, 3]), dice.choice([4, 50, 10_000]))
            child = FORKS.Process(target=fill_and_die, args=told)
            child.start()
            child.join(60)
            killed += child.exitcode == -signal.SIGKILL
            if dice.random() < 0.2:
                fill(conn, local, now=utc_now())
        assert killed > KILLS * 0.9
        while fill(conn, local, now=utc_now()):
            pass
        assert in_lake(conn, local) == in_store(conn)
        assert len(in_store(conn)) == 1 + 6 * KILLS
        assert {s.key for s in local.keys(EVENTS)} == {f.key for f in manifest.files(conn)}


@contextmanager
def full(size: int) -> Iterator[None]:
    """No file may grow beyond `size`: write(2) fails as on a full disk."""
    kept = resource.getrlimit(resource.RLIMIT_FSIZE)
    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, kept[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, kept)
        signal.signal(signal.SIGXFSZ, ignored)


def test_a_full_disk_is_said_and_the_lake_goes_on_when_there_is_room(database: str, local: LocalObjects) -> None:
    with connect(database) as conn:
        append(conn, "ada", [registered(), *a_day("g1")])
        with full(4_000), pytest.raises(LakeFull, match="no space left"):
            fill(conn, local, now=utc_now())
        assert manifest.stands(conn).position == 0
        assert list((local.root / ".unfinished").iterdir()) == []
        fill(conn, local, now=utc_now())
        assert in_lake(conn, local) == in_store(conn)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 256 KB of its own; only root may make one."""
    place = tmp_path / "small"
    place.mkdir()
    words = ["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", str(place)]
    if os.geteuid() or subprocess.run(words, capture_output=True, check=False).returncode:
        pytest.skip("this user may not mount a tmpfs; RLIMIT_FSIZE stands for a full disk above")
    yield place
    subprocess.run(["umount", str(place)], check=True)


def test_a_disk_with_no_block_left_is_said_and_the_lake_goes_on_when_there_is_room(
    database: str, small_disk: Path
) -> None:
    objects = LocalObjects(small_disk / "lake", public_url="http://api")
    other = small_disk / "somebody-elses"
    with connect(database) as conn:
        append(conn, "ada", [registered(), *a_day("g1")])
        with other.open("wb", buffering=0) as file, pytest.raises(OSError, match="No space"):
            while True:
                file.write(b"x" * 4_096)
        with pytest.raises(LakeFull, match="no space left"):
            fill(conn, objects, now=utc_now())
        assert manifest.stands(conn).position == 0
        assert list((objects.root / ".unfinished").iterdir()) == []
        other.unlink()
        fill(conn, objects, now=utc_now())
        assert in_lake(conn, objects) == in_store(conn)


def test_wrong_credentials_are_said_and_right_ones_go_on(database: str, s3: S3) -> None:
    right = bucket_on(s3)
    wrong = S3Objects(S3Address(s3.url, right.bucket, ACCESS, "not-the-secret"))
    with connect(database) as conn:
        append(conn, "ada", [registered(), *a_day("g1")])
        with pytest.raises(LakeRefused):
            fill(conn, wrong, now=utc_now())
        assert manifest.stands(conn).position == 0
        fill(conn, right, now=utc_now())
        assert in_lake(conn, right) == in_store(conn)


@pytest.mark.parametrize("jump", [timedelta(days=-4_000), timedelta(days=4_000)])
def test_a_clock_that_jumps_loses_and_doubles_nothing(database: str, local: LocalObjects, jump: timedelta) -> None:
    with connect(database) as conn:
        append(conn, "ada", [registered(), *a_day("g1")])
        fill(conn, local, now=utc_now())
        append(conn, "ada", a_day("g2"), tag="jumped", time=START + jump)
        fill(conn, local, now=utc_now() + jump, linger=30)
        compact(conn, local, least=2)
        assert retire(conn, {"evaluation": 3_000}, utc_now() + jump) == 0
        collect(conn, local, now=utc_now() + jump)
        append(conn, "ada", a_day("g3"), tag="back")
        fill(conn, local, now=utc_now())
        collect(conn, local, now=utc_now())
        assert in_lake(conn, local) == in_store(conn)


Harm = Callable[[Path], None]


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:100])


def altered(path: Path) -> None:
    body = bytearray(path.read_bytes())
    body[len(body) // 2] ^= 0xFF
    path.write_bytes(bytes(body))


def removed(path: Path) -> None:
    path.unlink()


@pytest.mark.parametrize("harm", [cut, altered, removed])
def test_a_damaged_file_is_written_anew_from_the_log(database: str, local: LocalObjects, harm: Harm) -> None:
    with connect(database) as conn:
        append(conn, "ada", [registered()])
        for turn in range(10):
            append(conn, "ada", a_day(f"g{turn}"), tag=str(turn))
            fill(conn, local, now=utc_now())
        broken = manifest.files(conn, ["evaluation"])[3]
        harm(local.root / broken.key)
        before = len(manifest.files(conn))
        compact(conn, local)  # mends it, and goes on with every other partition
        assert len(manifest.files(conn)) < before
        assert in_lake(conn, local) == in_store(conn)
        compact(conn, local)
        assert len(manifest.files(conn, ["evaluation"])) == 1
        assert in_lake(conn, local) == in_store(conn)


def test_a_damaged_file_of_the_erased_alone_is_no_file_any_more(database: str, local: LocalObjects) -> None:
    with connect(database) as conn:
        append(conn, "ada", [registered(), *a_day("g1")])
        fill(conn, local, now=utc_now())
        (file,) = manifest.files(conn, ["evaluation"])
        altered(local.root / file.key)
        with conn.transaction():
            payloads.erase(conn, "ada")
        assert erase(conn, local) == ["ada"]
        assert prove(conn, local) == ["ada"]
        assert manifest.files(conn) == []
        assert list(local.keys(EVENTS)) == []


def test_erasure_reaches_what_cannot_be_read(database: str, local: LocalObjects) -> None:
    with connect(database) as conn:
        append(conn, "ada", [registered(), *a_day("g1")])
        append(conn, "bob", [registered(), *a_day("g2")])
        fill(conn, local, now=utc_now())
        (file,) = manifest.files(conn, ["evaluation"])
        altered(local.root / file.key)
        local.put_new(f"{EVENTS}evaluation/left-behind.parquet", b"PAR1 no more")
        with conn.transaction():
            payloads.erase(conn, "ada")
        assert erase(conn, local) == ["ada"]
        assert prove(conn, local) == ["ada"]
        assert in_lake(conn, local) == in_store(conn)
        assert {r["subject"] for r in in_lake(conn, local).values()} == {"bob"}
        assert {s.key for s in local.keys(EVENTS)} == {f.key for f in manifest.files(conn)}
