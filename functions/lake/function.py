"""Composition root of `lake`: `goals.clock.swept` brings the log's news into the lake, `goals.clock.ticked` tends it,
and asks it once a day how difficult challenges turned out to be.

Where the object store is away nothing is lost and nothing is dead-lettered: the position stands, and the next sweep,
ten seconds later, goes on from there. That is said in the log of the function. One part of a sweep or a tick that
cannot be done keeps no other from its work.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from itertools import chain

import structlog
from cloudevents.core.v1.event import CloudEvent
from psycopg_pool import PoolTimeout

from graph.topology import SWEPT, TICKED
from shared.clock import Clock, utc_now
from shared.errors import InvalidInput, Unavailable
from shared.function.host import EventFunction
from shared.function.parts import Parts
from shared.lake.errors import Damaged
from shared.lake.objects import ObjectStore
from shared.lake.objects.opening import Opening
from shared.settings import Settings, environment
from shared.store.connect import Connection

Do = Callable[[Connection], object]
"""A part of a sweep or a tick."""
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

        def filled(conn: Connection) -> None:
            with Ahead(parts.pool.connection) as ahead:
                while time.monotonic() < until:
                    made = fill(conn, objects, now=self._clock(), linger=settings.lake_linger, ahead=ahead)
                    if made is None:
                        break
                    log.info("lake.filled", last=made.last, rows=made.rows, files=made.files)

        def copied(learner: str) -> Do:
            def do(conn: Connection) -> None:
                made = make(conn, objects, learner)
                log.info("lake.copied", learner=learner, parts=made.parts if made else 0)

            return do

        def copies() -> Iterator[tuple[str, Do]]:
            with parts.pool.connection() as conn:
                learners = behind(conn)
            for learner in learners:
                if time.monotonic() > until:
                    break
                yield "copy", copied(learner)

        first: list[tuple[str, Do]] = [("fill", filled), ("erase", lambda conn: erase(conn, objects))]
        self._each(parts, objects, chain(first, copies()))

    def _tend(self, parts: Parts, objects: ObjectStore, settings: Settings) -> None:
        from functions.lake.measuring import STORE, measure
        from shared.lake.checking import check
        from shared.lake.collecting import collect, retire
        from shared.lake.compacting import compact
        from shared.lake.erasing import prove
        from shared.lake.mending import mend

        now = self._clock()

        def compacted(conn: Connection) -> None:
            made = compact(conn, objects, progress=lambda done, of: log.info("lake.compacting", done=done, of=of))
            if made.after:
                log.info("lake.compacted", before=made.before, after=made.after, rows=made.rows, bytes=made.bytes)

        def measured(conn: Connection) -> None:
            try:
                for outgoing in measure(conn, STORE.publishing_to(parts.bus), objects, now):
                    log.info("lake.measured", challenges=len(outgoing.events))
                    parts.publish(conn, outgoing)
            except Damaged as error:  # the next tick asks again: all figures or none
                mend(conn, objects, error)

        def checked(conn: Connection) -> None:
            looked = check(conn, objects)
            log.info("lake.checked", files=looked.files, mended=looked.mended)

        tending: list[tuple[str, Do]] = [
            ("compact", compacted),
            ("retire", lambda conn: retire(conn, settings.lake_retention, now)),
            ("prove", lambda conn: prove(conn, objects)),
            ("collect", lambda conn: collect(conn, objects, now=now)),
            ("measure", measured),
            ("check", checked),
        ]
        self._each(parts, objects, tending)

    def _each(self, parts: Parts, objects: ObjectStore, work: Iterable[tuple[str, Do]]) -> None:
        """One after another, each by itself: what fails is said and comes again with the next event, and the rest goes
        on, but where the whole store is away. Raises the first error that nobody foresaw, in the end."""
        unforeseen: Exception | None = None
        for name, do in work:
            try:
                with parts.pool.connection() as conn:
                    do(conn)
            except Damaged as error:
                log.error("lake.left", part=name, file=error.key, error=error.detail, hint=error.hint)
            except Unavailable as error:
                if not objects.ready():
                    raise
                log.warning("lake.left", part=name, error=error.detail, hint=error.hint)
            except PoolTimeout:  # without the database there is no other part either
                raise
            except Exception as error:  # noqa: BLE001  it is raised behind the others
                log.error("lake.left", part=name, error=str(error)[:500], kind=type(error).__name__)
                unforeseen = unforeseen or error
        if unforeseen is not None:
            raise unforeseen


def new() -> LakeFunction:
    return LakeFunction()
