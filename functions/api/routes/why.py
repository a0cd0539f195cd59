"""Why something was decided, from stored evidence; and the learner's own word that it is wrong."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query

from functions.api.models.learner import Recorded
from functions.api.models.why import Objection, ReasonView
from functions.api.problems import documented
from functions.api.recording import interact
from functions.api.services import SOURCE, Caller, Here, Services
from functions.api.why import words
from functions.api.why.look import Look
from functions.api.why.tree import DEPTH, Reason, explain
from shared.auth.tokens import Claims
from shared.clock import local_day
from shared.errors import NotFound
from shared.events.catalogue.explaining import WhyAsked
from shared.events.record import Event, new_event
from shared.ids import derived_id
from shared.readmodel import View
from shared.readmodel.challenges import NOBODY
from shared.readmodel.rows import Learner
from shared.refusals import say
from shared.store import log
from shared.store.connect import Connection

router = APIRouter(prefix="/v1", tags=["why"])
Concept = Annotated[str, Path(max_length=80, pattern=r"^[a-z0-9-]+$", description="The concept's name.")]
Depth = Annotated[int, Query(ge=1, le=8, description="Levels below what is asked about.")]


@router.get("/events/{event}/why", operation_id="why", responses=documented(401, 404))
def why(
    here: Here,
    claims: Caller,
    event: Annotated[str, Path(max_length=64, pattern=r"^[A-Za-z0-9._:-]+$", description="An event's id.")],
    depth: Depth = DEPTH,
    learner: Annotated[
        str | None, Query(max_length=64, pattern=r"^[A-Za-z0-9._:-]+$", description="For operators: whose event.")
    ] = None,
) -> ReasonView:
    """Why an event of one's own is what it is: the events it rests on, down to what one did. Recorded as asked, once a
    day and event."""
    subject = learner if learner and "operator" in claims.roles else claims.learner
    with here.connection() as conn:
        who = View(conn).learner(subject) if subject != claims.learner else here.present(View(conn), claims)
        found = (log.of_ids(conn, subject, [event]) or log.of_ids(conn, NOBODY, [event])) if who else []
        if not found or who is None:
            raise NotFound(say("no_event", event=event))
        told = _told(conn, who, found[-1], depth)
    if subject == claims.learner:
        _asked(here, claims, who, found[-1])
    return told


@router.get("/mastery/{concept}/why", operation_id="why_mastery", responses=documented(401, 404))
def why_mastery(here: Here, claims: Caller, concept: Concept, depth: Depth = DEPTH) -> ReasonView:
    """Why a mastery figure is what it is: its last change, and what that rests on."""
    with here.connection() as conn:
        view = View(conn)
        who = here.present(view, claims)
        row = view.mastery_of(claims.learner).get(concept)
        steps = view.mastery_steps_of(claims.learner, since=row.changed) if row else []
        ids = [step.event for step in steps if step.concept == concept]
        found = log.of_ids(conn, claims.learner, ids[-1:])
        if not found:
            raise NotFound(say("no_mastery", concept=concept))
        told = _told(conn, who, found[-1], depth)
    _asked(here, claims, who, found[-1])
    return told


@router.post(
    "/mastery/{concept}/objection", operation_id="object", status_code=202, responses=documented(401, 404, 409)
)
def object_(here: Here, claims: Caller, concept: Concept, body: Objection) -> Recorded:
    """ "This is wrong". It is answered by `goals.mastery.answered` a moment later: weighed again without the attempt
    where a rule allows that, or explained."""
    data = {"concept": concept, "attempt": body.attempt, "text": body.text}

    def measured(view: View) -> None:
        if concept not in view.mastery_of(claims.learner):
            raise NotFound(say("no_mastery", concept=concept))

    return interact(here, claims, "goals.mastery.questioned", data, body.id, measured)


def _told(conn: Connection, who: Learner, event: Event, depth: int) -> ReasonView:
    return _shown(explain(event, Look(conn, who.learner), depth=depth), who.language)


def _shown(reason: Reason, language: str) -> ReasonView:
    event = reason.event
    return ReasonView(
        event=event.id,
        type=event.type,
        source=event.source,
        at=event.time,
        sequence=event.position,
        role=reason.role,
        label=words.role(reason.role, language),
        says=words.says(event, language),
        because=words.because(event, language),
        again=reason.again,
        more=reason.more,
        reasons=[_shown(below, language) for below in reason.reasons],
    )


def _asked(here: Services, claims: Claims, who: Learner, event: Event) -> None:
    """Keeps that it was asked: what nobody understands should be said better. Once a day and event."""
    now = here.clock()
    asked = new_event(
        WhyAsked(about=event.id, type=event.type),
        id=(id_ := derived_id("why", who.learner, event.id, local_day(now, who.timezone))),
        source=SOURCE,
        subject=who.learner,
        time=now,
        correlation=id_,
        causation=event.id,
        tenant=claims.tenant,
    )
    here.appender.submit([asked]).result(15)
