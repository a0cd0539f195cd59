"""A system's truth in a folder, and a system made anew from it: the database, the keys, the lake.

The dump is one consistent picture, taken while the system runs or not. What can be made again is left out: the read
model (projected from the log at the next start), the queue in PostgreSQL (declared; the sweep sends what the graph
still has to do). A cluster's own way is CloudNativePG's (docs/deploy.md); this one is for a machine, and for the drill.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import unquote, urlsplit

from goals.services import Postgres
from goals.services.postgres import programs
from shared.errors import Conflict, InvalidInput, Unavailable
from shared.lake.errors import ObjectGone

DUMP = "database.dump"
KEPT = ("keys", "lake")
AGAIN = ("bus", "view")
"""Schemas that are made again."""


def backup(data: Path, folder: Path) -> None:
    """Writes `folder`, which must not be there yet; it appears whole or not at all. Raises Conflict, InvalidInput,
    Unavailable."""
    if folder.exists():
        raise Conflict(f"{folder} is there already", hint="a backup never replaces another: name a new folder")
    if not (data / "postgres").is_dir():
        raise InvalidInput(f"{data} holds no system", hint="--data names the folder that `goals up` was started on")
    fresh = folder.with_name(f"{folder.name}.part")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True, mode=0o700)
    without = [f"--exclude-schema={name}" for name in AGAIN]
    with _database(data) as url:
        _program("pg_dump", url, "--format=custom", "--no-owner", *without, f"--file={fresh / DUMP}")
    for name in KEPT:
        if (data / name).is_dir():
            shutil.copytree(data / name, fresh / name)
    _lake(data, fresh)
    fresh.rename(folder)


def _lake(data: Path, fresh: Path) -> None:
    """What an S3 server of the system's own holds, as the folder that a lake can be too: restored, it is one."""
    from goals.launch.lake import FOLDER, SERVER, own
    from goals.services import S3
    from shared.lake.objects import open_objects
    from shared.settings import Settings

    server = S3(data / SERVER)
    if not server.made:
        return
    running = server.running() is not None
    if not running:
        server.start()
    try:
        objects = open_objects(Settings(database_url="", **own(server)))
        for stat in objects.keys(""):
            path = fresh / FOLDER / stat.key
            path.parent.mkdir(parents=True, exist_ok=True)
            with suppress(ObjectGone):  # collected meanwhile: nobody is given it any more
                objects.fetch(stat.key, path)
    finally:
        if not running:
            server.stop()


def restore(folder: Path, data: Path) -> None:
    """Makes the data of a system in `data`, which must be empty or not there; `goals up` on it goes on. Raises
    Conflict, InvalidInput, Unavailable."""
    if not (folder / DUMP).is_file():
        raise InvalidInput(f"{folder} is no backup: it has no {DUMP}", hint="`goals backup` makes one")
    if data.exists() and any(data.iterdir()):
        raise Conflict(f"{data} is not empty", hint="restore into a new place; nothing is overwritten")
    data.mkdir(parents=True, exist_ok=True, mode=0o700)
    with _database(data) as url:
        _program("pg_restore", url, "--no-owner", "--exit-on-error", "--single-transaction", str(folder / DUMP))
    for name in KEPT:
        if (folder / name).is_dir():
            shutil.copytree(folder / name, data / name)


@contextmanager
def _database(data: Path) -> Iterator[str]:
    """Of the running system, or its server started for this alone."""
    server = Postgres(data / "postgres")
    running = server.running()
    if running is not None:
        yield running.url
        return
    url = server.start().url
    try:
        yield url
    finally:
        server.stop()


def _program(name: str, url: str, *arguments: str) -> None:
    """One of PostgreSQL's own; the password goes by its environment, where no other user of the machine sees it."""
    parts = urlsplit(url)
    where = {
        "PGHOST": parts.hostname or "",
        "PGPORT": str(parts.port),
        "PGUSER": parts.username or "",
        "PGPASSWORD": unquote(parts.password or ""),
        "PGDATABASE": parts.path.lstrip("/"),
    }
    target = [] if name == "pg_dump" else [f"--dbname={where['PGDATABASE']}"]
    done = subprocess.run(
        [str(programs() / name), *target, *arguments],
        env={"PATH": os.environ.get("PATH", ""), **where},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise Unavailable(f"{name} failed: {done.stderr.strip()[-2000:]}")
