"""The learner's own events, page by page; one interaction's way through all functions."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query

from functions.api.models.operating import EventPage
from functions.api.presenting import event_view
from functions.api.problems import documented
from functions.api.services import Caller, Here
from functions.api.words import put_back
from shared.errors import NotFound
from shared.readmodel import View
from shared.refusals import say
from shared.store import log

router = APIRouter(prefix="/v1/events", tags=["events"])
Position = Annotated[int, Query(ge=0, lt=2**63)]


@router.get("", operation_id="events", responses=documented(401))
def events(
    here: Here, claims: Caller, after: Position = 0, limit: Annotated[int, Query(ge=1, le=500)] = 100
) -> EventPage:
    """The caller's events behind `after`, in order. Code and reports of runs are references."""
    with here.connection() as conn:
        here.present(View(conn), claims)
        found = log.of_subject(conn, claims.learner, after=after, limit=limit)
        put_back(conn, claims.learner, found)
    following = found[-1].position if len(found) == limit else None
    return EventPage(events=[event_view(e) for e in found], next=following)


@router.get("/correlation/{id}", operation_id="correlation", responses=documented(401, 404))
def correlation(
    here: Here,
    claims: Caller,
    id: Annotated[str, Path(max_length=64, pattern=r"^[A-Za-z0-9._:-]+$")],  # noqa: A002
) -> EventPage:
    """Everything one interaction led to. One's own; an operator sees anybody's, without the learner's words."""
    with here.connection() as conn:
        found = log.of_correlation(conn, id)
        put_back(conn, claims.learner, found)
    if "operator" not in claims.roles:
        found = [event for event in found if event.subject == claims.learner]
    if not found:
        raise NotFound(say("no_correlation", correlation=id))
    return EventPage(events=[event_view(e) for e in found], next=None)
