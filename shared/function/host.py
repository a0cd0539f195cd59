"""The host of a function that takes CloudEvents, stores and publishes: life cycle, errors, refusals."""

from __future__ import annotations

import time
from abc import ABC, abstractmethod

from cloudevents.core.v1.event import CloudEvent

from shared.errors import InvalidInput
from shared.events.codec import from_wire
from shared.function.parts import Parts
from shared.function.port import Reply
from shared.function.reply import LATER, NEVER, reply_to
from shared.settings import Settings, environment
from shared.telemetry import meter, tracer


class EventFunction(ABC):
    """A deployed function opens its own parts; the embedded system, where all live in one process, lends them."""

    def __init__(self, name: str, *, settings: Settings | None = None) -> None:
        self.name = name
        self._settings = settings
        self._parts: Parts | None = None
        self._borrowed = False

    @abstractmethod
    def dispatch(self, parts: Parts, event: CloudEvent) -> None:
        """Does what the event asks, durably. Raises what `reply_to` understands."""

    def refusal(self, event: CloudEvent) -> str:
        """Under which id an event's refusal is kept. The same for its repeats, where the sender repeats by itself."""
        return event.get_id()

    def start(self, parts: Parts | None = None) -> None:
        self._borrowed = parts is not None
        self._parts = parts or Parts.open(self._settings or environment(), f"goals-{self.name}")

    def stop(self) -> None:
        parts, self._parts = self._parts, None
        if parts is not None and not self._borrowed:
            parts.close()

    def alive(self) -> bool:
        return True

    def ready(self) -> bool:
        return self._parts is not None and self._parts.ready()

    def handle(self, body: bytes, content_type: str) -> Reply:
        parts = self._parts
        if parts is None:
            return Reply(LATER)
        event_id, type_, began = "unreadable", "unreadable", time.perf_counter()
        try:
            event = from_wire(body, content_type)
            event_id, type_ = self.refusal(event), event.get_type()
            correlation = str(event.get_extension("correlationid") or event.get_id())
            with tracer().span(f"{self.name} {type_.removeprefix('goals.')}", correlation, function=self.name):
                self.dispatch(parts, event)
        except Exception as error:  # noqa: BLE001  every error becomes a status code here
            reply = reply_to(error, function=self.name, event=event_id)
            if reply.status == NEVER:
                reply = self._noted(parts, reply, event_id, type_, body)
        else:
            reply = Reply()
        meter().handled(self.name, type_, reply.status, time.perf_counter() - began)
        return reply

    def _noted(self, parts: Parts, reply: Reply, event_id: str, type_: str, body: bytes) -> Reply:
        """The reason is stored before the event may become a dead letter; if it cannot be, the event comes again."""
        try:
            parts.reject(self.name, event_id, type_, str((reply.problem or {}).get("detail", "")), body[:262_144])
        except Exception as error:  # noqa: BLE001  as above
            return reply_to(error, function=self.name, event=event_id)
        return reply


def text(data: dict[str, object], name: str) -> str:
    """A text of a command's data. Raises InvalidInput."""
    value = data.get(name)
    if not isinstance(value, str) or not 0 < len(value) <= 200 or "\x00" in value:
        raise InvalidInput(f"the command needs {name!r}: a text of 1 to 200 characters")
    return value
