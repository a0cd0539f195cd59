"""Hints inside one process (the embedded system)."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from shared.push.port import Heard


class LocalPush:
    """Both ends in one."""

    alive = True

    def __init__(self) -> None:
        self._heard: list[Heard] = []

    def publish(self, learners: Iterable[str], position: int) -> None:
        who = frozenset(learners)
        for heard in tuple(self._heard):
            heard(who, position)

    def subscribe(self, heard: Heard) -> Callable[[], None]:
        self._heard.append(heard)
        return lambda: self._heard.remove(heard)

    def start(self) -> None:
        pass

    def stop(self) -> None:
        self._heard.clear()
