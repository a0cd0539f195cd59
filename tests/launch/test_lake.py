"""Where a system's lake is: said at the start, kept to, and never another place in silence."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from goals.launch.lake import place, running
from goals.services import S3, ServerFailed
from shared.lake.objects import open_objects
from shared.settings import Settings


def test_a_bucket_that_is_named_is_taken_and_its_credentials_are_not_said(tmp_path: Path) -> None:
    given = {
        "GOALS_LAKE_URL": "s3://ours?endpoint=http://store:9000",
        "GOALS_LAKE_SECRET_KEY_FILE": "key",
        "GOALS_LAKE_ACCESS_KEY": "us",
        "OTHER": "x",
    }
    found = place(tmp_path, given, own_server=True)
    assert found.words == "s3://ours, as GOALS_LAKE_URL names it"
    del given["OTHER"]
    assert found.settings == {**given, "GOALS_LAKE_SECRET_KEY_FILE": str(Path("key").absolute())}


def test_without_a_server_installed_it_is_a_folder_and_that_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    found = place(tmp_path, {}, own_server=True)
    assert found.words.startswith(f"the folder {tmp_path / 'lake'}: no S3 server is installed (ceph-mon")
    assert (dict(found.settings), found.server) == ({}, None)


def test_a_lake_that_is_in_a_folder_stays_there(tmp_path: Path) -> None:
    (tmp_path / "lake").mkdir()
    found = place(tmp_path, {}, own_server=True)
    assert found.words == f"the folder {tmp_path / 'lake'}, where it is since the first start"
    assert found.server is None


def test_a_lake_that_is_on_a_server_is_nowhere_else_when_that_is_gone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "s3").mkdir()
    (tmp_path / "s3" / "user.made").touch()
    monkeypatch.setenv("PATH", str(tmp_path))
    for own_server in (True, False):
        with pytest.raises(ServerFailed, match="no S3 server is installed"):
            place(tmp_path, {}, own_server=own_server)


def test_its_own_server_keeps_the_lake_from_start_to_start_with_credentials_of_its_own(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    data = tmp_path_factory.mktemp("own-s3")
    first = place(data, {}, own_server=True)
    assert first.server is not None
    try:
        assert first.words.startswith("s3://goals-lake on an S3 server of its own")
        objects = open_objects(Settings(database_url="", **first.fields()))  # the bucket is there
        objects.put_new("events/a", b"kept")
        assert running(data) == first.fields()
    finally:
        first.server.stop()
    assert running(data) is None
    second = place(data, {}, own_server=False)  # whoever starts the system: the lake is there
    assert second.server is not None
    try:
        assert open_objects(Settings(database_url="", **second.fields())).get("events/a") == b"kept"
    finally:
        second.server.stop()
    secret = S3(data / "s3").secret
    kept = S3(data / "s3").secret_file
    assert len(secret) >= 24
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert secret not in first.words + str(dict(first.settings))
    logs = [path for path in (data / "s3").rglob("*log*") if path.is_file()]
    assert logs
    assert not [path for path in logs if secret.encode() in path.read_bytes()]
