"""Keeps one zygote for a mode: started when first needed, replaced when it is old, worn or gone."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from functools import partial

from shared.errors import SandboxUnavailable
from shared.sandbox.contract import Limits, Mode
from shared.sandbox.languages.language import Source
from shared.sandbox.modes import WARM
from shared.sandbox.start import Frames
from shared.sandbox.zygote import Forked, Zygote, ZygoteGone

RUNS, SECONDS = 500, 600.0
"""After so many runs, or so long, a zygote is replaced: what a fault might have left in it does not stay."""

PAUSE = 60.0
"""Seconds of cold runs after a zygote did not start, before the next try."""


class Warm:
    """`now`: a monotonic clock in seconds. `launching`: for runs in other languages than Python."""

    def __init__(self, mode: Mode, now: Callable[[], float] = time.monotonic, *, launching: bool = False) -> None:
        start, self._fork = WARM[mode]
        self._start = partial(start, launching=True) if launching else start
        self._now = now
        self._lock = threading.Lock()
        self._zygote: Zygote | None = None
        self._retired: list[Zygote] = []
        self._runs, self._born, self._pause_until = 0, 0.0, 0.0

    def spawn(self, limits: Limits, cpu: int, nonce: str, source: Source | None = None) -> tuple[Forked, Frames] | None:
        """A run's process; None where no zygote can be had (then a cold start is to be tried)."""
        for _ in range(2):
            with self._lock:
                zygote = self._current()
                self._runs += 1
            if zygote is None:
                return None
            try:
                return self._fork(zygote, limits, cpu, nonce, source)
            except ZygoteGone:
                self._drop(zygote)
        return None

    def up(self) -> bool:
        """Starts a zygote if there is none; whether there is one now."""
        with self._lock:
            return self._current() is not None

    def close(self) -> None:
        """Ends the zygotes, and with them what still runs. A later run starts another."""
        with self._lock:
            ending = [*self._retired, *([self._zygote] if self._zygote else [])]
            self._zygote, self._retired = None, []
        for zygote in ending:
            zygote.close()

    def _current(self) -> Zygote | None:
        """Under the lock."""
        now = self._now()
        if self._zygote is not None and (self._runs >= RUNS or now - self._born >= SECONDS):
            self._retired.append(self._zygote)  # its last runs may still go on: ended at the next replacement
            self._zygote = None
        if self._zygote is not None and not self._zygote.alive:
            self._zygote.close()
            self._zygote = None
        if self._zygote is None and now >= self._pause_until:
            try:
                self._zygote = self._start()
            except SandboxUnavailable:
                self._pause_until = now + PAUSE
                return None
            self._runs, self._born = 0, now
            for old in self._retired[:-1]:
                old.close()
            del self._retired[:-1]
        return self._zygote

    def _drop(self, zygote: Zygote) -> None:
        with self._lock:
            if self._zygote is zygote:
                self._zygote = None
                zygote.close()
