"""The host of a node: what makes a body a deployed function."""

from __future__ import annotations

from dataclasses import replace

from cloudevents.core.v1.event import CloudEvent

from graph import entries, sweep
from graph.build import build
from graph.node import Body
from graph.step import NodeCommand, Step, task_key
from graph.topology import NODE, SWEPT
from shared.clock import Clock, utc_now
from shared.errors import InvalidInput
from shared.events.codec import command_data
from shared.function.host import EventFunction, text
from shared.function.parts import Parts
from shared.models.port import LentModel
from shared.readmodel import READ_MODEL
from shared.settings import Settings
from shared.store import Store

STORE = Store(READ_MODEL, entries.thread_of, entries.wake)
"""How every function of this system appends."""


class NodeFunction(EventFunction):
    """Takes `goals.node.<name>`; `access` also `goals.thread.woken`; `process` also `goals.clock.swept`.

    `model`: what the body asks, where it asks one; it is lent the real one at the start."""

    def __init__(
        self,
        name: str,
        body: Body,
        *,
        settings: Settings | None = None,
        now: Clock = utc_now,
        model: LentModel | None = None,
    ) -> None:
        super().__init__(name, settings=settings)
        self._step = Step(build({name: body}), STORE, now)
        self._model = model

    def start(self, parts: Parts | None = None) -> None:
        super().start(parts)
        if self._parts is not None:
            self._step = replace(self._step, store=STORE.publishing_to(self._parts.bus))
            if self._model is not None:
                self._model.lend(self._parts.model)

    def refusal(self, event: CloudEvent) -> str:
        """The sweeper repeats tasks and wakes under new ids: what was refused once must be known again."""
        data = event.get_data()
        if not isinstance(data, dict):
            return event.get_id()
        match event.get_type():
            case entries.WOKEN:
                return entries.wake_key(str(data.get("thread")))
            case t if t.startswith(NODE):
                return task_key(str(data.get("checkpoint")), str(data.get("task")))
            case _:
                return event.get_id()

    def dispatch(self, parts: Parts, event: CloudEvent) -> None:
        data = command_data(event)
        match event.get_type():
            case t if t == NODE + self.name:
                self._node(parts, event, data)
            case entries.WOKEN:
                with parts.pool.connection() as conn:
                    _, outgoing = self._step.wake(conn, text(data, "thread"))
                    parts.publish(conn, outgoing)
            case t if t == SWEPT:
                sweep.sweep(parts, self._step.now())
            case other:
                raise InvalidInput(f"{other} is not for {self.name}", hint="check the queue's bindings")

    def _node(self, parts: Parts, event: CloudEvent, data: dict[str, object]) -> None:
        trace = event.get_extension("traceparent")
        cmd = NodeCommand(
            thread=text(data, "thread"),
            checkpoint=text(data, "checkpoint"),
            task=text(data, "task"),
            name=self.name,
            traceparent=str(trace) if trace else None,
        )
        with parts.pool.connection() as conn:
            _, outgoing = self._step.run(conn, cmd)
            parts.publish(conn, outgoing)
