"""The learner themself: profile, everything we hold about them, and its end."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal

from fastapi import APIRouter, Query
from fastapi.responses import StreamingResponse
from pydantic_core import to_json

from functions.api.erasure import erase
from functions.api.models.learner import Consents, EnrolmentRow, Me, Recorded
from functions.api.presenting import event_json, names
from functions.api.problems import documented
from functions.api.services import Caller, Here, Services
from functions.api.words import put_back
from shared.auth import accounts
from shared.auth.tokens import Claims
from shared.clock import rfc3339
from shared.curriculum import text
from shared.errors import AccountGone
from shared.events.record import Event
from shared.planning.rests import resting
from shared.readmodel import View
from shared.refusals import say
from shared.store import log, payloads
from shared.xapi import Record

router = APIRouter(prefix="/v1/me", tags=["me"])
PAGE = 500


@router.get("", operation_id="me", responses=documented(401))
def me(here: Here, claims: Caller) -> Me:
    """Who the caller is, as we know them. It is stated with `goals.profile.stated`."""
    with here.connection() as conn:
        view = View(conn)
        learner = here.present(view, claims)
        account = accounts.of(conn, claims.learner)
        if account is None:
            raise AccountGone(say("account_gone"))
        words = payloads.texts(
            conn, claims.learner, [learner.name, learner.target, learner.job, learner.languages, learner.dependencies]
        )
        enrolments, rests = view.enrolments(claims.learner), view.rests_of(claims.learner)
    courses = here.curriculum.courses
    return Me(
        learner=learner.learner,
        email=account.email,
        name=words.get(learner.name, learner.name and ""),
        roles=account.roles,
        organisation=account.organisation,
        tenant=learner.tenant,
        language=learner.language,
        timezone=learner.timezone,
        target=words.get(learner.target, ""),
        level=learner.level,
        minutes=learner.minutes,
        minutes_on=dict(learner.minutes_on),
        days_off=learner.days_off,
        back=resting(rests, here.today(learner), learner.timezone),
        job=words.get(learner.job, ""),
        languages=words.get(learner.languages, "").split(),
        dependencies=words.get(learner.dependencies, "").split(),
        consents=Consents(mood=learner.consent_mood, workspace=learner.consent_workspace),
        state=learner.state,
        registered=learner.registered,
        enrolments=[
            EnrolmentRow(
                course=e.course,
                title=text(courses[e.course].title, learner.language) if e.course in courses else e.course,
                state=e.state,
                started=e.started,
            )
            for e in enrolments
        ],
    )


@router.get(
    "/export",
    operation_id="export_me",
    response_class=StreamingResponse,
    responses={
        200: {
            "description": "One JSON object: account and events, texts in place.",
            "content": {"application/json": {}},
        },
        **documented(401),
    },
)
def export(
    here: Here,
    claims: Caller,
    form: Annotated[
        Literal["json", "xapi"], Query(alias="format", description="`xapi`: the learning record.")
    ] = "json",
) -> StreamingResponse:
    """Everything we hold about the caller, as one download. Hidden cases of challenges stay hidden. As `xapi`: the
    learning record alone, as an array of statements (xAPI 1.0.3) without name, address or code."""
    with here.connection() as conn:
        here.present(View(conn), claims)
        account = accounts.of(conn, claims.learner)
    if form == "xapi":
        return StreamingResponse(_statements(here, claims), media_type="application/json", headers=_named("xapi"))
    head = {
        "learner": claims.learner,
        "exported": rfc3339(here.clock()),
        "account": None
        if account is None
        else {"email": account.email, "roles": account.roles, "created": rfc3339(account.created)},
    }
    return StreamingResponse(
        _document(here, claims, to_json(head)),
        media_type="application/json",
        headers=_named("json"),
    )


def _named(ending: str) -> dict[str, str]:
    name = "ai-goals-tracker.json" if ending == "json" else f"ai-goals-tracker.{ending}.json"
    return {"Content-Disposition": f'attachment; filename="{name}"'}


def _document(here: Services, claims: Claims, head: bytes) -> Iterator[bytes]:
    yield head[:-1] + b',"events":['
    first = True
    for event in _events(here, claims, words=True):
        yield (b"" if first else b",") + to_json(event_json(event))
        first = False
    yield b"]}"


def _statements(here: Services, claims: Claims) -> Iterator[bytes]:
    record = Record(claims.learner, here.settings.public_url, names(here.curriculum))
    yield b"["
    first = True
    for event in _events(here, claims, words=False):
        statement = record.statement(event)
        if statement is not None:
            yield (b"" if first else b",") + to_json(statement)
            first = False
    yield b"]"


def _events(here: Services, claims: Claims, *, words: bool) -> Iterator[Event]:
    """All of the caller's, in order. `words`: with their own texts in place."""
    after = 0
    while True:
        with here.connection() as conn:  # a connection for each page: a slow download must not hold one
            events = log.of_subject(conn, claims.learner, after=after, limit=PAGE)
            if words:
                put_back(conn, claims.learner, events, whole=True)
        yield from events
        if len(events) < PAGE:
            return
        after = events[-1].position


@router.delete("", operation_id="erase_me", responses=documented(401))
def delete(here: Here, claims: Caller) -> Recorded:
    """Erases the caller: code, words, names, account, state of the graph. It cannot be undone."""
    receipt = erase(here, claims)
    return Recorded(id=receipt.id, position=receipt.position)
