"""Leaves an endpoint alone that fails, so that nobody waits for it: a circuit breaker (Nygard 2007, "Release it!").

It opens when `FAILURES` calls in a row, or half of the last `WINDOW`, have failed; rests, each time twice as long up
to `LONGEST`; then lets one call try. One process's own view: nothing is shared.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable

FAILURES = 5
WINDOW = 20
REST = 15.0
LONGEST = 600.0


class Breaker:
    """`clock`: monotonic seconds."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._recent: deque[bool] = deque(maxlen=WINDOW)
        self._in_a_row = 0
        self._rests = 0
        self._until: float | None = None
        self._trying = False

    def admit(self) -> bool:
        """Whether a call may be made now. Who is admitted says how it went: `went_well`, `failed` or `abandoned`."""
        with self._lock:
            if self._until is None:
                return True
            if self._clock() < self._until or self._trying:
                return False
            self._trying = True
            return True

    def went_well(self) -> None:
        with self._lock:
            self._recent.append(True)
            self._in_a_row = 0
            if self._trying:
                self._trying, self._until, self._rests = False, None, 0
                self._recent.clear()

    def failed(self, rest: float | None = None) -> None:
        """`rest`: seconds the endpoint itself asked for, or that make sense for what it said: taken at once."""
        with self._lock:
            self._recent.append(False)
            self._in_a_row += 1
            bad = len(self._recent) == WINDOW and self._recent.count(False) * 2 >= WINDOW
            if not (self._trying or rest is not None or bad or self._in_a_row >= FAILURES):
                return
            own = min(REST * 2**self._rests, LONGEST)
            self._rests = min(self._rests + 1, 16)
            until = self._clock() + max(own if rest is None else rest, 0.0)
            self._until = max(until, self._until or until)
            self._trying, self._in_a_row = False, 0
            self._recent.clear()

    def abandoned(self) -> None:
        """It ended without saying anything about the endpoint."""
        with self._lock:
            self._trying = False
