"""Who may run now and who waits: a bounded number at once, a bounded line behind them, first come first served."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from types import TracebackType
from typing import Self

from shared.errors import TooManyRequests


class Admission:
    """`at_once` runs, `waiting` more in line; beyond that `enter` raises TooManyRequests."""

    def __init__(self, at_once: int, waiting: int) -> None:
        self._at_once, self._waiting = at_once, waiting
        self._line: list[Ticket] = []  # the first `at_once` of it run
        self._moved = threading.Condition()

    def enter(self) -> Ticket:
        with self._moved:
            if len(self._line) >= self._at_once + self._waiting:
                raise TooManyRequests(f"{self._waiting} runs wait already: try again in a few seconds", retry_after=2)
            ticket = Ticket(self)
            self._line.append(ticket)
            return ticket

    def position(self, ticket: Ticket) -> int:
        """How many must end before this one runs; 0 when it may."""
        return max(0, self._line.index(ticket) - self._at_once + 1)

    def wait(self, ticket: Ticket) -> Iterator[int]:
        """Each position while it waits, as it changes; ends when it may run, or has left."""
        last = -1
        while True:
            with self._moved:
                self._moved.wait_for(lambda: ticket.left or self.position(ticket) != last)
                if ticket.left or (last := self.position(ticket)) == 0:
                    return
            yield last

    def leave(self, ticket: Ticket) -> None:
        with self._moved:
            if not ticket.left:
                ticket.left = True
                self._line.remove(ticket)
                self._moved.notify_all()


class Ticket:
    """A place in the line, given back at the end of its `with` block."""

    def __init__(self, admission: Admission) -> None:
        self._admission = admission
        self.left = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.leave()

    def waiting(self) -> Iterator[int]:
        return self._admission.wait(self)

    def leave(self) -> None:
        self._admission.leave(self)
