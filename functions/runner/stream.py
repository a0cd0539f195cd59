"""One request as a stream of events: queued, what visible cases print, a case at a time, finished. Cancelled by closing
it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from collections.abc import Set as AbstractSet
from typing import Any, Self

from functions.runner.admission import Ticket
from functions.runner.agent import Judged, call_of, judge, overall, settled
from functions.runner.request import RunRequest
from shared.errors import SandboxUnavailable
from shared.judging import answers
from shared.sandbox import Observation, Printed, Run, Sandbox

Event = dict[str, Any]

AT_ONCE, GATHER = 4, 0.004
"""Pieces of one case's output that leave the moment they are written; seconds, see `Pace`."""


class RunStream(Iterator[Event]):
    """Iterate it in one thread; `cancel` from any: it ends at once, with a `cancelled` in place of `finished`."""

    def __init__(
        self,
        request: RunRequest,
        sandbox: Sandbox,
        ticket: Ticket,
        now: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._request, self._sandbox, self._ticket, self._now, self._sleep = request, sandbox, ticket, now, sleep
        self._cancelled = threading.Event()
        self._run: Run[Observation | Printed] | None = None
        self._events = self._steps()

    def __next__(self) -> Event:
        return next(self._events)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def id(self) -> str:
        return self._request.id

    @property
    def waiting(self) -> bool:
        """Whether it stands in the line still."""
        return self._ticket.waiting

    def cancel(self) -> None:
        """Leaves the line and ends the run's processes."""
        self._cancelled.set()
        self._ticket.leave()
        if (run := self._run) is not None:
            run.cancel()

    def close(self) -> None:
        """As `cancel`, and gives everything back. In the iterating thread, or when that has ended."""
        self.cancel()
        self._events.close()

    def _steps(self) -> Generator[Event]:
        with self._ticket:
            for position in self._ticket.positions():
                yield {"kind": "queued", "position": position}
            try:
                over = not self._cancelled.is_set() and (yield from self._judged())
            except SandboxUnavailable as error:
                over = not self._cancelled.is_set()
                if over:
                    yield {"kind": "fault", "detail": error.detail}
            if not over:
                yield {"kind": "cancelled"}

    def _judged(self) -> Generator[Event, None, bool]:
        """Whether it came to its end."""
        began = self._now()
        # Hidden cases last: one program sees them all, and could say in a later visible case what a hidden one asked.
        cases = {case.id: case for case in sorted(self._request.plain(), key=lambda case: not case.visible)}
        pace = Pace({identity for identity, case in cases.items() if case.visible}, self._sleep)
        judged: list[Judged] = []
        waiting: list[Judged] = []
        with self._sandbox.run(
            self._request.code,
            [call_of(case) for case in cases.values()],
            language=self._request.language,
            streamed=True,
        ) as run:
            self._run = run
            if self._cancelled.is_set():  # by another thread, before it could see this run
                return False
            for item in run:
                if isinstance(item, Printed):
                    yield from pace.told(item)
                    continue
                one = judge(cases[item.call], item, self._request.language)
                if one.asked is not None:
                    waiting.append(one)
                    continue
                judged.append(one)
                yield one.event()
        for one in () if self._cancelled.is_set() else self._checked(waiting):
            judged.append(one)
            yield one.event()
        if self._cancelled.is_set():
            return False
        passed = sum(one.verdict == "passed" for one in judged)
        yield {
            "kind": "finished",
            "passed": passed,
            "failed": len(judged) - passed,
            "total": len(judged),
            "verdict": overall(judged),
            "mode": run.mode,
            "landlock_abi": run.landlock_abi,
            "ms": round((self._now() - began) * 1000, 3),
        }
        return True

    def _checked(self, waiting: Sequence[Judged]) -> Iterator[Judged]:
        """Those on which the challenge's checks have the word: asked when the learner's program is gone."""
        words = answers(self._sandbox, self._request.checks, [one.asked for one in waiting if one.asked])
        yield from map(settled, waiting, words)


class Pace:
    """What visible cases print, as events. The first pieces of a case leave at once; behind them output gathers in its
    pipe for `GATHER` seconds at a time, so that a flood of short lines costs a few hundred events a second."""

    def __init__(self, visible: AbstractSet[str], sleep: Callable[[float], None]) -> None:
        self._visible, self._sleep = visible, sleep
        self._call, self._pieces = "", 0

    def told(self, piece: Printed) -> Iterator[Event]:
        self._pieces = self._pieces + 1 if piece.call == self._call else 1
        self._call = piece.call
        if piece.call in self._visible:
            yield {"kind": "printed", "case": piece.call, "stream": piece.stream, "text": piece.text}
        if self._pieces > AT_ONCE:
            self._sleep(GATHER)
