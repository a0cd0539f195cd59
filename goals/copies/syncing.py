"""Bringing a copy up to date: what changed is fetched beside, checked, put in place, and then made the copy at once.

Cut off anywhere, the copy is what it was; the next sync goes on where this one stopped, inside a file too. One sync at
a time works on a folder; readers are never kept waiting (`snapshot.py`).
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from goals.copies.fetching import PARTIAL, Expired, Fetch
from goals.copies.locking import locked
from goals.copies.snapshot import File, Snapshot, arrived, file_of, read, write
from shared.clock import rfc3339
from shared.errors import InvalidInput, NotFound, Unavailable

Json = Mapping[str, Any]
Ask = Callable[[int, str], tuple[Json, str] | None]
"""`after`, ETag → the manifest and its ETag; None: nothing has changed."""
Progress = Callable[[int, int], None]
GRACE = 600.0
"""Seconds for which a reader may still be busy with a file that was replaced."""
TRIES = 4
"""Manifests asked for in one sync: addresses expire, and files are replaced, while others are fetched."""


@dataclass(frozen=True, slots=True)
class Synced:
    """`fetched` files with `bytes`; `dropped`: parts that are no more."""

    snapshot: Snapshot
    fetched: int
    bytes: int
    dropped: int


def sync(
    folder: Path,
    server: str,
    ask: Ask,
    fetch: Fetch,
    *,
    now: Callable[[], datetime],
    afresh: bool = False,
    progress: Progress = lambda _done, _total: None,
) -> Synced:
    """Raises Conflict (another sync is at work), Unavailable, Damaged, and what `ask` raises; OSError for the disk."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with locked(folder):
        have = None if afresh else _have(folder)
        total = Synced(_nothing(server) if have is None else have, 0, 0, 0)
        for attempt in range(TRIES):
            answer = ask(have.change if have else 0, have.etag if have else "")
            if answer is None and have is not None:
                return replace(total, snapshot=have)
            if answer is None:
                raise Unavailable("the server says that nothing has changed, and there is no copy here yet")
            try:
                found = _applied(folder, server, have, answer, fetch, now, progress)
            except Expired as error:  # or replaced meanwhile: what has come is kept
                if attempt == TRIES - 1:
                    raise Unavailable(error.detail, hint="run it again: it goes on where it stopped") from error
                continue
            if found is not None:
                return found
            have = None  # ours and the server's have come apart: from the beginning
        raise Unavailable("the copy does not come to what the server says it should", hint="try again in a minute")


def forget(folder: Path) -> None:
    """Removes the copy: where the learner was erased, or wishes it."""
    if folder.exists():
        with locked(folder):
            for path in folder.iterdir():
                shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)
        with suppress(OSError):
            folder.rmdir()


def _have(folder: Path) -> Snapshot | None:
    """The copy, if it is all there."""
    try:
        have = read(folder)
    except (NotFound, InvalidInput):
        return None
    return have if have.whole(folder) else None


def _nothing(server: str) -> Snapshot:
    return Snapshot(server, "", "UTC", 0, 0, "", ())


def _applied(
    folder: Path,
    server: str,
    have: Snapshot | None,
    answer: tuple[Json, str],
    fetch: Fetch,
    now: Callable[[], datetime],
    progress: Progress,
) -> Synced | None:
    """One manifest carried out; None where the outcome is not what the server says a copy holds."""
    told, etag = answer
    files = [(file_of(f), str(f["url"])) for f in told["files"]]
    gone = {(str(g["dataset"]), str(g["part"])) for g in told["gone"]}
    old = {} if have is None else {(f.dataset, f.part): f for f in have.files}
    kept = {} if told["whole"] else {key: f for key, f in old.items() if key not in gone}
    wanted = {**kept, **{(f.dataset, f.part): f for f, _ in files}}
    at = now()
    snapshot = Snapshot(
        server=server,
        learner=str(told["learner"]),
        timezone=str(told["timezone"]),
        change=int(told["change"]),
        position=int(told["position"]),
        synced=rfc3339(at),
        files=tuple(sorted(wanted.values(), key=lambda f: f.path)),
        etag=etag,
    )
    if snapshot.digest != told["digest"]:
        return None
    fetched = _fetched(folder, files, fetch, progress)
    leaving = _leaving(have, snapshot, gone, at.timestamp())
    snapshot = replace(snapshot, leaving=leaving)
    write(folder, snapshot)
    _swept(folder, {f.path for f in snapshot.files} | leaving.keys())
    dropped = len(old.keys() - wanted.keys())
    return Synced(snapshot, len(fetched), sum(f.bytes for f in fetched), dropped)


def _fetched(folder: Path, files: list[tuple[File, str]], fetch: Fetch, progress: Progress) -> list[File]:
    missing = [(f, url) for f, url in files if not arrived(folder / f.path, f.sha256)]
    progress(0, len(missing))
    for done, (file, url) in enumerate(missing, 1):
        fetch(file, url, folder)
        progress(done, len(missing))
    return [file for file, _ in missing]


def _leaving(have: Snapshot | None, new: Snapshot, gone: set[tuple[str, str]], now: float) -> dict[str, float]:
    """What was replaced stays for those who read it; what has ended (a consent withdrawn) goes at once."""
    if have is None:
        return {}
    present = {f.path for f in new.files}
    leaving = {path: since for path, since in have.leaving.items() if 0 <= now - since < GRACE}
    leaving |= {f.path: now for f in have.files if (f.dataset, f.part) not in gone}
    datasets = {f"{dataset}/{part}-" for dataset, part in gone}
    return {p: s for p, s in leaving.items() if p not in present and not p.startswith(tuple(datasets))}


def _swept(folder: Path, keep: set[str]) -> None:
    """Everything that is no part of the copy. A file that cannot go now (Windows: somebody reads it) goes another
    time."""
    shutil.rmtree(folder / PARTIAL, ignore_errors=True)
    for path in _files(folder):
        if path.relative_to(folder).as_posix() not in keep:
            with suppress(OSError):
                path.unlink()


def _files(folder: Path) -> Iterator[Path]:
    yield from folder.glob("*/*.parquet")
