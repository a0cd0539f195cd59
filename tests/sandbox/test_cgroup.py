"""What is written to a cgroup and read from it, in a folder with the kernel's files. The kernel's own part is not
tested here: this needs a machine that delegates one."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from shared.sandbox import Capability, cgroup, probe
from shared.sandbox.cgroup import Leaf, NoCgroup, own, usable

FILES = ("memory.max", "memory.swap.max", "memory.oom.group", "pids.max", "cgroup.procs", "cgroup.kill")


def kernel_like(parent: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder in which a new folder has the files that the kernel would give it, and can be removed with them."""
    (parent / "cgroup.controllers").write_text("cpu memory pids\n")
    (parent / "cgroup.subtree_control").write_text("memory pids\n")
    mkdir, rmdir = Path.mkdir, Path.rmdir

    def made(self: Path, *args: object, **kwargs: object) -> None:
        mkdir(self)
        for name in FILES:
            (self / name).write_text("")
        (self / "memory.events").write_text("low 0\nmax 3\noom 0\noom_kill 0\n")
        (self / "pids.events").write_text("max 0\n")

    def removed(self: Path) -> None:
        for name in [*FILES, "memory.events", "pids.events"]:
            (self / name).unlink()
        rmdir(self)

    monkeypatch.setattr(Path, "mkdir", made)
    monkeypatch.setattr(Path, "rmdir", removed)
    return parent


def test_a_runs_bounds_are_written_before_anybody_is_in_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    leaf = Leaf(kernel_like(tmp_path, monkeypatch), 1 << 28, 64)
    written = {name: (leaf.folder / name).read_text() for name in FILES}
    assert written == {
        "memory.max": "268435456",
        "memory.swap.max": "0",
        "memory.oom.group": "1",
        "pids.max": "64",
        "cgroup.procs": "",
        "cgroup.kill": "",
    }
    leaf.take([41])
    assert (leaf.folder / "cgroup.procs").read_text() == "41"
    leaf.close()
    assert not leaf.folder.exists()


def test_what_the_kernel_ended_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    leaf = Leaf(kernel_like(tmp_path, monkeypatch), 1 << 28, 64)
    assert leaf.broken() is None
    (leaf.folder / "pids.events").write_text("max 2\n")
    assert leaf.broken() == "processes"
    (leaf.folder / "memory.events").write_text("oom 1\noom_kill 1\noom_group_kill 1\n")
    assert leaf.broken() == "memory"
    leaf.close()
    assert leaf.broken() is None


def test_runs_at_once_have_each_their_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    parent, leaves = kernel_like(tmp_path, monkeypatch), []
    threads = [threading.Thread(target=lambda: leaves.append(Leaf(parent, 1, 1))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({leaf.folder for leaf in leaves}) == 8


def test_a_folder_that_is_no_cgroup_is_not_used_and_left_as_it_was(tmp_path: Path) -> None:
    with pytest.raises(NoCgroup, match="No such file"):
        usable(tmp_path)
    (tmp_path / "cgroup.controllers").write_text("memory pids")
    (tmp_path / "cgroup.subtree_control").write_text("memory pids")
    with pytest.raises(NoCgroup, match="No such file"):
        usable(tmp_path)
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["cgroup.controllers", "cgroup.subtree_control"]


def test_a_controller_that_is_missing_is_named(tmp_path: Path) -> None:
    (tmp_path / "cgroup.controllers").write_text("cpu pids")
    with pytest.raises(NoCgroup, match="no controller memory"):
        usable(tmp_path)


def test_the_setting_names_the_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(cgroup.SETTING, str(tmp_path))
    assert own() == tmp_path


def test_what_this_machine_can_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    found: Capability = probe()
    folder, sentence = cgroup.found()
    assert sentence in found.detail
    assert ("no cgroup" in sentence) is (folder is None)
