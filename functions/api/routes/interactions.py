"""What learners do, in batches: the door every editor's outbox is emptied through."""

from __future__ import annotations

import asyncio
from typing import Any

from fastapi import APIRouter, Request, Response
from pydantic_core import to_json

from functions.api import problems
from functions.api.incoming import parse
from functions.api.ingest import MOST
from functions.api.models.interactions import InteractionResults
from functions.api.problems import documented
from functions.api.services import Caller, Here
from shared.errors import InvalidInput, TooLarge
from shared.events.codec import CONTENT_TYPE, LIMIT
from shared.refusals import say

router = APIRouter(prefix="/v1", tags=["interactions"])
BATCH = "application/cloudevents-batch+json"
_ARRAY = {"type": "array", "minItems": 1, "maxItems": MOST, "items": {"$ref": "#/components/schemas/Interaction"}}


@router.post(
    "/interactions",
    operation_id="record_interactions",
    responses={200: {"model": InteractionResults}, **documented(401, 403, 404, 409)},
    response_class=Response,
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {
                BATCH: {"schema": _ARRAY},
                "application/json": {"schema": _ARRAY},
                CONTENT_TYPE: {"schema": {"$ref": "#/components/schemas/Interaction"}},
            },
        }
    },
)
async def interactions(here: Here, claims: Caller, request: Request) -> Response:
    """Records what the learner did: 1 to 100 CloudEvents, at most 256 KiB each and 1 MiB together.

    Each event stands for itself: one that is refused does not hold up the others. Ids are the client's; sending one
    again is harmless. A single structured event (`application/cloudevents+json`) that is refused is answered with its
    problem. Whoever sends too much at once is answered 429, nothing of it recorded, and told when to try again.
    `goals.run.requested` is not taken here: `POST /v1/goals/{goal}/runs` answers it while it runs.
    """
    now = asyncio.get_running_loop().time()
    here.pace.request(claims.learner, now)
    kind = request.headers.get("content-type", "application/json").partition(";")[0].strip().lower()
    body = await request.body()
    if kind == CONTENT_TYPE:
        if len(body) > LIMIT:
            raise TooLarge(say("event_too_large", size=len(body), limit=LIMIT))
        raws: Any = [parse(body)]
    elif kind in {BATCH, "application/json"}:
        raws = parse(body)
    else:
        raise InvalidInput(say("not_events", kind=kind[:100], batch=BATCH, one=CONTENT_TYPE))
    if not isinstance(raws, list) or not 1 <= len(raws) <= MOST:
        raise InvalidInput(say("not_a_batch", most=MOST))
    here.pace.events(claims.learner, now, len(raws))
    results = await here.ingest.take(raws, claims, sizes_known=len(body) <= LIMIT)
    if kind == CONTENT_TYPE and (refusal := results[0]["problem"]) is not None:
        language = here.ingest.standing.spoken(claims.learner) or "en"
        return problems.response({**refusal, "instance": request.url.path}, {"Content-Language": language})
    return Response(to_json({"results": results}), media_type="application/json")
