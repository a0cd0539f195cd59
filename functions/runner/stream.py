"""One request as a stream of events: queued, a case at a time, finished. Cancelled by closing it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Generator, Iterator
from typing import Any, Self

from functions.runner.admission import Ticket
from functions.runner.agent import Judged, call_of, judge, overall
from functions.runner.request import RunRequest
from shared.errors import SandboxUnavailable
from shared.sandbox import Run, Sandbox

Event = dict[str, Any]


class RunStream(Iterator[Event]):
    """Iterate it in one thread; `cancel` from any: it ends at once, without a `finished`."""

    def __init__(
        self, request: RunRequest, sandbox: Sandbox, ticket: Ticket, now: Callable[[], float] = time.monotonic
    ) -> None:
        self._request, self._sandbox, self._ticket, self._now = request, sandbox, ticket, now
        self._cancelled = threading.Event()
        self._run: Run | None = None
        self._events = self._steps()

    def __next__(self) -> Event:
        return next(self._events)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

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
            if self._cancelled.is_set():
                return
            try:
                yield from self._judged()
            except SandboxUnavailable as error:
                yield {"kind": "fault", "detail": error.detail}

    def _judged(self) -> Iterator[Event]:
        began = self._now()
        cases = self._request.plain()
        judged: list[Judged] = []
        with self._sandbox.run(
            self._request.code, [call_of(case) for case in cases], language=self._request.language
        ) as run:
            self._run = run
            if self._cancelled.is_set():  # by another thread, before it could see this run
                return
            for case, seen in zip(cases, run, strict=False):
                judged.append(judge(case, seen))
                yield judged[-1].event()
        if self._cancelled.is_set():
            return
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
