"""The lines of one run, kept while somebody may still come back for them. Written in a thread, followed in the loop."""

from __future__ import annotations

import asyncio
import threading
from collections import deque
from collections.abc import AsyncGenerator, Callable
from contextlib import suppress

from shared.errors import NotFound

LINES_BYTES = 1024 * 1024
"""Of one run. Beyond, lines that somebody was given already are dropped: who comes back for them finds them gone."""


class Transcript:
    """Lines are counted from 1: `after=2` begins with the third."""

    def __init__(self, most: int = LINES_BYTES) -> None:
        self._most = most
        self._lines: deque[bytes] = deque()
        self._dropped = 0
        self._given = 0
        self._size = 0
        self._over = False
        self._lock = threading.Lock()
        self._wakes: list[Callable[[], object]] = []

    @property
    def over(self) -> bool:
        return self._over

    @property
    def size(self) -> int:
        """Bytes kept."""
        return self._size

    def add(self, line: bytes) -> None:
        with self._lock:
            self._lines.append(line)
            self._size += len(line)
            self._drop()
        self._wake()

    def end(self) -> None:
        """No line follows."""
        self._over = True
        self._wake()

    def behind(self, after: int) -> tuple[list[bytes], bool]:
        """The lines behind the first `after`, and whether these are all. Raises NotFound when they are not kept."""
        with self._lock:
            if after < self._dropped:
                raise NotFound(f"the lines up to {self._dropped} of this run are no longer kept")
            over = self._over
            return [line for n, line in enumerate(self._lines, self._dropped + 1) if n > after], over

    async def follow(self, after: int = 0) -> AsyncGenerator[bytes]:
        """Whole lines, as many as there are at the time, from line `after + 1` to the end of the run."""
        loop, news = asyncio.get_running_loop(), asyncio.Event()

        def wake() -> None:
            loop.call_soon_threadsafe(news.set)

        with self._lock:
            self._wakes.append(wake)
        try:
            while True:
                news.clear()
                lines, over = self.behind(after)
                if lines:
                    yield b"".join(lines)
                    after += len(lines)
                    self._take(after)
                if over:
                    return
                await news.wait()
        finally:
            with self._lock:
                self._wakes.remove(wake)

    def _take(self, count: int) -> None:
        with self._lock:
            self._given = max(self._given, count)
            self._drop()

    def _drop(self) -> None:
        while self._size > self._most and self._dropped < self._given:
            self._size -= len(self._lines.popleft())
            self._dropped += 1

    def _wake(self) -> None:
        with self._lock:
            wakes = tuple(self._wakes)
        for wake in wakes:
            with suppress(RuntimeError):  # the follower's loop is gone
                wake()
