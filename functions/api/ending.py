"""How a run ends, by the log: finished or cancelled, whichever was appended first. Both events have the run's id, so
the second is a duplicate, whoever said it and wherever."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from functions.api.outcome import failing
from functions.api.run import Job, Run
from functions.api.runner import Frame
from shared.clock import Clock
from shared.events.catalogue.learners import RunCancelled, RunFinished
from shared.events.record import Event, NewEvent, new_event
from shared.store import payloads
from shared.store.append import Receipt
from shared.store.connect import Connection

SOURCE = "/functions/api"
FINISHED, CANCELLED = "goals.run.finished", "goals.run.cancelled"
ENDS = frozenset({FINISHED, CANCELLED})
_FINISHED = ("run", "goal", "purpose", "passed", "failed", "total", "verdict", "mode", "ms", "subtasks", "fault")
_CANCELLED = ("run", "goal", "purpose", "judged", "total")


def event_of(body: RunFinished | RunCancelled, run: Run, job: Job, clock: Clock) -> NewEvent:
    return new_event(
        body,
        id=run.id,
        source=SOURCE,
        subject=run.learner,
        time=clock(),
        correlation=job.correlation,
        causation=job.request,
        traceparent=job.traceparent,
        tenant=job.tenant,
    )


def last_frame(type_: str, data: Mapping[str, Any], position: int, report: str) -> Frame:
    """Of a recorded end. `report`: the text of a finished run's, from which its failing cases are shown as the learner
    may see them."""
    if type_ == FINISHED:
        told = {name: data[name] for name in _FINISHED}
        return {"type": "finished", **told, "position": position, "cases": failing(report)}
    if type_ == CANCELLED:
        return {"type": "cancelled", **{name: data[name] for name in _CANCELLED}, "position": position}
    raise ValueError(f"{type_} ends no run")


def told(conn: Connection, end: Event) -> Frame:
    """The last frame of a run whose end is in the log."""
    report = payloads.text(conn, end.subject, end.data["report"]) if end.type == FINISHED else ""
    return last_frame(end.type, end.data, end.position, report)


def receipt_of(event: Event) -> Receipt:
    """Of an event that is in the log."""
    return Receipt(event.id, event.position, event.version, new=False)
