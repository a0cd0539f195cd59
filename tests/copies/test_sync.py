"""A copy on the learner's disk: always whole for its readers, fetched once, resumed where it was cut off."""

from __future__ import annotations

import json
import os
import resource
import signal
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from goals.copies import RECORD, Synced, sync
from goals.copies.fetching import PARTIAL, Damaged, Http
from goals.copies.locking import locked
from goals.copies.snapshot import arrived, read
from goals.copies.syncing import GRACE, forget
from shared.errors import Conflict, InvalidInput, NotFound, Unavailable
from tests.copies.lake_server import Lake, served

NOW = datetime(2026, 11, 29, 12, tzinfo=UTC)
BIG = bytes(range(256)) * 2_000


@pytest.fixture
def lake() -> Iterator[Lake]:
    with served() as found:
        found.put("attempts", "2026-10", b"october" * 50)
        found.put("attempts", "2026-11", b"november" * 50)
        found.put("mood", "2026", b"good" * 50)
        yield found


@pytest.fixture
def http() -> Iterator[Http]:
    found = Http(sleep=lambda _: None)
    yield found
    found.close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "copy"


Bring = Callable[..., Synced]


@pytest.fixture
def bring(lake: Lake, http: Http, folder: Path) -> Bring:
    def synced(*, later: float = 0, **more: bool) -> Synced:
        return sync(folder, lake.url, lake.ask, http, now=lambda: NOW + timedelta(seconds=later), **more)

    return synced


def held(folder: Path) -> dict[tuple[str, str], bytes]:
    """What a reader gets: the files that the record names. Fails where one is not whole."""
    found = read(folder)
    assert found.whole(folder)
    return {(f.dataset, f.part): (folder / f.path).read_bytes() for f in found.files}


def wanted(lake: Lake) -> dict[tuple[str, str], bytes]:
    return {key: body for key, (_, _, body) in lake.parts.items()}


def test_the_first_sync_brings_everything_and_the_next_one_nothing(lake: Lake, folder: Path, bring: Bring) -> None:
    first = bring()
    assert (first.fetched, first.snapshot.change) == (3, 3)
    assert held(folder) == wanted(lake)
    asked = len(lake.requests)
    again = bring()
    assert (again.fetched, again.snapshot) == (0, first.snapshot)
    assert len(lake.requests) == asked
    assert lake.asked == [0, 3]


def test_only_what_changed_is_fetched_and_what_ended_goes(lake: Lake, folder: Path, bring: Bring) -> None:
    bring()
    lake.put("attempts", "2026-11", b"more of november" * 50)
    lake.end("mood", "2026")
    done = bring()
    assert (done.fetched, done.dropped) == (1, 1)
    assert held(folder) == wanted(lake)
    assert list((folder / "mood").iterdir()) == []  # at once: consent was withdrawn


def test_who_reads_the_older_state_is_left_in_peace_for_a_while(lake: Lake, folder: Path, bring: Bring) -> None:
    bring()
    old = read(folder)
    lake.put("attempts", "2026-11", b"more of november" * 50)
    bring(later=1)
    assert all((folder / f.path).exists() for f in old.files)
    lake.put("goals", "2026", b"a goal" * 50)
    bring(later=GRACE + 2)
    assert {p.relative_to(folder).as_posix() for p in folder.glob("*/*.parquet")} == {
        f.path for f in read(folder).files
    }


def test_readers_see_a_whole_copy_while_it_is_synced_again_and_again(lake: Lake, folder: Path, bring: Bring) -> None:
    bring()
    done, reads = threading.Event(), 0
    failed: list[BaseException] = []

    def look() -> None:
        nonlocal reads
        try:
            while not done.is_set():
                found = held(folder)
                assert len(found[("attempts", "2026-11")]) % 8 == 0
                reads += 1
        except BaseException as error:
            failed.append(error)
            raise

    reader = threading.Thread(target=look)
    reader.start()
    for turn in range(30):
        lake.put("attempts", "2026-11", f"{turn:08d}".encode() * 500)
        bring(later=turn)
    done.set()
    reader.join()
    assert not failed
    assert reads > 3


@pytest.mark.parametrize("fault", ["cut", "broken", "altered", "more"])
def test_a_fault_on_the_way_is_met_by_trying_again(lake: Lake, folder: Path, bring: Bring, fault: str) -> None:
    lake.faults = [fault]
    bring()
    assert held(folder) == wanted(lake)


def test_a_file_cut_off_is_gone_on_with_where_it_stopped(lake: Lake, folder: Path, bring: Bring) -> None:
    lake.put("attempts", "2026-12", BIG)
    lake.faults = ["", "", "", "cut", "cut"]
    bring()
    ranges = [int(r.removeprefix("bytes=").rstrip("-")) for path, r in lake.requests if "2026-12" in path and r]
    assert ranges == [len(BIG) // 2, len(BIG) * 3 // 4]
    assert held(folder) == wanted(lake)


def test_a_sync_that_gave_up_is_gone_on_with_by_the_next(lake: Lake, folder: Path, bring: Bring) -> None:
    lake.put("attempts", "2026-12", BIG)
    lake.faults = ["", "", "", "cut", "cut", "cut"]
    with pytest.raises(Unavailable, match="broke off"):
        bring()
    with pytest.raises(NotFound):
        read(folder)  # no copy before it is whole
    asked = len(lake.requests)
    bring()
    assert len(lake.requests) == asked + 1  # the one file, and of it the rest
    assert held(folder) == wanted(lake)
    assert not (folder / PARTIAL).exists()


@pytest.mark.parametrize("fault", ["expired", "gone"])
def test_addresses_that_hold_no_more_are_asked_for_anew(lake: Lake, folder: Path, bring: Bring, fault: str) -> None:
    lake.faults = ["", fault]
    bring()
    assert lake.asked == [0, 0]
    assert held(folder) == wanted(lake)
    lake.put("goals", "2026", b"a goal")
    lake.faults = [fault] * 9
    with pytest.raises(Unavailable, match="not given"):
        bring()
    assert held(folder).keys() == wanted(lake).keys() - {("goals", "2026")}


def test_a_file_that_stays_damaged_is_said_and_never_in_place(lake: Lake, folder: Path, bring: Bring) -> None:
    bring()
    before = held(folder)
    lake.put("attempts", "2026-11", b"new" * 90)
    lake.faults = ["altered"] * 9
    with pytest.raises(Damaged, match="attempts/2026-11"):
        bring()
    assert held(folder) == before


@pytest.mark.parametrize("harm", ["cut", "altered", "removed", "record"])
def test_a_copy_that_was_harmed_is_mended(lake: Lake, folder: Path, bring: Bring, harm: str) -> None:
    bring()
    path = folder / read(folder).files[0].path
    if harm == "record":
        (folder / RECORD).write_text("{")
        with pytest.raises(InvalidInput, match="cannot be read"):
            read(folder)
    elif harm == "removed":
        path.unlink()
    else:
        body = path.read_bytes()
        path.write_bytes(body[:9] if harm == "cut" else b"X" + body[1:])
    done = bring()
    assert done.fetched == (0 if harm == "record" else 1)
    assert held(folder) == wanted(lake)


def test_a_server_put_back_from_a_backup_is_followed(lake: Lake, folder: Path, bring: Bring) -> None:
    bring()
    lake.change = 1  # it has forgotten the rest
    lake.parts = {("attempts", "2026-10"): lake.parts["attempts", "2026-10"]}
    bring()
    assert held(folder) == wanted(lake)


def test_a_delta_that_does_not_add_up_leads_to_the_whole(lake: Lake, folder: Path, bring: Bring) -> None:
    bring()
    lake.put("goals", "2026", b"a goal" * 50)
    _, path, _ = lake.parts["attempts", "2026-10"]
    lake.parts["attempts", "2026-10"] = (1, path.replace("2026-10-", "2026-10-9"), b"changed without being counted" * 9)
    bring()
    assert lake.asked == [0, 3, 0]
    assert held(folder) == wanted(lake)


def test_two_syncs_at_once_do_not_meet(lake: Lake, folder: Path, bring: Bring) -> None:
    bring()
    with locked(folder), pytest.raises(Conflict, match="another sync"):
        bring()
    bring()


def test_files_of_the_manifest_lead_nowhere_else(lake: Lake, folder: Path, bring: Bring) -> None:
    change, _, body = lake.parts["mood", "2026"]
    lake.parts["mood", "2026"] = (change, "../outside.parquet", body)
    with pytest.raises(InvalidInput):
        bring()
    assert not (folder.parent / "outside.parquet").exists()


def test_a_full_disk_leaves_the_copy_as_it_was(lake: Lake, folder: Path, bring: Bring) -> None:
    bring()
    before = held(folder)
    lake.put("attempts", "2026-12", BIG)
    kept = resource.getrlimit(resource.RLIMIT_FSIZE)
    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, kept[1]))
    try:
        with pytest.raises(OSError, match=os.strerror(27)):  # EFBIG: as ENOSPC comes, from write(2)
            bring()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, kept)
        signal.signal(signal.SIGXFSZ, ignored)
    assert held(folder) == before
    bring()
    assert held(folder) == wanted(lake)


def test_forgetting_removes_all_of_it(lake: Lake, folder: Path, bring: Bring) -> None:
    bring()
    forget(folder)
    assert not folder.exists()
    forget(folder)


def test_the_record_says_what_a_reader_needs(lake: Lake, folder: Path, bring: Bring) -> None:
    bring()
    told = json.loads((folder / RECORD).read_text())
    assert (told["format"], told["schema"], told["timezone"], told["position"]) == ("goals.copy", 1, "UTC", 30)
    for file in told["files"]:
        assert arrived(folder / file["path"], file["sha256"])
