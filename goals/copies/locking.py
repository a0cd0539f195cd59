"""One sync at a time in a folder, as long as its process lives."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from shared.errors import Conflict


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Raises Conflict where another process has it."""
    with (folder / ".lock").open("a+") as lock:
        try:
            _take(lock)
        except OSError:
            raise Conflict(f"another sync works on {folder}", hint="wait until it is done") from None
        yield  # closing the file lets it go


if sys.platform == "win32":
    import msvcrt

    def _take(lock: IO[str]) -> None:
        lock.seek(0)
        msvcrt.locking(lock.fileno(), msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _take(lock: IO[str]) -> None:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
