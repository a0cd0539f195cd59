"""What every local server has in common: a folder, a remembered port, a guard, a record, a log."""

from __future__ import annotations

import atexit
import contextlib
import fcntl
import json
import os
import random
import secrets
import signal
import subprocess
import sys
import time
from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from goals.services import guard
from goals.services.guard import is_running, start_time
from goals.services.ports import taken
from shared.errors import Unavailable

PORTS = range(20_000, 32_000)
"""Below the ephemeral range of Linux (32768): above it, a client that probes can connect to itself."""
LOG_LIMIT = 5_000_000
_GUARDS: list[subprocess.Popen[bytes]] = []
"""Guards live as long as their owner, not as long as a Python object: kept, so that none is reported as forgotten."""


@atexit.register
def _leave_guards() -> None:
    """A guard whose owner is another process outlives this one on purpose: not a child that was forgotten, which is
    what `Popen.__del__` would report."""
    for started in _GUARDS:
        if started.poll() is None:
            started.returncode = 0


class ServerFailed(Unavailable):
    """A local server did not start, or runs already for somebody else. The message quotes its log."""

    title = "Local server failed"


@dataclass(frozen=True, slots=True)
class Info:
    """A running server. `seconds`: how long its start took (0 for one that was found running)."""

    name: str
    url: str
    port: int
    pid: int
    log: Path
    seconds: float


@dataclass(frozen=True, slots=True)
class Record:
    """What `guard.py` wrote about the running instance; each process as pid and start time."""

    guard: tuple[int, str]
    server: tuple[int, str]
    owner: tuple[int, str]
    port: int
    stop_signal: int


class Server(ABC):
    """One server with all its files in `folder`. Not for use from several threads at once.

    `start` may be called again after `stop` or after the server died. Another process may look at the
    same folder with `running()`.
    """

    name: str
    stop_signal: int = signal.SIGTERM
    grace: float = 10.0
    ready_within: float = 30.0
    neighbours: int = 0
    """How many ports after the first one must be free as well."""

    def __init__(self, folder: Path | str) -> None:
        self.folder = Path(folder).absolute()
        self.log = self.folder / "log"
        self._record = self.folder / "server.json"
        self._guard: subprocess.Popen[bytes] | None = None
        self.port = 0
        """Set before `prepare`, `command`, `ready` and `environment` are called."""

    # ------------------------------------------------------------------ what a server must say about itself

    @abstractmethod
    def prepare(self) -> None:
        """Writes configuration and data files; called before each start."""

    @abstractmethod
    def command(self) -> list[str]:
        """The program and its arguments, in the foreground."""

    @abstractmethod
    def ready(self) -> bool:
        """Whether it serves: one quick try, no waiting, no exception."""

    @abstractmethod
    def address(self, port: int) -> str:
        """The URL that clients use, with the password in it."""

    def environment(self) -> dict[str, str]:
        """Nothing of our own environment but PATH and the language reaches a server."""
        return {"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "LC_ALL": "C.UTF-8"}

    def descriptors(self) -> Sequence[int]:
        """Open files that the server inherits under the same number."""
        return ()

    # ------------------------------------------------------------------ life cycle

    def start(self, owner: int | None = None) -> Info:
        """Starts the server and waits until it serves. `owner`: the pid with whose end it ends (default: ours).

        An instance that already runs for the same owner is joined; one whose owner is gone is stopped first.
        Raises ServerFailed, with the end of the log, when it dies or is not ready in time, or when an instance in
        this folder belongs to another living process.
        """
        owner = owner or os.getpid()
        began = time.monotonic()
        self.folder.mkdir(parents=True, exist_ok=True)
        with self._locked():
            joined = self._join_or_clear(owner)
            if joined is not None:
                return joined
            self.port = self._choose_port()
            self._rotate_log()
            self.prepare()
            self._launch(owner)
            self._await_ready()
        running = self.running()
        if running is None:
            raise self._failure("ended right after it became ready")
        return Info(self.name, running.url, running.port, running.pid, self.log, time.monotonic() - began)

    def stop(self) -> None:
        """Ends the server, whoever started it, and waits until it is gone. Nothing to do when it does not run."""
        record = self._read_record()
        if record is not None:
            self._end(record)
        if self._guard is not None:
            self._guard.wait()
            self._guard = None

    def kill(self) -> None:
        """SIGKILL to the server itself, as a crash would; for tests of what survives one."""
        record = self._read_record()
        if record is not None and is_running(*record.server):
            os.kill(record.server[0], signal.SIGKILL)
        if self._guard is not None:
            self._guard.wait()
            self._guard = None

    def alive(self) -> bool:
        record = self._read_record()
        return record is not None and is_running(*record.server)

    def running(self) -> Info | None:
        """The instance in this folder, whichever process started it; None when there is none."""
        record = self._read_record()
        if record is None or not is_running(*record.server):
            return None
        return Info(self.name, self.address(record.port), record.port, record.server[0], self.log, 0.0)

    @property
    def url(self) -> str:
        """Where it serves. Raises ServerFailed before the first start."""
        running = self.running()
        if running is not None:
            return running.url
        if not self.port:
            raise ServerFailed(f"{self.name} in {self.folder} was never started", hint="Call start() first.")
        return self.address(self.port)

    # ------------------------------------------------------------------ inside

    @contextlib.contextmanager
    def _locked(self) -> Iterator[None]:
        """One start at a time in this folder; the kernel frees the lock of a killed process."""
        with (self.folder / "lock").open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield

    def _read_record(self) -> Record | None:
        try:
            values: dict[str, Any] = json.loads(self._record.read_text())
        except FileNotFoundError:
            return None
        pair = {name: (int(values[name][0]), str(values[name][1])) for name in ("guard", "server", "owner")}
        return Record(**pair, port=int(values["port"]), stop_signal=int(values["stop_signal"]))

    def _join_or_clear(self, owner: int) -> Info | None:
        record = self._read_record()
        if record is None:
            return None
        if is_running(*record.server) and is_running(*record.guard) and is_running(*record.owner):
            self.port = record.port
            if record.owner[0] == owner:
                return self.running()
            raise ServerFailed(
                f"{self.name} in {self.folder} already runs as {record.server[0]} for process {record.owner[0]}",
                hint=f"Stop process {record.owner[0]} first, or use another folder.",
            )
        self._end(record)
        return None

    def _end(self, record: Record) -> None:
        deadline = time.monotonic() + self.grace + 5
        if is_running(*record.guard):
            os.kill(record.guard[0], signal.SIGTERM)
        elif is_running(*record.server):
            os.kill(record.server[0], record.stop_signal)
        while is_running(*record.server) or is_running(*record.guard):
            if time.monotonic() > deadline and is_running(*record.server):
                os.kill(record.server[0], signal.SIGKILL)
            time.sleep(0.01)
        self._record.unlink(missing_ok=True)

    def _choose_port(self) -> int:
        remembered = self.folder / "port"
        if remembered.exists() and self._free(int(remembered.read_text())):
            return int(remembered.read_text())
        for _ in range(200):
            port = random.choice(PORTS[:: self.neighbours + 1])  # noqa: S311  no secret: any free port will do
            if self._free(port):
                remembered.write_text(str(port))
                return port
        raise ServerFailed(f"{self.name}: no free port between {PORTS.start} and {PORTS.stop}")

    def _free(self, first: int) -> bool:
        return not any(taken(port) for port in range(first, first + self.neighbours + 1))

    def _launch(self, owner: int) -> None:
        order: guard.Order = {
            "command": self.command(),
            "environment": self.environment(),
            "folder": str(self.folder),
            "record": str(self._record),
            "log": str(self.log),
            "port": self.port,
            "owner": (owner, start_time(owner) or ""),
            "stop_signal": int(self.stop_signal),
            "grace": self.grace,
        }
        with self.log.open("ab") as log:
            self._guard = subprocess.Popen(
                [sys.executable, "-I", "-S", guard.__file__, json.dumps(order)],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=log,
                start_new_session=True,  # Ctrl-C in the terminal is for the owner, which stops its servers in order
                pass_fds=self.descriptors(),
            )
        _GUARDS[:] = [started for started in _GUARDS if started.poll() is None] + [self._guard]

    def _await_ready(self) -> None:
        guarding = self._guard
        deadline = time.monotonic() + self.ready_within
        while guarding is not None:
            if guarding.poll() is not None:
                raise self._failure(f"ended with status {guarding.returncode} while starting")
            if self._record.exists() and self.ready():
                return
            if time.monotonic() > deadline:
                self.stop()
                raise self._failure(f"was not ready within {self.ready_within:.0f} s")
            time.sleep(0.02)

    def _failure(self, what: str) -> ServerFailed:
        tail = self.log.read_text(errors="replace").splitlines()[-15:] if self.log.exists() else []
        quoted = "\n".join(f"    {line}" for line in tail) or "    (its log is empty)"
        return ServerFailed(f"{self.name} {what}. The end of {self.log}:\n{quoted}")

    def _rotate_log(self) -> None:
        if self.log.exists() and self.log.stat().st_size > LOG_LIMIT:
            self.log.replace(self.log.with_suffix(".1"))


def remembered_secret(path: Path) -> str:
    """A random password kept in `path`, readable by its owner only; the same at each call."""
    if not path.exists():
        fresh = path.with_suffix(".new")
        fresh.touch(mode=0o600)
        fresh.write_text(secrets.token_urlsafe(18))
        fresh.replace(path)
    return path.read_text()
