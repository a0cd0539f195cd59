"""What every object store does: one suite, on the local disk and on a real S3 server."""

from __future__ import annotations

import threading
from pathlib import Path

import httpx
import pytest

from goals.services import S3
from goals.services.ceph import ACCESS
from shared.clock import utc_now
from shared.errors import GoalsError, InvalidInput, NotAllowed
from shared.lake.errors import AlreadyThere, BucketGone, LakeAway, LakeFull, LakeRefused, ObjectGone
from shared.lake.objects import ObjectStore
from shared.lake.objects.local import LocalObjects
from shared.lake.objects.s3 import S3Address, S3Objects


def test_what_was_put_is_got_again_whole(objects: ObjectStore, tmp_path: Path) -> None:
    body = bytes(range(256)) * 40_000
    tag = objects.put_new("a/day=2026-11-23/x.parquet", body)
    objects.fetch("a/day=2026-11-23/x.parquet", tmp_path / "x")
    found = objects.stat("a/day=2026-11-23/x.parquet")
    assert objects.get("a/day=2026-11-23/x.parquet") == (tmp_path / "x").read_bytes() == body
    assert (found.bytes, found.etag) == (len(body), tag)
    assert abs((utc_now() - found.changed).total_seconds()) < 60


def test_a_file_is_put_as_its_bytes_are(objects: ObjectStore, tmp_path: Path) -> None:
    (tmp_path / "big").write_bytes(b"ab" * 900_000)
    objects.put_new("big", tmp_path / "big")
    assert objects.get("big") == b"ab" * 900_000


def test_a_name_is_taken_once(objects: ObjectStore) -> None:
    objects.put_new("one", b"first")
    with pytest.raises(AlreadyThere):
        objects.put_new("one", b"second")
    assert objects.get("one") == b"first"


def test_of_many_writers_of_one_name_one_wins_and_its_content_stays(objects: ObjectStore) -> None:
    won: list[bytes] = []
    gate = threading.Barrier(6)

    def write(body: bytes) -> None:
        gate.wait()
        try:
            objects.put_new("raced", body * 5_000)
        except AlreadyThere:
            return
        won.append(body)

    threads = [threading.Thread(target=write, args=(bytes([n]),)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(won) == 1
    assert objects.get("raced") == won[0] * 5_000


def test_keys_come_in_order_and_only_those_under_the_prefix(objects: ObjectStore) -> None:
    for key in ("b/2", "a/1", "a/sub/3", "ab/4", "a/0"):
        objects.put_new(key, b"x")
    assert [s.key for s in objects.keys("a/")] == ["a/0", "a/1", "a/sub/3"]
    assert [s.key for s in objects.keys("")] == ["a/0", "a/1", "a/sub/3", "ab/4", "b/2"]
    assert list(objects.keys("nowhere/")) == []


def test_what_was_deleted_is_gone_and_deleting_again_is_no_error(objects: ObjectStore) -> None:
    objects.put_new("x", b"x")
    objects.delete("x")
    objects.delete("x")
    for ask in (objects.get, objects.stat):
        with pytest.raises(ObjectGone):
            ask("x")
    objects.put_new("x", b"again")
    assert objects.get("x") == b"again"


@pytest.mark.parametrize(
    "key", ["", "/a", "../a", "a/../b", "a//b", "a/.hidden", "a\\b", "a b", "a/", "ä", "x" * 1_000]
)
def test_a_key_that_could_leave_the_bucket_is_refused(objects: ObjectStore, key: str) -> None:
    for ask in (objects.get, objects.stat, objects.delete, lambda k: objects.put_new(k, b"")):
        with pytest.raises(InvalidInput):
            ask(key)


def test_a_store_that_serves_is_ready(objects: ObjectStore) -> None:
    assert objects.ready()


def test_a_presigned_address_of_s3_gives_the_object_without_credentials_until_it_expires(s3: S3) -> None:
    from tests.lake.conftest import bucket_on

    objects = bucket_on(s3)
    objects.put_new("learners/l/attempts/x.parquet", b"rows")
    good = objects.presigned("learners/l/attempts/x.parquet", 60)
    assert httpx.get(good).content == b"rows"
    assert httpx.get(good.replace("learners/l/", "learners/m/")).status_code in (403, 404)
    forged = good.replace("X-Amz-Expires=60", "X-Amz-Expires=6000")
    assert httpx.get(forged).status_code == 403
    short = objects.presigned("learners/l/attempts/x.parquet", 1)
    import time

    time.sleep(2.5)
    assert httpx.get(short).status_code == 403


def test_a_presigned_address_of_the_disk_holds_for_its_key_and_its_time_alone(tmp_path: Path) -> None:
    now = [utc_now()]
    objects = LocalObjects(tmp_path / "lake", public_url="http://api", clock=lambda: now[0])
    objects.put_new("k", b"rows")
    objects.put_new("other", b"rows")
    told = httpx.URL(objects.presigned("k", 60)).params
    expires, signature = int(told["expires"]), told["signature"]
    assert objects.opened("k", expires, signature).read_bytes() == b"rows"
    for key, until in (("other", expires), ("k", expires + 1)):
        with pytest.raises(NotAllowed, match="signature"):
            objects.opened(key, until, signature)
    from datetime import timedelta

    now[0] += timedelta(seconds=61)
    with pytest.raises(NotAllowed, match="expired"):
        objects.opened("k", expires, signature)


def test_wrong_credentials_are_refused_and_said(s3: S3) -> None:
    for access, secret in ((ACCESS, "wrong-wrong"), ("nobody", s3.secret)):
        objects = S3Objects(S3Address(s3.url, "goals-lake", access, secret))
        for ask in (objects.get, lambda k, o=objects: o.put_new(k, b"x"), lambda k, o=objects: list(o.keys(k))):
            with pytest.raises(LakeRefused):
                ask("x")
        assert not objects.ready()


def test_a_bucket_that_is_not_there_is_said(s3: S3) -> None:
    objects = S3Objects(S3Address(s3.url, "never-made", ACCESS, s3.secret))
    for ask in (objects.get, lambda k: objects.put_new(k, b"x"), lambda k: list(objects.keys(k))):
        with pytest.raises(BucketGone):
            ask("x")
    assert not objects.ready()


def test_a_server_that_is_away_is_said_within_seconds() -> None:
    objects = S3Objects(S3Address("http://127.0.0.1:1", "bucket", "key", "s" * 8))
    for ask in (objects.get, lambda k: objects.put_new(k, b"x"), lambda k: list(objects.keys(k))):
        with pytest.raises(LakeAway):
            ask("x")


def test_a_folder_that_vanished_is_said_and_not_made_again(local: LocalObjects) -> None:
    local.put_new("x", b"x")
    local.root.rename(local.root.with_name("elsewhere"))
    for ask in (local.get, local.stat, lambda k: local.put_new(k, b"x"), lambda k: list(local.keys(k))):
        with pytest.raises(BucketGone):
            ask("x")
    assert not local.ready()
    assert not local.root.exists()


def test_a_full_disk_is_said_and_leaves_no_part_of_a_file(local: LocalObjects, monkeypatch: pytest.MonkeyPatch) -> None:
    import errno
    import os

    written = os.write

    def short(descriptor: int, body: bytes) -> int:
        if len(body) > 10:
            written(descriptor, bytes(body)[:10])
            raise OSError(errno.ENOSPC, "No space left on device")
        return written(descriptor, body)

    with monkeypatch.context() as patched:
        patched.setattr("shared.lake.objects.local.os.write", short)
        with pytest.raises(LakeFull):
            local.put_new("x", b"y" * 100)
    assert list(local.keys("")) == []
    assert list((local.root / ".unfinished").iterdir()) == []
    local.put_new("x", b"y" * 100)
    assert local.get("x") == b"y" * 100


def test_every_error_of_the_lake_says_what_happened() -> None:
    for kind in (AlreadyThere, BucketGone, LakeAway, LakeFull, LakeRefused, ObjectGone):
        assert issubclass(kind, GoalsError)
        assert kind.title != GoalsError.title
