"""Composition root of `lake`: `goals.clock.swept` brings the log's news into the lake, `goals.clock.ticked` tends it,
and asks it once a day how difficult challenges turned out to be.

Where the object store is away nothing is lost and nothing is dead-lettered: the position stands, and the next sweep,
ten seconds later, goes on from there. That is said in the log of the function.
"""

from __future__ import annotations

import time

import structlog
from cloudevents.core.v1.event import CloudEvent

from graph.topology import SWEPT, TICKED
from shared.clock import Clock, utc_now
from shared.errors import InvalidInput, Unavailable
from shared.function.host import EventFunction
from shared.function.parts import Parts
from shared.lake.errors import Damaged
from shared.lake.objects import ObjectStore
from shared.lake.objects.opening import Opening
from shared.settings import Settings, environment

log = structlog.get_logger(__name__)

SECONDS = 20.0
"""Of one sweep: what is left is the next one's."""


class LakeFunction(EventFunction):
    """The object store is opened with the first event, so that one that is away keeps nothing from starting."""

    def __init__(self, *, settings: Settings | None = None, clock: Clock = utc_now) -> None:
        super().__init__("lake", settings=settings)
        self._clock = clock
        self._opening: Opening | None = None

    def dispatch(self, parts: Parts, event: CloudEvent) -> None:
        settings = parts.settings or self._settings or environment()
        try:
            self._opening = self._opening or Opening(settings, self._clock)
            objects = self._opening()
            match event.get_type():
                case t if t == SWEPT:
                    self._follow(parts, objects, settings)
                case t if t == TICKED:
                    self._tend(parts, objects, settings)
                case other:
                    raise InvalidInput(f"{other} is not for lake", hint="check the queue's bindings")
        except Unavailable as error:
            log.warning("lake.waits", error=error.detail, hint=error.hint)

    def _follow(self, parts: Parts, objects: ObjectStore, settings: Settings) -> None:
        """News of the log, then those who were erased, then the copies of those who did something."""
        from shared.lake.copies.making import behind, make
        from shared.lake.erasing import erase
        from shared.lake.filling import fill
        from shared.lake.ranges import Ahead

        until = time.monotonic() + SECONDS
        with parts.pool.connection() as conn:
            with Ahead(parts.pool.connection) as ahead:
                while time.monotonic() < until:
                    filled = fill(conn, objects, now=self._clock(), linger=settings.lake_linger, ahead=ahead)
                    if filled is None:
                        break
                    log.info("lake.filled", last=filled.last, rows=filled.rows, files=filled.files)
            erase(conn, objects)
            for learner in behind(conn):
                if time.monotonic() > until:
                    break
                made = make(conn, objects, learner)
                log.info("lake.copied", learner=learner, parts=made.parts if made else 0)

    def _tend(self, parts: Parts, objects: ObjectStore, settings: Settings) -> None:
        from functions.lake.measuring import STORE, measure
        from shared.lake.checking import check
        from shared.lake.collecting import collect, retire
        from shared.lake.compacting import compact
        from shared.lake.erasing import prove
        from shared.lake.mending import mend

        now = self._clock()
        with parts.pool.connection() as conn:
            made = compact(conn, objects, progress=lambda done, of: log.info("lake.compacting", done=done, of=of))
            if made.after:
                log.info("lake.compacted", before=made.before, after=made.after, rows=made.rows, bytes=made.bytes)
            retire(conn, settings.lake_retention, now)
            prove(conn, objects)
            collect(conn, objects, now=now)
            try:
                for outgoing in measure(conn, STORE.publishing_to(parts.bus), objects, now):
                    log.info("lake.measured", challenges=len(outgoing.events))
                    parts.publish(conn, outgoing)
            except Damaged as error:  # the next tick asks again: all figures or none
                mend(conn, objects, error)
            looked = check(conn, objects)
            log.info("lake.checked", files=looked.files, mended=looked.mended)


def new() -> LakeFunction:
    return LakeFunction()
