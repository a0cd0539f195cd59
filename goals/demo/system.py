"""The system the demo starts, and how it is crashed: every one of its processes, with kill -9, and started again."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

from goals.launch.process import Process
from goals.launch.split import model_settings
from goals.services.guard import is_running, start_time
from shared.errors import Unavailable

LAKE = {"GOALS_LAKE_LINGER": "0"}
"""The lake takes what there is with every sweep: nobody watches a demo for half a minute of nothing."""


class System(Process):
    """`goals up` on `data`, as a child that ends with us. Its port is remembered: after a crash it has the same
    address."""

    ready_within = 180.0
    grace = 40.0

    def __init__(self, data: Path, *, split: bool = False) -> None:
        self.data = data
        self._split = split
        super().__init__(data / "demo", "system", "goals.cli", environment={**model_settings(os.environ), **LAKE})

    def command(self) -> list[str]:
        kind = ["--split"] if self._split else []
        return [sys.executable, "-m", "goals.cli", "up", "--port", str(self.port), "--data", str(self.data), *kind]

    def environment(self) -> dict[str, str]:
        return {**super().environment(), "HOME": os.environ.get("HOME", "/")}

    def _choose_port(self) -> int:
        """The one it had: clients know it. A killed process may hold it for a moment longer."""
        remembered, end = self.folder / "port", time.monotonic() + 10
        while remembered.exists() and not self._free(int(remembered.read_text())) and time.monotonic() < end:
            time.sleep(0.05)
        return super()._choose_port()

    def crash(self) -> int:
        """SIGKILL to the process `goals up`, its guard, and all they started; gives how many these were."""
        record = self._read_record()
        if record is None:
            return 0
        known = [(pid, start_time(pid)) for pid in family([record.guard[0], record.server[0]])]
        for number in (signal.SIGSTOP, signal.SIGKILL):  # stopped first: none shall see another die and act on it
            for pid, _ in known:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, number)
        end = time.monotonic() + 10
        while any(began is not None and is_running(pid, began) for pid, began in known):
            if time.monotonic() > end:
                raise Unavailable("a killed process is still there after 10 s")
            time.sleep(0.01)
        if self._guard is not None:
            self._guard.wait()
            self._guard = None
        return len(known)


def family(roots: list[int]) -> list[int]:
    """These processes and all below them, the first ones first (`ps`, as on every Unix)."""
    listed = subprocess.run(["ps", "-A", "-o", "pid=,ppid="], capture_output=True, text=True, check=True).stdout
    children: dict[int, list[int]] = {}
    for line in listed.splitlines():
        pid, parent = map(int, line.split())
        children.setdefault(parent, []).append(pid)
    found = list(dict.fromkeys(roots))
    for pid in found:
        found.extend(child for child in children.get(pid, ()) if child not in found)
    return found


def copied(data: Path, to: Path) -> Path:
    """A stopped system's data, whole, with owners and modes (PostgreSQL's belong to another user under root)."""
    shutil.rmtree(to, ignore_errors=True)
    subprocess.run(["cp", "-a", str(data), str(to)], check=True)
    return to
