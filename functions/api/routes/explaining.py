"""A page in other words, streamed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from fastapi import APIRouter
from fastapi.responses import StreamingResponse
from limits import RateLimitItemPerHour
from pydantic import BaseModel, ConfigDict, Field
from pydantic_core import to_json

from functions.api.models.learning import Explained, Words
from functions.api.problems import documented
from functions.api.routes.goals import NDJSON, own
from functions.api.routes.learning import Concept
from functions.api.services import Caller, Here, Services
from functions.courses.lookup import anchor_of, wanted
from functions.courses.telling import Piece, Told, told
from shared.auth.tokens import Claims
from shared.errors import NotFound
from shared.events.catalogue.interactions import Language
from shared.events.catalogue.teaching import LessonExplained
from shared.events.data import Data
from shared.events.record import new_event
from shared.ids import new_id
from shared.readmodel.asking import asker_of
from shared.refusals import say

router = APIRouter(prefix="/v1", tags=["learning"])

LINES = (Words, Explained)
AN_HOUR = RateLimitItemPerHour(20)
"""Of one learner: who asks more often reads more than they try."""


class Asking(BaseModel):
    """`goal`: the one being worked on, so that the explanation aims at it."""

    model_config = ConfigDict(extra="forbid")

    goal: Annotated[str | None, Field(max_length=64, pattern=r"^[A-Za-z0-9._:-]+$")] = None


@router.post(
    "/lessons/{concept}/explanation",
    operation_id="explain",
    response_class=StreamingResponse,
    responses={
        200: {
            "description": "A line of JSON each: words (with `instead`, they stand for all before), at last explained.",
            "content": {NDJSON: {"schema": {"oneOf": [{"$ref": f"#/components/schemas/{m.__name__}"} for m in LINES]}}},
        },
        **documented(401, 404, 429),
    },
)
def explain(here: Here, claims: Caller, concept: Concept, asking: Asking) -> StreamingResponse:
    """The page of a concept in other words, while they are written. Without a model: the page's own that fit best."""
    if concept not in here.curriculum.concepts:
        raise NotFound(say("no_concept", concept=concept))
    here.limits.attempt(AN_HOUR, "explain", claims.learner)
    with here.view() as view:
        here.present(view, claims)
        goal = own(view, claims, asking.goal) if asking.goal is not None else None
        subject = wanted(view, here.curriculum, learner=claims.learner, concept=concept, goal=asking.goal)
        anchor = anchor_of(view, here.curriculum, concept, goal)
        who = asker_of(view, claims.learner, claims.tenant)
    parts = told(here.model, who, here.clock(), subject, anchor)
    lines = _lines(here, claims, concept, asking.goal, subject.language, parts)
    return StreamingResponse(lines, media_type=NDJSON, headers={"X-Accel-Buffering": "no"})


def _lines(
    here: Services, claims: Claims, concept: str, goal: str | None, language: Language, parts: Iterator[Piece | Told]
) -> Iterator[bytes]:
    """Recorded at its end; a caller who leaves before it leaves no trace but the account of the call."""
    for part in parts:
        if isinstance(part, Piece):
            yield to_json(Words(text=part.text, instead=part.instead)) + b"\n"
            continue
        said = LessonExplained(
            concept=concept, goal=goal, language=language, text=part.text, origin=part.origin, replaced=part.replaced
        )
        _record(here, claims, *([part.called] if part.called else []), said)
        yield to_json(Explained(origin=said.origin, replaced=part.replaced)) + b"\n"


def _record(here: Services, claims: Claims, *bodies: Data) -> None:
    correlation = new_id()
    events = [
        new_event(
            body, id=new_id(), source="/functions/api", subject=claims.learner, time=here.clock(),
            correlation=correlation, tenant=claims.tenant,
        )
        for body in bodies
    ]  # fmt: skip
    here.appender.submit(events).result(15)
