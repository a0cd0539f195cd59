"""The two ends of a hint."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Protocol

Heard = Callable[[frozenset[str], int], None]
"""Called with the learners who have news, up to which position; from any thread. Must not block."""


class Push(Protocol):
    """Called after a commit. Never blocks, never raises: a hint that cannot be sent is only a hint."""

    def publish(self, learners: Iterable[str], position: int) -> None: ...

    def start(self) -> None: ...

    def stop(self) -> None: ...


class Hints(Protocol):
    """`alive` False: hints may be lost at the moment, so look for yourself every second."""

    @property
    def alive(self) -> bool: ...

    def subscribe(self, heard: Heard) -> Callable[[], None]:
        """Gives what ends it. When the connection is lost, and when it is
        there again, `heard` is told of everybody: an empty set."""
        ...

    def start(self) -> None: ...

    def stop(self) -> None: ...
