"""CloudEvents 1.0, structured mode, JSON: the only form in which events travel.

Structured because RabbitmqSource passes it on unharmed (binary mode loses headers). Source: CloudEvents 1.0.2,
"JSON Event Format", and its `sequence` and distributed-tracing extensions.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from cloudevents.core.exceptions import CloudEventValidationError
from cloudevents.core.formats.json import JSONFormat
from cloudevents.core.v1.event import CloudEvent

from shared.clock import parse
from shared.errors import InvalidInput, TooLarge
from shared.events.data import Data, model_of
from shared.events.record import Event, NewEvent, externalise, stream_of
from shared.refusals import say

CONTENT_TYPE = "application/cloudevents+json"
SCHEMA = "urn:goals:schema:"
LIMIT = 262_144
"""Bytes of one event on any wire."""
_FORMAT = JSONFormat()


def schema_uri(type_: str, version: int) -> str:
    return f"{SCHEMA}{type_}:{version}"


def schema_version(uri: object, type_: str) -> int:
    """The version a `dataschema` names; the newest where none is given. Raises InvalidInput."""
    if uri is None:
        return model_of(type_).event_version
    text = str(uri)
    name, _, version = text.removeprefix(SCHEMA).rpartition(":")
    if not text.startswith(SCHEMA) or name != type_ or not version.isdigit():
        raise InvalidInput(say("schema_of_other", schema=text[:200], type=type_, right=schema_uri(type_, 1)))
    model_of(type_, int(version))
    return int(version)


def to_cloudevent(event: Event) -> CloudEvent:
    """A stored event as a CloudEvent, with `sequence` (global position) and the trace of what led to it."""
    attributes: dict[str, Any] = {
        "specversion": "1.0",
        "id": event.id,
        "type": event.type,
        "source": event.source,
        "subject": event.subject,
        "time": event.time,
        "datacontenttype": "application/json",
        "dataschema": schema_uri(event.type, event.schema_version),
        "sequence": str(event.position),
        "correlationid": event.correlation,
        "tenant": event.tenant,
    }
    if event.causation:
        attributes["causationid"] = event.causation
    if event.traceparent:
        attributes["traceparent"] = event.traceparent
    return CloudEvent(attributes=attributes, data=event.data)


def to_wire(event: Event) -> bytes:
    return _FORMAT.write(to_cloudevent(event))


def command(
    type_: str,
    *,
    id: str,  # noqa: A002  the CloudEvents attribute's own name
    source: str,
    subject: str,
    time: datetime,
    data: Mapping[str, Any],
    correlation: str,
    causation: str | None = None,
    traceparent: str | None = None,
) -> bytes:
    """A message to one function (`goals.node.*`, `goals.thread.woken`, `goals.clock.*`): never stored as a fact."""
    attributes: dict[str, Any] = {
        "specversion": "1.0",
        "id": id,
        "type": type_,
        "source": source,
        "subject": subject,
        "time": time,
        "datacontenttype": "application/json",
        "correlationid": correlation,
    }
    if causation:
        attributes["causationid"] = causation
    if traceparent:
        attributes["traceparent"] = traceparent
    return _FORMAT.write(CloudEvent(attributes=attributes, data=dict(data)))


def from_wire(body: bytes, content_type: str = CONTENT_TYPE) -> CloudEvent:
    """Reads one structured event. Raises InvalidInput (malformed), TooLarge (over `LIMIT`)."""
    if len(body) > LIMIT:
        raise TooLarge(say("event_too_large", size=len(body), limit=LIMIT))
    if content_type.partition(";")[0].strip().lower() != CONTENT_TYPE:
        raise InvalidInput(say("not_one_event", kind=content_type[:100], one=CONTENT_TYPE))
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise InvalidInput(say("not_utf8", byte=error.start)) from error
    if "\\u0000" in text or "\x00" in text:
        raise InvalidInput(say("event_nul"))
    try:
        event = _FORMAT.read(None, text)
    except CloudEventValidationError as error:
        raise InvalidInput(say("not_a_cloudevent", why=str(error)[:300])) from error
    except (ValueError, TypeError, AttributeError, RecursionError) as error:
        raise InvalidInput(say("not_a_cloudevent_in_json", why=str(error)[:300])) from error
    if not isinstance(event, CloudEvent):
        raise InvalidInput(say("other_specversion"))
    return event


def command_data(event: CloudEvent) -> dict[str, Any]:
    """A command's data object. Raises InvalidInput where it is none."""
    data = event.get_data()
    if isinstance(data, str | bytes):
        try:
            data = json.loads(data)
        except ValueError as error:
            raise InvalidInput(say("data_not_json", type=event.get_type())) from error
    if not isinstance(data, dict):
        raise InvalidInput(say("data_not_object", type=event.get_type()))
    return data


def interaction(raw: Mapping[str, Any], *, learner: str, now: datetime, tenant: str = "public") -> NewEvent:
    """An event a client sent, checked and made ours: subject and source are the learner, whatever it claimed.

    `raw`: a CloudEvent's JSON object. Raises InvalidInput, TooLarge, UnknownEventType. A client clock may be off:
    a time in the future (beyond 5 minutes) or older than 90 days is replaced by `now`.
    """
    from shared.events.upcast import newest

    type_ = raw.get("type")
    identity = raw.get("id")
    if not isinstance(type_, str) or not isinstance(identity, str) or not 0 < len(identity) <= 64:
        raise InvalidInput(say("event_without_name"))
    if raw.get("specversion") != "1.0":
        raise InvalidInput(say("other_specversion"))
    _no_nul(identity, type_)
    model = model_of(type_)
    if not model.from_clients:
        raise InvalidInput(say("not_for_clients", type=type_))
    data = raw.get("data")
    if not isinstance(data, dict):
        raise InvalidInput(say("data_not_object", type=type_))
    version = schema_version(raw.get("dataschema"), type_)
    body: Data = newest(type_, version, data)
    stored = body.model_dump(mode="json")
    payloads = externalise(type(body), identity, learner, stored)
    _no_nul(*(v for v in stored.values() if isinstance(v, str)))
    trace = raw.get("traceparent")
    return NewEvent(
        id=identity,
        type=type_,
        schema_version=type(body).event_version,
        source=f"/learners/{learner}",
        subject=learner,
        stream=stream_of(type(body), learner, stored),
        time=_believable(raw.get("time"), now),
        data=stored,
        correlation=identity,
        traceparent=trace if isinstance(trace, str) and len(trace) <= 128 else None,
        tenant=tenant,
        payloads=payloads,
    )


def _believable(time: object, now: datetime) -> datetime:
    if not isinstance(time, str):
        return now
    try:
        instant = parse(time)
    except ValueError as error:
        raise InvalidInput(say("time_not_rfc3339", time=time[:60], why=str(error))) from error
    ahead = (instant - now).total_seconds()
    return now if ahead > 300 or ahead < -90 * 86_400 else instant


def _no_nul(*texts: str) -> None:
    for text in texts:
        if "\x00" in text:
            raise InvalidInput(say("event_nul"))
        try:
            text.encode("utf-8")
        except UnicodeEncodeError as error:
            raise InvalidInput(say("event_not_unicode")) from error
