"""Every error leaves as problem details (RFC 9457), with its status; none leaves as a bare 500."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

import psycopg
import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from psycopg_pool import PoolTimeout
from pydantic_core import to_json
from starlette.exceptions import HTTPException
from starlette.responses import Response

from shared.errors import GoalsError, InvalidInput, StoreUnavailable
from shared.http import CONTENT_TYPE, Problem, problem_of

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


def of(error: GoalsError, instance: str | None = None) -> Response:
    headers = {}
    if error.status == 401:
        headers["WWW-Authenticate"] = 'Bearer realm="goals"'
    if error.status in {429, 503}:
        headers["Retry-After"] = str(error.context.get("retry_after", 1))
    return response(problem_of(error, instance=instance), headers)


def store_error(error: Exception) -> GoalsError:
    """What a database error means to the caller."""
    if isinstance(error, psycopg.DataError):
        return InvalidInput("the request holds a value the store cannot take")
    log.warning("api.store", error=str(error)[:500], kind=type(error).__name__)
    return StoreUnavailable(f"the store did not answer: {type(error).__name__}", hint="try again")


def install(app: FastAPI) -> None:
    @app.exception_handler(GoalsError)
    async def ours(request: Request, error: GoalsError) -> Response:
        return of(error, request.url.path)

    @app.exception_handler(RequestValidationError)
    async def invalid(request: Request, error: RequestValidationError) -> Response:
        # The values are left out: they may be a password, or the learner's own words.
        faults = [{"at": ".".join(map(str, e["loc"])), "problem": e["msg"]} for e in error.errors()[:20]]
        named = "; ".join(f"{f['at']}: {f['problem']}" for f in faults[:3])
        return of(InvalidInput(f"the request is not valid: {named}", errors=faults), request.url.path)

    @app.exception_handler(HTTPException)
    async def framework(request: Request, error: HTTPException) -> Response:
        if error.status_code == 400:  # what FastAPI says of a body it cannot decode
            return of(InvalidInput("the body is not JSON in UTF-8"), request.url.path)
        phrase = HTTPStatus(error.status_code).phrase
        detail = {404: f"there is nothing at {request.url.path}", 405: f"{request.method} is not possible here"}
        body = {
            "type": "about:blank",
            "title": phrase,
            "status": error.status_code,
            "detail": detail.get(error.status_code, str(error.detail)),
            "instance": request.url.path,
        }
        return response(body, error.headers)

    async def store(request: Request, error: Exception) -> Response:
        return of(store_error(error), request.url.path)

    app.add_exception_handler(psycopg.Error, store)
    app.add_exception_handler(PoolTimeout, store)
