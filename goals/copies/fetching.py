"""One file of a copy, over HTTP: resumed where it was cut off, and in place only when its checksum holds."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from goals.copies.snapshot import File, arrived
from shared.errors import GoalsError, Unavailable
from shared.near import near

if TYPE_CHECKING:
    import httpx

PARTIAL = ".partial"
Fetch = Callable[[File, str, Path], None]
"""A file, its address, the copy's folder → the file is in place. Raises Expired, Damaged, Unavailable, OSError."""


class Expired(GoalsError):
    """The address holds no more, or leads nowhere any more: the manifest has a new one."""

    status = 403
    title = "Address expired"


class Damaged(GoalsError):
    title = "Damaged file"


class Http:
    """Fetches from presigned addresses; never with a token. `tries`: of one file that breaks off."""

    def __init__(self, *, tries: int = 3, sleep: Callable[[float], None] = time.sleep) -> None:
        self._tries = tries
        self._sleep = sleep
        self._clients: dict[bool, httpx.Client] = {}

    def __call__(self, file: File, url: str, folder: Path) -> None:
        import httpx

        part = folder / PARTIAL / file.sha256
        part.parent.mkdir(exist_ok=True)
        for attempt in range(1, self._tries + 1):
            try:
                self._into(part, url, file.bytes)
            except httpx.HTTPError as error:
                if attempt == self._tries:
                    raise Unavailable(
                        f"{file.path} broke off: {error or type(error).__name__}",
                        hint="run it again: it goes on where it stopped",
                    ) from error
                self._sleep(0.2 * 2**attempt)
                continue
            if arrived(part, file.sha256):
                _into_place(part, folder / file.path)
                return
            part.unlink()  # begun from another content, or altered on the way: from the beginning
        raise Damaged(
            f"{file.path} arrives damaged: its checksum differs", hint="try again; tell the operator if it stays"
        )

    def _into(self, part: Path, url: str, size: int) -> None:
        """What is missing of it. Raises Expired, httpx.HTTPError."""
        have = part.stat().st_size if part.exists() else 0
        if have >= size:
            return
        headers = {"Range": f"bytes={have}-"} if have else {}
        with self._client(url).stream("GET", url, headers=headers) as response:
            if response.status_code in (403, 404, 410):
                raise Expired(f"{url.partition('?')[0]} is not given (any more): {response.status_code}")
            response.raise_for_status()
            go_on = response.status_code == 206 and have
            with part.open("ab" if go_on else "wb") as file:
                left = size - (have if go_on else 0)
                for piece in response.iter_raw():
                    file.write(piece[: max(0, left)])  # never more than was promised
                    left -= len(piece)
                    if left < 0:
                        break
                file.flush()
                os.fsync(file.fileno())

    def _client(self, url: str) -> httpx.Client:
        import httpx

        here = near(url)
        if here not in self._clients:
            self._clients[here] = httpx.Client(
                timeout=httpx.Timeout(30.0, connect=5.0),
                trust_env=not here,
                headers={"User-Agent": "goals", "Accept-Encoding": "identity"},
            )
        return self._clients[here]

    def close(self) -> None:
        for client in self._clients.values():
            client.close()


def _into_place(part: Path, target: Path) -> None:
    target.parent.mkdir(exist_ok=True, mode=0o700)
    part.replace(target)
