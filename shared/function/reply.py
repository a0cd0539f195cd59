"""Errors as status codes, chosen for what RabbitmqSource does with them (docs/decisions/0005).

It retries 404, 413, 425, 429, 502, 503, 504 and dead-letters the rest after one attempt. So: 503 for what may work
later, 422 for what never will (even "not found" and "too large"), and never a 500.
"""

from __future__ import annotations

import traceback

import psycopg
import structlog
from psycopg_pool import PoolTimeout

from shared.errors import Conflict, GoalsError, TooManyRequests, Unavailable
from shared.function.port import Reply

log = structlog.get_logger(__name__)

LATER = 503
NEVER = 422


def reply_to(error: Exception, *, function: str, event: str) -> Reply:
    """The reply to a failed event, and a line in the log."""
    match error:
        case Unavailable() | Conflict() | TooManyRequests():
            reply = Reply(LATER, _problem(error.title, LATER, error.detail, error.hint))
        case psycopg.OperationalError() | psycopg.InterfaceError() | PoolTimeout():
            detail = f"the database is away or was interrupted: {type(error).__name__}"
            reply = Reply(LATER, _problem("Unavailable", LATER, detail, "deliver the event again"))
        case GoalsError():
            reply = Reply(NEVER, _problem(error.title, NEVER, error.detail, error.hint))
        case _:
            detail = f"{type(error).__name__}: {str(error)[:500]}"
            reply = Reply(NEVER, _problem("The function failed", NEVER, detail, "mend it, then replay the dead letter"))
            log.error("function.failed", function=function, event_id=event, trace=traceback.format_exc(limit=-8))
            return reply
    log.info("function.refused", function=function, event_id=event, status=reply.status, detail=reply.problem)
    return reply


def _problem(title: str, status: int, detail: str, hint: str | None) -> dict[str, object]:
    problem: dict[str, object] = {"type": "about:blank", "title": title, "status": status, "detail": detail}
    if hint:
        problem["hint"] = hint
    return problem
