"""Every error leaves as problem details (RFC 9457), with its status; none leaves as a bare 500."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from http import HTTPStatus
from typing import Any

import psycopg
import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from psycopg_pool import PoolTimeout
from pydantic_core import to_json
from starlette.exceptions import HTTPException
from starlette.requests import HTTPConnection
from starlette.responses import Response

from shared.errors import GoalsError, InvalidInput, StoreUnavailable, Unavailable
from shared.http import CONTENT_TYPE, Problem, problem_of
from shared.refusals import fault, listed, say, title
from shared.spoken import Words, accepted

log = structlog.get_logger(__name__)

_MEANING = {
    401: "No, wrong or expired credentials.",
    403: "Authenticated, and may not. Where access was refused: `reason` and `remedy`.",
    404: "No such thing, or not yours (never told apart).",
    409: "Another was first, or the present state forbids it.",
    413: "Over a size limit.",
    422: "The request can never work as it is.",
    429: "Too often, or too many at once. `Retry-After` says when to try again.",
    503: "A part we need is away: try again.",
}
Responses = dict[int | str, dict[str, Any]]


def documented(*statuses: int) -> Responses:
    """The problem responses of a route, for its OpenAPI."""
    return {
        status: {
            "model": Problem,
            "description": _MEANING[status],
            "content": {CONTENT_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
        }
        for status in sorted({*statuses, 413, 422, 429, 503})
    }


def response(body: Mapping[str, Any], headers: Mapping[str, str] | None = None) -> Response:
    return Response(to_json(body), body["status"], headers, CONTENT_TYPE)


async def spoken(request: HTTPConnection, *, ask: bool = True) -> Words:
    """Which language a refusal is said in: that of the learner's profile; where nobody is known, what the request
    accepts; else English. `ask`: the database may be asked."""
    here = getattr(request.app.state, "services", None)
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if here is not None and scheme.lower() == "bearer":
        with suppress(GoalsError):  # whose the token is or was is enough to know, whatever else is wrong with it
            learner = here.tokens.signed(token).learner
            standing = here.ingest.standing
            language: Words | None = await standing.language(learner) if ask else standing.spoken(learner)
            if language is not None:
                return language
    return asked_in(request.headers)


def asked_in(headers: Mapping[str, str]) -> Words:
    """By Accept-Language alone."""
    return accepted(headers.get("accept-language", "")) or "en"


def of(error: GoalsError, instance: str | None = None, language: Words = "en") -> Response:
    headers: dict[str, str] = {"Content-Language": language}
    if error.status == 401:
        headers["WWW-Authenticate"] = 'Bearer realm="goals"'
    if error.status in {429, 503}:
        headers["Retry-After"] = str(error.context.get("retry_after", 1))
    return response(problem_of(error, language=language, instance=instance), headers)


def store_error(error: Exception) -> GoalsError:
    """What a database error means to the caller."""
    if isinstance(error, psycopg.DataError):
        return InvalidInput(say("value_not_stored"))
    log.warning("api.store", error=str(error)[:500], kind=type(error).__name__)
    return StoreUnavailable(say("store_away", why=type(error).__name__))


def install(app: FastAPI) -> None:
    @app.exception_handler(GoalsError)
    async def ours(request: Request, error: GoalsError) -> Response:
        return of(error, request.url.path, await spoken(request, ask=not isinstance(error, Unavailable)))

    @app.exception_handler(RequestValidationError)
    async def invalid(request: Request, error: RequestValidationError) -> Response:
        faults = [fault(e) for e in error.errors()[:20]]
        refused = InvalidInput(say("request_not_valid", faults=listed(faults[:3])), errors=faults)
        return of(refused, request.url.path, await spoken(request))

    @app.exception_handler(HTTPException)
    async def framework(request: Request, error: HTTPException) -> Response:
        if error.status_code == 400:  # what FastAPI says of a body it cannot decode
            return of(InvalidInput(say("not_json")), request.url.path, await spoken(request))
        language, phrase = await spoken(request), HTTPStatus(error.status_code).phrase
        said = {
            404: say("nothing_here", path=request.url.path),
            405: say("method_not_here", method=request.method),
        }.get(error.status_code)
        body = {
            "type": "about:blank",
            "title": title(phrase.lower().replace(" ", "-"), phrase, language),
            "status": error.status_code,
            "detail": said.detail(language) if said else str(error.detail),
            "instance": request.url.path,
        }
        return response(body, {**(error.headers or {}), "Content-Language": language})

    async def store(request: Request, error: Exception) -> Response:
        return of(store_error(error), request.url.path, await spoken(request, ask=False))

    app.add_exception_handler(psycopg.Error, store)
    app.add_exception_handler(PoolTimeout, store)
