"""A cgroup (version 2) for each run, where a folder of them is ours: the kernel then bounds the memory and the number
of all its processes together, at every moment. Elsewhere `resident.py` looks every 50 ms.

Ours is the folder that `GOALS_SANDBOX_CGROUP` names, else the one this process is in; the controllers memory and pids
must be delegated to it (systemd: `Delegate=yes`; Kubernetes: a writable cgroup mount). A folder that holds processes
cannot hand controllers on (the kernel's rule of inner nodes), so on most machines it has to be named.

Sources: Documentation/admin-guide/cgroup-v2.rst, cgroups(7).
"""

from __future__ import annotations

import contextlib
import itertools
import os
import time
from functools import cache
from pathlib import Path

from shared.sandbox.contract import Outcome

SETTING = "GOALS_SANDBOX_CGROUP"
CONTROLLERS = {"memory", "pids"}
_numbers = itertools.count()


class NoCgroup(Exception):
    """Why there is none for runs here."""


class Leaf:
    """One run's. Raises NoCgroup when it cannot be made."""

    def __init__(self, parent: Path, memory_bytes: int, processes: int) -> None:
        self.folder = parent / f"goals-run-{os.getpid()}-{next(_numbers)}"
        self._taken: set[int] = set()
        bounds = {
            "memory.max": memory_bytes,
            "memory.swap.max": 0,
            "memory.oom.group": 1,  # a run ends whole: half of it would be an odd result
            "pids.max": processes,
        }
        try:
            self.folder.mkdir()
            for name, bound in bounds.items():
                self._write(name, bound)
        except OSError as error:
            self.close()
            raise NoCgroup(f"{self.folder}: {error.strerror}") from error

    def take(self, pids: list[int]) -> None:
        """These processes, and all that they start from now on."""
        for pid in pids:
            if pid not in self._taken:
                try:
                    self._write("cgroup.procs", pid)
                except ProcessLookupError:
                    continue  # it has just ended
                self._taken.add(pid)

    def broken(self) -> Outcome | None:
        if self._count("memory.events", "oom_kill"):
            return "memory"
        return "processes" if self._count("pids.events", "max") else None

    def close(self) -> None:
        """Ends what is still in it. The kernel needs a moment until it is empty."""
        if not self.folder.exists():
            return
        with contextlib.suppress(OSError):
            self._write("cgroup.kill", 1)
        for _ in range(100):
            try:
                self.folder.rmdir()
            except OSError:
                time.sleep(0.01)
            else:
                return

    def _write(self, name: str, value: int) -> None:
        fd = os.open(self.folder / name, os.O_WRONLY)  # never made by us: what is no cgroup has no such file
        try:
            os.write(fd, str(value).encode())
        finally:
            os.close(fd)

    def _count(self, name: str, event: str) -> int:
        try:
            lines = (self.folder / name).read_text().splitlines()
        except OSError:
            return 0
        return sum(int(line.split()[1]) for line in lines if line.startswith(event + " "))


def usable(folder: Path) -> Path:
    """`folder`, when runs can have cgroups in it; tried by making one. Raises NoCgroup."""
    try:
        if missing := CONTROLLERS - set((folder / "cgroup.controllers").read_text().split()):
            raise NoCgroup(f"{folder} has no controller {' and '.join(sorted(missing))}")
        if CONTROLLERS - set((folder / "cgroup.subtree_control").read_text().split()):
            (folder / "cgroup.subtree_control").write_text("+memory +pids")
    except OSError as error:
        raise NoCgroup(f"{folder}: {error.strerror}") from error
    Leaf(folder, 1 << 20, 1).close()
    return folder


def own() -> Path:
    """The version-2 cgroup this process is in, or the one it was told to use. Raises NoCgroup."""
    if named := os.environ.get(SETTING):
        return Path(named)
    mounts = [line.split(" - ")[0].split()[4] for line in _lines("/proc/self/mountinfo") if " - cgroup2 " in line]
    places = [line[3:] for line in _lines("/proc/self/cgroup") if line.startswith("0::")]
    if not mounts or not places:
        raise NoCgroup("no cgroups of version 2 are mounted")
    return Path(mounts[0]) / places[0].lstrip("/")


@cache
def found() -> tuple[Path | None, str]:
    """Where runs have their cgroups, and a sentence that says so or why there is none. Asked once a process."""
    try:
        folder = usable(own())
    except NoCgroup as reason:
        return None, f"memory of several processes is looked at every 50 ms (no cgroup: {reason})"
    return folder, f"memory of several processes is bounded by a cgroup in {folder}"


def _lines(path: str) -> list[str]:
    try:
        return Path(path).read_text().splitlines()
    except OSError:
        return []
