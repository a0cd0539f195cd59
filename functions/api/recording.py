"""Recording one thing that was asked for by a route, under the asker's own id: asked again, it is answered again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from functions.api.models.learner import Recorded
from functions.api.services import SOURCE, Services
from shared.auth.tokens import Claims
from shared.errors import Conflict
from shared.events.data import Data
from shared.events.record import new_event
from shared.readmodel import View
from shared.refusals import say
from shared.store import log
from shared.store.connect import Connection

PATIENCE = 15
"""Seconds until an append that does not answer counts as failed."""


def interact(
    here: Services,
    claims: Claims,
    type_: str,
    data: dict[str, Any],
    id_: str,
    also: Callable[[View], None] | None = None,
) -> Recorded:
    """Records an interaction of the caller, as if it had come in a batch. `also`: raises where it may not be.

    Raises what `Ingest.check` and `Admission.check` raise, and Conflict where the id was used for something else."""
    event = here.ingest.check({"specversion": "1.0", "id": id_, "type": type_, "source": SOURCE, "data": data}, claims)
    with here.connection() as conn:
        view = View(conn)
        here.present(view, claims)
        if also is not None:
            also(view)
        known = next((e for e in log.of_ids(conn, claims.learner, [event.id]) if e.source == event.source), None)
        if known is not None and (known.type, known.data) != (event.type, event.data):
            raise Conflict(say("id_used_by_request"))
        here.admission.check(conn, event)
    receipt = here.appender.submit([event]).result(PATIENCE)[0]
    return Recorded(id=receipt.id, position=receipt.position)


def known(conn: Connection, learner: str, id_: str, same: Callable[[dict[str, Any]], bool]) -> Recorded | None:
    """What was recorded under this id before, by us. Raises Conflict where that was something else."""
    for event in log.of_ids(conn, learner, [id_]):
        if event.source != SOURCE:
            continue
        if not same(event.data):
            raise Conflict(say("id_used_by_request"))
        return Recorded(id=event.id, position=event.position)
    return None


def record(here: Services, said: Data, id_: str, learner: str, tenant: str) -> Recorded:
    """Records a fact in our own name."""
    event = new_event(said, id=id_, source=SOURCE, subject=learner, time=here.clock(), correlation=id_, tenant=tenant)
    receipt = here.appender.submit([event]).result(PATIENCE)[0]
    return Recorded(id=receipt.id, position=receipt.position)
