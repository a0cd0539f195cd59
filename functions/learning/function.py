"""Composition root of `learning`: with `goals.clock.swept` the learner model learns from what is new in the log.

Nobody waits for it: a reader takes the parts as they stand, and the learner's own newest attempts beside them. Where
there is much to learn, as after a change of its code, it goes on for SECONDS of each sweep, and evaluation predicts by
the ratings meanwhile.
"""

from __future__ import annotations

import time

import structlog
from cloudevents.core.v1.event import CloudEvent

from graph.topology import SWEPT
from shared.clock import Clock, utc_now
from shared.errors import InvalidInput
from shared.function.host import EventFunction
from shared.function.parts import Parts
from shared.learning import standing
from shared.learning.folding import Fold
from shared.settings import Settings
from shared.store.connect import Connection

log = structlog.get_logger(__name__)

SECONDS = 20.0
"""Of one sweep: what is left is the next one's."""


class LearningFunction(EventFunction):
    """The model stays in the process between sweeps, as far as it is bounded."""

    def __init__(self, *, settings: Settings | None = None, clock: Clock = utc_now) -> None:
        super().__init__("learning", settings=settings)
        self._clock = clock
        self._fold = Fold()

    def dispatch(self, parts: Parts, event: CloudEvent) -> None:
        if event.get_type() != SWEPT:
            raise InvalidInput(f"{event.get_type()} is not for learning", hint="check the queue's bindings")
        until = time.monotonic() + SECONDS
        with parts.pool.connection() as conn:
            while (folded := self._fold.step(conn, self._clock())) is not None:
                if folded.learnt:
                    log.info("learning.learnt", outcomes=folded.learnt, position=folded.position)
                if folded.ready:
                    self._sweep_out(conn)
                    break
                if time.monotonic() > until:
                    break

    def _sweep_out(self, conn: Connection) -> None:
        with conn.transaction():
            gone = standing.sweep_out(conn, self._clock())
        if gone:
            log.info("learning.replaced", versions=gone)


def new() -> LearningFunction:
    return LearningFunction()
