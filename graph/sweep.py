"""What nobody finished is sent again: tasks of busy threads, inputs nobody took, outbox rows a crash left.

All of it is harmless to repeat. A task whose command was refused for good is left alone until it is replayed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from graph.entries import WOKEN, wake_key
from graph.step import node_message, task_key
from graph.threads import SQL
from shared.bus.port import Message
from shared.clock import rfc3339
from shared.events.codec import command
from shared.function.parts import Parts
from shared.ids import derived_id

OVERDUE = 150.0
"""Seconds without progress after which a task is taken as lost: longer than the retries of one delivery take together
(`RetryPolicy`: 111), so that a task that is still being tried is not sent a second time."""
AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class Swept:
    tasks: int
    inputs: int
    outbox: int


def sweep(parts: Parts, now: datetime, *, overdue: float = OVERDUE) -> Swept:
    sent = parts.sweep()
    messages: list[Message] = []
    with parts.pool.connection() as conn:
        with conn.transaction():
            rows = conn.execute(SQL["overdue_threads"], [overdue, AT_ONCE]).fetchall()
            conn.execute(SQL["touch_threads"], [[thread for thread, *_ in rows]])
        for thread, checkpoint, pending, finished in rows:
            lost = [task for task in pending if task["task"] not in finished]
            refused = conn.execute(SQL["rejected"], [[task_key(checkpoint, t["task"]) for t in lost]])
            known = {id_ for (id_,) in refused}
            messages.extend(
                node_message(thread, checkpoint, task, thread, now, thread, again=rfc3339(now))
                for task in lost
                if task_key(checkpoint, task["task"]) not in known
            )
        tasks = len(messages)
        idle = [thread for (thread,) in conn.execute(SQL["forgotten_inputs"], [overdue, AT_ONCE])]
        stopped = {id_ for (id_,) in conn.execute(SQL["rejected"], [[wake_key(t) for t in idle]])}
        forgotten = [thread for thread in idle if wake_key(thread) not in stopped]
        messages.extend(_wake(thread, now) for thread in forgotten)
    if messages:
        parts.bus.publish(messages)
    return Swept(tasks=tasks, inputs=len(forgotten), outbox=sent)


def _wake(thread: str, now: datetime) -> Message:
    id_ = derived_id("wake", thread, rfc3339(now))
    body = command(
        WOKEN, id=id_, source="/graph", subject=thread, time=now, data={"thread": thread}, correlation=thread
    )
    return Message(key=WOKEN, body=body, id=id_, mandatory=True)
