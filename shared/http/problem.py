"""Problem details for HTTP (RFC 9457): one shape for every error, on HTTP and on the websocket."""

from __future__ import annotations

import re
from typing import Any

from pydantic import BaseModel, ConfigDict

from shared.errors import GoalsError, Unavailable
from shared.refusals import FieldFault, say, title
from shared.spoken import Words

CONTENT_TYPE = "application/problem+json"
TYPE = "urn:goals:problem:"
MEMBERS = frozenset({"reason", "retry_after"})
"""Of an error's context, what is told to whoever asked (RFC 9457, 3.2: extension members)."""
_WORD = re.compile(r"(?<=[a-z])(?=[A-Z])")


class Fault(BaseModel):
    """One wrong field. `at`: its path, for example `body.email`."""

    at: str
    problem: str


class Problem(BaseModel):
    """What went wrong, with which value, and what to do.

    `type` is stable and meant for programs; `title`, `detail`, `hint` and `remedy` are meant for people, in the
    learner's language. `id` is given for unexpected errors: quote it to the operator. `reason` and `remedy` are given
    where access was refused, `remedy` also where a learner's choice was. `retry_after`: seconds until it may be sent
    again, where it was too much for now; over the websocket it is all there is of the header `Retry-After`.
    """

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "type": "urn:goals:problem:not-found",
                "title": "Not found",
                "status": 404,
                "detail": "there is no goal 0193a5c8 of yours",
                "hint": "GET /v1/goals lists them",
            }
        }
    )

    type: str
    title: str
    status: int
    detail: str
    hint: str | None = None
    instance: str | None = None
    errors: list[Fault] | None = None
    id: str | None = None
    reason: str | None = None
    remedy: str | None = None
    retry_after: int | None = None


def type_of(error: type[GoalsError]) -> str:
    return TYPE + _WORD.sub("-", error.__name__).lower()


def readable(text: str) -> str:
    """Valid Unicode, whatever the caller sent: a message may quote them."""
    return text.encode("utf-8", "replace").decode()


def problem_of(error: GoalsError, *, language: Words = "en", instance: str | None = None) -> dict[str, Any]:
    """The problem as a JSON object, its words in `language`; members that say nothing are left out."""
    type_ = type_of(type(error))
    detail, hint, remedy = error.told(language)
    body: dict[str, Any] = {
        "type": type_,
        "title": title(type_.removeprefix(TYPE), error.title, language),
        "status": error.status,
        "detail": readable(detail),
    }
    if hint:
        body["hint"] = hint
    if instance:
        body["instance"] = instance
    if remedy:
        body["remedy"] = remedy
    faults = error.context.get("errors")
    if isinstance(faults, list):
        body["errors"] = [fault.problem(language) for fault in faults if isinstance(fault, FieldFault)]
    body.update({k: v for k, v in error.context.items() if k in MEMBERS and v is not None})
    return body


def unexpected(id: str, *, language: Words = "en", instance: str | None = None) -> dict[str, Any]:  # noqa: A002
    """Something we did not foresee: 503 and never 500 (facts.md: RabbitmqSource gives 500 one attempt only), with an
    id that finds it in our log, and nothing of the inside."""
    return {**problem_of(Unavailable(say("unexpected", id=id)), language=language, instance=instance), "id": id}
