"""The restore drill: backup, destroy, restore into a new place, go on: nothing is missing, the same people sign in."""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from goals.cli.local import parts, signed
from goals.launch.backup import DUMP, backup, restore
from goals.services.postgres import programs
from shared.errors import Conflict, InvalidInput
from shared.lake.objects import open_objects
from shared.store.connect import connect
from tests.api.conftest import event
from tests.lake.events import in_lake, in_store
from tests.launch.test_up import ACCOUNT, Up

PAGES = ("/v1/me", "/v1/events?after=0&limit=500", "/v1/goals", "/v1/progress", "/v1/contract", "/v1/me/export")


@pytest.fixture
def systems(tmp_path: Path) -> Iterator[list[Up]]:
    tmp_path.chmod(0o755)
    found = [Up(tmp_path / "first"), Up(tmp_path / "second")]
    yield found
    for system in found:
        if system.process is not None and system.process.poll() is None:
            system.end(signal.SIGKILL)
        assert system.gone(20) == []


def state(system: Up, token: str) -> dict[str, Any]:
    """All that the learner can see, but for when it was asked."""
    pages = {}
    for page in PAGES:
        status, said = system.call("GET", page, token=token)
        assert status == 200, (page, said)
        said.pop("exported", None)
        pages[page] = said
    return pages


def still(system: Up, token: str) -> dict[str, Any]:
    """The state once the graph has come to rest: nothing waits, also for the lake, nothing is under way, and the
    learner's day has begun (as the clock of the restored system would begin it otherwise)."""
    operator = signed(system.folder / "keys", f"http://127.0.0.1:{system.port}", "operator")
    assert system.call("POST", "/v1/admin/ticks", {}, operator)[0] == 202
    end = time.monotonic() + 90
    while True:
        _, lag = system.call("GET", "/v1/admin/lag", token=operator)
        now = state(system, token)
        begun = any(e["type"] == "goals.day.started" for e in now["/v1/events?after=0&limit=500"]["events"])
        rests = not any(lag[key] for key in ("outbox", "waiting", "busy", "runs")) and lag["lake"]["events"] == 0
        if begun and now["/v1/goals"]["goals"] and rests:
            return now
        assert time.monotonic() < end, f"it does not come to rest: {lag}"
        time.sleep(0.5)


def lake(system: Up) -> dict[int, dict[str, Any]]:
    """Every row of the lake by its position, each of which is in the log with all it says."""
    settings = parts(system.folder)
    with connect(settings.database_url) as conn:
        logged, found = in_store(conn), in_lake(conn, open_objects(settings))
    assert found == {position: logged[position] for position in found}
    return found


def command(*arguments: str) -> None:
    subprocess.run([sys.executable, "-m", "goals.cli", *arguments], check=True, capture_output=True, timeout=120)


def test_a_destroyed_system_comes_back_from_its_backup_in_another_place(
    systems: list[Up], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GOALS_LAKE_LINGER", "0")
    first, second = systems
    second.port = first.port  # the address that its tokens were issued for
    first.start()
    _, account = first.call("POST", "/v1/auth/register", ACCOUNT)
    token = str(account["access_token"])
    profile = {"level": "beginner", "minutes": 45, "language": "en", "timezone": "Europe/Madrid"}
    first.call("POST", "/v1/interactions", [event("profile.stated", profile)], token)
    before = still(first, token)
    rows = lake(first)
    assert len(rows) >= len(before["/v1/events?after=0&limit=500"]["events"])
    command("backup", str(tmp_path / "saved"), "--data", str(first.folder))
    listed = [str(programs() / "pg_restore"), "--list", str(tmp_path / "saved" / DUMP)]
    kept = subprocess.run(listed, check=True, capture_output=True, text=True).stdout
    assert all(f"TABLE DATA public {name} " in kept for name in ("events", "model_fold", "model_part", "model_memory"))
    first.end(signal.SIGKILL)
    assert first.gone(20) == []
    shutil.rmtree(first.folder)

    command("restore", str(tmp_path / "saved"), "--data", str(second.folder))
    second.start()
    assert state(second, token) == before, "the old token holds, and all that it shows is there"
    there = lake(second)
    assert {position: there[position] for position in rows} == rows, "every row of the lake is back"
    status, _ = second.call("POST", "/v1/auth/refresh", {"refresh_token": account["refresh_token"]})
    assert status == 200
    goal = before["/v1/goals"]["goals"][0]["goal"]
    status, said = second.call("POST", "/v1/interactions", [event("goal.opened", {"goal": goal})], token)
    assert (status, said["results"][0]["status"]) == (200, "recorded"), "and it goes on"
    assert said["results"][0]["position"] > int(before["/v1/events?after=0&limit=500"]["events"][-1]["sequence"])


def test_a_backup_replaces_nothing_and_needs_a_system(tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    with pytest.raises(Conflict, match="there already"):
        backup(tmp_path, tmp_path / "there")
    with pytest.raises(InvalidInput, match="holds no system"):
        backup(tmp_path / "nothing", tmp_path / "new")
    assert not (tmp_path / "new").exists()


def test_a_restore_needs_a_backup_and_an_empty_place(tmp_path: Path) -> None:
    (tmp_path / "saved").mkdir()
    with pytest.raises(InvalidInput, match="no backup"):
        restore(tmp_path / "saved", tmp_path / "new")
    (tmp_path / "saved" / DUMP).touch()
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "file").touch()
    with pytest.raises(Conflict, match="not empty"):
        restore(tmp_path / "saved", tmp_path / "full")
