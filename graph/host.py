"""The host of a node: what makes a body a deployed function."""

from __future__ import annotations

from cloudevents.core.v1.event import CloudEvent

from graph import entries, sweep
from graph.build import build
from graph.node import Body
from graph.step import NodeCommand, Step
from graph.topology import NODE, SWEPT
from shared.clock import Clock, utc_now
from shared.errors import InvalidInput
from shared.events.codec import command_data, from_wire
from shared.function.parts import Parts
from shared.function.port import Reply
from shared.function.reply import reply_to
from shared.readmodel import READ_MODEL
from shared.settings import Settings, environment
from shared.store import Outgoing, Store

STORE = Store(READ_MODEL, entries.thread_of, entries.wake)
"""How every function of this system appends."""


class NodeFunction:
    """Takes `goals.node.<name>`; `access` also `goals.thread.woken`; `process` also `goals.clock.swept`."""

    def __init__(self, name: str, body: Body, *, settings: Settings | None = None, now: Clock = utc_now) -> None:
        self.name = name
        self._settings = settings
        self._step = Step(build({name: body}), STORE, now)
        self._parts: Parts | None = None

    def start(self) -> None:
        self._parts = Parts.open(self._settings or environment(), f"goals-{self.name}")

    def stop(self) -> None:
        if self._parts is not None:
            self._parts.close()
            self._parts = None

    def alive(self) -> bool:
        return True

    def ready(self) -> bool:
        return self._parts is not None and self._parts.ready()

    def handle(self, body: bytes, content_type: str) -> Reply:
        parts = self._parts
        if parts is None:
            return Reply(503)
        event_id, type_ = "", ""
        try:
            event = from_wire(body, content_type)
            event_id, type_ = event.get_id(), event.get_type()
            self._dispatch(parts, event)
        except Exception as error:  # noqa: BLE001  every error becomes a status code here
            reply = reply_to(error, function=self.name, event=event_id)
            if reply.status == 422:
                return self._reject(parts, reply, event_id, type_, body)
            return reply
        return Reply()

    def _dispatch(self, parts: Parts, event: CloudEvent) -> None:
        type_ = event.get_type()
        data = command_data(event)
        if type_ == SWEPT:
            sweep.sweep(parts, self._step.now())
            return
        with parts.pool.connection() as conn:
            if type_ == entries.WOKEN:
                _, outgoing = self._step.wake(conn, _text(data, "thread"))
            elif type_ == NODE + self.name:
                trace = event.get_extension("traceparent")
                cmd = NodeCommand(
                    thread=_text(data, "thread"),
                    checkpoint=_text(data, "checkpoint"),
                    task=_text(data, "task"),
                    name=self.name,
                    traceparent=str(trace) if trace else None,
                )
                _, outgoing = self._step.run(conn, cmd)
            else:
                raise InvalidInput(f"{type_} is not for {self.name}", hint="check the queue's bindings")
            parts.publish(conn, outgoing)

    def _reject(self, parts: Parts, reply: Reply, event_id: str, type_: str, body: bytes) -> Reply:
        reason = str((reply.problem or {}).get("detail", ""))
        try:
            parts.reject(self.name, event_id or "unreadable", type_, reason, body[:262_144])
        except Exception as error:  # noqa: BLE001  without its reason it must not become a dead letter: again later
            return reply_to(error, function=self.name, event=event_id) if _may_work_later(error) else reply
        return reply


def _may_work_later(error: Exception) -> bool:
    return reply_to(error, function="", event="").status == 503


def _text(data: dict[str, object], name: str) -> str:
    value = data.get(name)
    if not isinstance(value, str) or not 0 < len(value) <= 200:
        raise InvalidInput(f"the command needs {name!r}: a text of 1 to 200 characters")
    return value


__all__ = ["STORE", "NodeFunction", "Outgoing"]
