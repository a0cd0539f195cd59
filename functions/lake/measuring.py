"""Once a day: the difficulty of challenges, measured from the lake, said as events where it moved."""

from __future__ import annotations

from datetime import datetime, timedelta

from functions.lake.agent import Context, decide
from graph import entries
from shared.curriculum import load
from shared.events.record import new_event
from shared.ids import derived_id
from shared.lake import manifest
from shared.lake.answers import first_answers
from shared.lake.manifest import SQL
from shared.lake.objects import ObjectStore
from shared.readmodel import READ_MODEL, View
from shared.readmodel.challenges import NOBODY
from shared.store import Outgoing, Store
from shared.store.connect import Connection

STORE = Store(READ_MODEL, entries.thread_of, entries.wake)
SOURCE = "/functions/lake"
LOOKED_BACK = timedelta(days=365)


def measure(conn: Connection, store: Store, objects: ObjectStore, now: datetime) -> list[Outgoing]:
    """Figures that moved, appended in one transaction with the note that this day is done; repeated on that day it does
    nothing. The day is UTC's. Raises the errors of `objects`, and Damaged."""
    day = now.date()
    if conn.execute(SQL["measured_on"], [day]).fetchone():
        return []
    known = dict(sorted(load().challenges.items()))
    until = manifest.stands(conn).position
    answers = first_answers(conn, objects, {slug: c.version for slug, c in known.items()}, day - LOOKED_BACK)
    said = decide(Context(known, answers, View(conn).measured(), until))
    id_ = derived_id("measured", day.isoformat())
    new = [
        new_event(
            body,
            id=derived_id(id_, body.challenge),
            source=SOURCE,
            subject=NOBODY,
            time=now,
            correlation=id_,
        )
        for body in said
    ]
    with conn.transaction():
        if not conn.execute(SQL["measured_now"], [day, until, len(answers.right), len(said)]).rowcount:
            return []  # somebody else was first
        return [store.append(conn, [[event] for event in new]).outgoing] if new else []
