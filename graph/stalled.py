"""What stood still is said: to the learner whose work it is, and to the operator's log. Once for each standstill."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

import structlog

from graph.entries import thread_of, wake
from shared.events.catalogue.explaining import ThreadStalled
from shared.events.record import NewEvent, new_event
from shared.function.parts import Parts
from shared.ids import derived_id
from shared.readmodel import READ_MODEL, View
from shared.store import Store
from shared.store.connect import Connection

STORE = Store(READ_MODEL, thread_of, wake)
SOURCE = "/functions/process"
log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Stalled:
    """`key`: of what stood still, the same each time it is found. `since`: when it last moved. `retry`: when a refused
    command is sent again, unless somebody replays it before."""

    key: str
    thread: str
    node: str
    since: datetime
    cause: Literal["lost", "refused", "not_taken"]
    retry: datetime | None = None

    def event(self, learner: str, tenant: str, now: datetime) -> NewEvent:
        id_ = derived_id("stalled", self.key, self.cause)
        body = ThreadStalled(
            thread=self.thread,
            node=self.node,
            since=self.since,
            cause=self.cause,
            repair="waits" if self.cause == "refused" else "sent_again",
            retry=self.retry,
        )
        return new_event(body, id=id_, source=SOURCE, subject=learner, time=now, correlation=id_, tenant=tenant)


def report(parts: Parts, conn: Connection, found: Sequence[Stalled], now: datetime) -> int:
    """Records each once; gives how many were new. A thread nobody's (any more) goes to the log only."""
    view, events = View(conn), []
    for stalled in found:
        learner = view.learner(_learner(view, stalled.thread))
        if learner is not None:
            events.append(stalled.event(learner.learner, learner.tenant, now))
    new = 0
    if events:
        with conn.transaction():
            appended = STORE.publishing_to(parts.bus).append_one(conn, events)
        parts.publish(conn, appended.outgoing)
        new = len(appended.outgoing.events)
    for stalled in found if new or len(events) < len(found) else ():
        log.warning(
            "thread.stalled", thread=stalled.thread, node=stalled.node, cause=stalled.cause, since=str(stalled.since)
        )
    return new


def _learner(view: View, thread: str) -> str:
    kind, _, id_ = thread.partition("/")
    if kind == "learner":
        return id_
    goal = view.goal(id_)
    return goal.learner if goal is not None else ""
