"""For operators: the clock's ticks, what was refused, what waits, who may do what."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

from fastapi import APIRouter, Depends, Query

from functions.api.models.operating import (
    BusyThread,
    Grant,
    Granted,
    Lag,
    LakeLag,
    ModelLag,
    Rejection,
    Rejections,
    Tick,
    Ticked,
)
from functions.api.problems import documented
from functions.api.services import SOURCE, SQL, Here, operator
from shared.auth import accounts
from shared.bus.port import Message
from shared.clock import rfc3339
from shared.errors import InvalidInput
from shared.events.codec import command
from shared.ids import derived_id
from shared.lake import manifest
from shared.learning import standing as learner_model
from shared.refusals import say
from shared.store import outbox
from shared.store.queries import SQL as STORE

router = APIRouter(prefix="/v1/admin", tags=["operating"], dependencies=[Depends(operator)])
TICKED = "goals.clock.ticked"


@router.post("/ticks", operation_id="tick", status_code=202, responses=documented(401, 403))
def tick(here: Here, body: Tick | None = None) -> Ticked:
    """What cron does every hour: `daily` starts the day of every learner for whom one has begun by `at`."""
    at = (body.at if body else None) or here.clock()
    if at.tzinfo is None:
        raise InvalidInput(say("at_without_offset"))
    id_ = derived_id("tick", rfc3339(at))
    wire = command(TICKED, id=id_, source=SOURCE, subject="clock", time=at, data={"at": rfc3339(at)}, correlation=id_)
    here.bus.publish([Message(key=TICKED, body=wire, id=id_, mandatory=True)])
    return Ticked(id=id_, at=at)


@router.get("/rejections", operation_id="rejections", responses=documented(401, 403))
def rejections(here: Here, limit: Annotated[int, Query(ge=1, le=500)] = 100) -> Rejections:
    """What functions refused for good, newest first, with the reason."""
    with here.connection() as conn:
        rows = conn.execute(STORE["rejections"], [limit]).fetchall()
    return Rejections(rejections=[Rejection(consumer=c, id=i, type=t, reason=r, at=at) for c, i, t, r, at in rows])


@router.get("/lag", operation_id="lag", responses=documented(401, 403))
def lag(here: Here) -> Lag:
    """What waits: to be published, to be taken by the graph, to be finished, to reach the data lake, to be learnt."""
    with here.connection() as conn:
        depth = outbox.depth(conn)
        waiting, threads = conn.execute(SQL["waiting"]).fetchone() or (0, 0)
        busy = conn.execute(SQL["busy_threads"]).fetchall()
        lake = manifest.lag(conn)
        model = learner_model.lag(conn)
    return Lag(
        outbox=depth,
        waiting=waiting,
        waiting_threads=threads,
        busy=[BusyThread(thread=t, since=since, tasks=tasks) for t, since, tasks in busy],
        runs=here.runs.going,
        lake=LakeLag(**asdict(lake)),
        learner_model=ModelLag(**asdict(model)),
    )


@router.post("/accounts", operation_id="grant", responses=documented(401, 403, 404))
def grant(here: Here, body: Grant) -> Granted:
    """Sets the roles of an account. They hold from its next access token."""
    with here.connection() as conn:
        learner = accounts.grant(conn, body.email.replace("\x00", ""), body.roles, organisation=body.organisation)
    return Granted(learner=learner, roles=sorted(set(body.roles)))
