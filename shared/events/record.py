"""An event before it is stored (`NewEvent`) and after (`Event`)."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from shared.errors import InvalidInput, TooLarge
from shared.events import catalogue as _catalogue  # noqa: F401  registers every model
from shared.events.data import Data
from shared.ids import derived_id
from shared.refusals import say

PAYLOAD = "payload:"
_REFERENCE = re.compile(PAYLOAD + r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
"""Exactly this: a learner's own text may begin with the word."""


@dataclass(frozen=True, slots=True)
class Payload:
    """A text of the learner's own, kept apart so that it can be erased. `learner`: whose it is."""

    id: str
    learner: str
    body: str


@dataclass(frozen=True, slots=True)
class NewEvent:
    """Ready to be appended. `expected`: the stream's version it was decided on (0: the stream must be new;
    None: wherever the stream stands). `data` is JSON with erasable texts already replaced by references."""

    id: str
    type: str
    schema_version: int
    source: str
    subject: str
    stream: str
    time: datetime
    data: dict[str, Any]
    correlation: str
    causation: str | None = None
    traceparent: str | None = None
    tenant: str = "public"
    expected: int | None = None
    payloads: tuple[Payload, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class Event:
    """As stored. `position`: place in the global order, from 1, without gaps; `version`: place in its stream, from 1.
    `data` is of the version it was written in: read it through `body`."""

    position: int
    version: int
    id: str
    type: str
    schema_version: int
    source: str
    subject: str
    stream: str
    time: datetime
    data: dict[str, Any]
    correlation: str
    causation: str | None
    traceparent: str | None
    tenant: str

    def body(self) -> Data:
        """The data as its newest model (upcast where it was written by an older one)."""
        from shared.events.upcast import newest

        return newest(self.type, self.schema_version, self.data)


def stream_of(model: type[Data], subject: str, data: dict[str, Any]) -> str:
    """The stream an event of this model belongs to."""
    match model.stream_key:
        case "goal" | "contract" | "challenge" | "course" as key:
            return f"{key}/{data[key]}"
        case other:
            return f"{other}/{subject}"


def externalise(model: type[Data], event_id: str, learner: str, data: dict[str, Any]) -> tuple[Payload, ...]:
    """Moves the erasable texts out of `data` (in place) and gives them as payloads. Raises TooLarge, InvalidInput."""
    payloads = []
    for name, mark in model.erasable().items():
        text = data.get(name)
        if not isinstance(text, str) or not text or _REFERENCE.fullmatch(text):
            continue
        if "\x00" in text:
            raise InvalidInput(say("field_nul", field=name))
        size = len(text.encode("utf-8", "surrogatepass"))
        if size > mark.limit:
            raise TooLarge(say("field_too_large", field=name, size=size, limit=mark.limit))
        payload = Payload(derived_id("payload", learner, event_id, name), learner, text)
        payloads.append(payload)
        data[name] = PAYLOAD + payload.id
    return tuple(payloads)


def new_event(
    body: Data,
    *,
    id: str,  # noqa: A002  the CloudEvents attribute's own name
    source: str,
    subject: str,
    time: datetime,
    correlation: str,
    causation: str | None = None,
    traceparent: str | None = None,
    tenant: str = "public",
    expected: int | None = None,
) -> NewEvent:
    """An event from its data. The stream follows from the type; erasable texts move to payloads."""
    model = type(body)
    data = body.model_dump(mode="json")
    payloads = externalise(model, id, subject, data)
    return NewEvent(
        id=id,
        type=model.event_type,
        schema_version=model.event_version,
        source=source,
        subject=subject,
        stream=stream_of(model, subject, data),
        time=time,
        data=data,
        correlation=correlation,
        causation=causation,
        traceparent=traceparent,
        tenant=tenant,
        expected=expected,
        payloads=payloads,
    )
