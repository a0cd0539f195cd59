"""Who may run now and who waits: a bounded number at once, and behind them a bounded line with turns.

Learners who wait take turns (round-robin, as in Nagle, RFC 970, 1985): when a run may start it is the next of the
learner whose turn it is, who then goes behind the others. So a learner's next run waits for at most one start of each
other learner, however many of theirs stand in line.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterator
from types import TracebackType
from typing import Self

from shared.errors import TooManyRequests

AT_ONCE, EACH, WAITING = 2, 4, 64
RETRY_AFTER = 2
"""Seconds: the line moves with every run, and a run ends within four."""


class Admission:
    """`at_once` runs, `waiting` more in line, `each` of them of one learner.

    Beyond, `enter` raises TooManyRequests with `limit`, `scope` ("learner" or "all") and `retry_after` in its context.
    """

    def __init__(self, at_once: int = AT_ONCE, each: int = EACH, waiting: int = WAITING) -> None:
        self._at_once, self._each, self._most = at_once, each, waiting
        self._running = 0
        self._turns: dict[object, deque[Ticket]] = {}  # in order of turns; who has none in line is not here
        self._moved = threading.Condition()

    def enter(self, learner: str = "") -> Ticket:
        """A place for one run. `learner`: whose turn it uses; "" is somebody of its own."""
        with self._moved:
            owner: object = learner or object()
            own, all_ = len(self._turns.get(owner, ())), sum(map(len, self._turns.values()))
            busy = self._running >= self._at_once  # else it starts at once, and stands in no line
            if busy and own >= self._each:
                raise _full(f"{own} runs of yours wait already, {self._each} may", self._each, "learner")
            if busy and all_ >= self._most:
                raise _full(f"{all_} runs wait already, {self._most} may", self._most, "all")
            ticket = Ticket(self, owner)
            self._turns.setdefault(owner, deque()).append(ticket)
            self._move()
            return ticket

    def order(self) -> list[Ticket]:
        """Those in line, as they will start if nobody comes or leaves."""
        with self._moved:
            return self._order()

    def wait(self, ticket: Ticket) -> Iterator[int]:
        """Each position while it waits, as it changes: how many start before it. Ends when it may run, or has left.

        Only a learner who was not in line lets the position of another's later runs rise; that of a learner's next
        run never rises.
        """
        last = None
        while True:
            with self._moved:
                while ticket.waiting and ticket.position == last:
                    self._moved.wait()
                if not ticket.waiting:
                    return
                last = ticket.position
            yield last

    def leave(self, ticket: Ticket) -> None:
        """Its place is free at once, in line or running. Again: nothing."""
        with self._moved:
            if ticket.started and not ticket.left:
                self._running -= 1
            elif ticket.waiting:
                line = self._turns[ticket.owner]
                line.remove(ticket)
                if not line:
                    del self._turns[ticket.owner]
            else:
                return
            ticket.left = True
            self._move()

    def _move(self) -> None:
        """Starts who may and tells the others where they stand."""
        while self._turns and self._running < self._at_once:
            owner = next(iter(self._turns))
            line = self._turns.pop(owner)
            line.popleft().started = True
            self._running += 1
            if line:
                self._turns[owner] = line  # behind the others
        for position, ticket in enumerate(self._order()):
            ticket.position = position
        self._moved.notify_all()

    def _order(self) -> list[Ticket]:
        lines = list(self._turns.values())
        rounds = max(map(len, lines), default=0)
        return [line[n] for n in range(rounds) for line in lines if n < len(line)]


class Ticket:
    """A place, given back at the end of its `with` block."""

    def __init__(self, admission: Admission, owner: object) -> None:
        self._admission, self.owner = admission, owner
        self.position = 0
        self.started = self.left = False

    @property
    def waiting(self) -> bool:
        return not self.started and not self.left

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.leave()

    def positions(self) -> Iterator[int]:
        return self._admission.wait(self)

    def leave(self) -> None:
        self._admission.leave(self)


def _full(detail: str, limit: int, scope: str) -> TooManyRequests:
    return TooManyRequests(
        detail,
        hint="wait for one to start, then send it again",
        limit=limit,
        scope=scope,
        retry_after=RETRY_AFTER,
    )
