"""Runs by their id, so that a lost connection loses nothing: going on, and for a short time those that are over.

A run nobody follows is cancelled: at once while it waits in line, after a grace when it is running. All methods but
what `_work` does belong to the server's event loop.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import structlog

from functions.runner.stream import Event, RunStream
from functions.runner.transcript import Transcript
from shared.errors import Conflict, NotFound

GRACE = 5.0
"""Seconds a run goes on when nobody follows it."""
KEPT_SECONDS = 60.0
KEPT_BYTES = 8 * 1024 * 1024
"""Of all runs that are over; the oldest go first."""

log = structlog.get_logger(__name__)


@dataclass(eq=False)
class KeptRun:
    """`same`: digest of the request's body; another request with this id is refused."""

    id: str
    same: bytes
    stream: RunStream
    transcript: Transcript = field(default_factory=Transcript)
    followers: int = 0
    ended: float | None = None
    last: str = ""
    alone: asyncio.TimerHandle | None = None


class KeptRuns:
    def __init__(
        self,
        close: Callable[[RunStream], None],
        *,
        grace: float = GRACE,
        seconds: float = KEPT_SECONDS,
        most: int = KEPT_BYTES,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._close, self._grace, self._seconds, self._most, self._now = close, grace, seconds, most, now
        self._runs: dict[str, KeptRun] = {}

    def begin(self, identity: str, body: bytes, start: Callable[[], RunStream]) -> KeptRun:
        """The run of this id: the one there is, or `start`ed. One that failed or was cancelled is started again.

        Raises Conflict when the id was used for another request, and what `start` raises.
        """
        self._forget()
        same = hashlib.blake2b(body).digest()
        found = self._runs.get(identity)
        if found is not None and found.same != same:
            raise Conflict("another run has this id", hint="give each run an id of its own")
        if found is not None and (found.ended is None or found.last == "finished"):
            return found
        run = KeptRun(identity, same, start())
        self._runs[identity] = run
        # A thread each: the sandbox dies with the thread that started it.
        threading.Thread(target=self._work, args=(run,), name="run", daemon=True).start()
        return run

    def find(self, identity: str) -> KeptRun:
        self._forget()
        if (run := self._runs.get(identity)) is None:
            raise NotFound("there is no such run, or it was over long ago")
        return run

    @contextmanager
    def followed(self, run: KeptRun) -> Iterator[None]:
        """While somebody follows its transcript. To leave early is to say that one may come back soon."""
        run.followers += 1
        if run.alone is not None:
            run.alone.cancel()
        try:
            yield
        finally:
            run.followers -= 1
            if run.followers == 0 and run.ended is None:
                self._left_alone(run)

    def _left_alone(self, run: KeptRun) -> None:
        if run.stream.waiting:
            self._runs.pop(run.id, None)  # a place in line is not kept: who comes back asks for another
            run.stream.cancel()
        else:
            run.alone = asyncio.get_running_loop().call_later(self._grace, run.stream.cancel)

    def _work(self, run: KeptRun) -> None:
        try:
            for event in run.stream:
                run.last = event["kind"]
                run.transcript.add(_line(event))
        except Exception as error:  # a thread's end; a failure of ours is never a verdict
            log.error("run.fault", run=run.id, exc_info=error)
            run.last = "fault"
            run.transcript.add(_line({"kind": "fault", "detail": f"the runner failed: {type(error).__name__}"}))
        finally:
            run.ended = self._now()
            run.transcript.end()
            self._close(run.stream)

    def _forget(self) -> None:
        over = sorted((run for run in self._runs.values() if run.ended is not None), key=lambda run: run.ended or 0.0)
        size = sum(run.transcript.size for run in over)
        for run in over:
            if size <= self._most and self._now() - (run.ended or 0.0) <= self._seconds:
                break
            size -= run.transcript.size
            del self._runs[run.id]


def _line(event: Event) -> bytes:
    return json.dumps(event, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
