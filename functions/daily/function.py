"""Composition root of `daily`: takes `goals.clock.ticked` with {"at": RFC 3339}."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from cloudevents.core.v1.event import CloudEvent

from functions.daily.agent import SOURCE, Day, days
from graph import entries
from graph.topology import TICKED
from shared.clock import parse
from shared.errors import InvalidInput
from shared.events.catalogue.learners import DayStarted
from shared.events.codec import command_data
from shared.events.record import NewEvent, new_event
from shared.function.host import EventFunction, text
from shared.function.parts import Parts
from shared.readmodel import READ_MODEL, View
from shared.settings import Settings
from shared.store import Group, Outgoing, Store
from shared.store.connect import Connection
from shared.store.queries import SQL

STORE = Store(READ_MODEL, entries.thread_of, entries.wake)
"""As every function of this system appends; without LangGraph, which this one does not need."""

PAGE = 500
"""Learners looked at, and days appended, in one transaction: the log's lock is held for no more."""


def due(conn: Connection, at: datetime, *, after: str = "", limit: int = PAGE) -> tuple[list[Group], str | None]:
    """The days to start among the next `limit` learners after `after`, and the last of these (None: nobody left).

    Two round trips; takes no lock. Days that have begun are left out here already, so that an hourly tick with
    nothing to do writes nothing.
    """
    learners = View(conn).learners(after=after, limit=limit)
    if not learners:
        return [], None
    found = days(learners, at)
    begun = {row[1] for row in conn.execute(SQL["already"], [[SOURCE] * len(found), [d.id for d in found]]).fetchall()}
    return [[_started(d, at)] for d in found if d.id not in begun], learners[-1].learner


def tick(conn: Connection, store: Store, at: datetime) -> Iterator[Outgoing]:
    """Starts every day that is due at `at`, each page one transaction; gives what each page left to be published.

    Repeating it, wholly or from a crash on, starts nothing twice: a day's event id is derived from learner and day.
    """
    after: str | None = ""
    while after is not None:
        groups, after = due(conn, at, after=after)
        if groups:
            with conn.transaction():
                appended = store.append(conn, groups)
            yield appended.outgoing


def _started(day: Day, at: datetime) -> NewEvent:
    return new_event(
        DayStarted(day=day.day),
        id=day.id,
        source=SOURCE,
        subject=day.learner,
        time=at,
        correlation=day.id,
        tenant=day.tenant,
    )


class DailyFunction(EventFunction):
    """Each page is published as soon as it is committed; a crash between pages loses nothing: the next tick goes on."""

    def __init__(self, *, settings: Settings | None = None) -> None:
        super().__init__("daily", settings=settings)

    def dispatch(self, parts: Parts, event: CloudEvent) -> None:
        if event.get_type() != TICKED:
            raise InvalidInput(f"{event.get_type()} is not for daily", hint="check the queue's bindings")
        words = text(command_data(event), "at")
        try:
            at = parse(words)
        except ValueError as error:
            raise InvalidInput(f"`at` is {words!r}: {error}") from error
        store = STORE.publishing_to(parts.bus)
        with parts.pool.connection() as conn:
            for outgoing in tick(conn, store, at):
                parts.publish(conn, outgoing)


def new() -> DailyFunction:
    return DailyFunction()
