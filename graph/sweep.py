"""What nobody finished is sent again: tasks of busy threads, inputs nobody took, outbox rows a crash left.

All of it is harmless to repeat. A command that a function refused for good is sent again once an hour, so that a
function that was mended gets its work back though nobody replays it. What stood still is reported (`stalled.py`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from graph.entries import WOKEN, wake_key
from graph.stalled import Stalled, report
from graph.step import node_message, task_key
from graph.threads import SQL
from shared.bus.port import Message
from shared.clock import rfc3339
from shared.events.codec import command
from shared.function.parts import Parts
from shared.ids import derived_id
from shared.store.connect import Connection

OVERDUE = 150.0
"""Seconds without progress after which a task is taken as lost: longer than the retries of one delivery take together
(`RetryPolicy`: 102), so that a task that is still being tried is not sent a second time."""
RETRY = timedelta(hours=1)
"""So long after a refusal the same command is sent again."""
AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class Swept:
    """What was sent again, and `stalled`: how many standstills were reported for the first time."""

    tasks: int
    inputs: int
    outbox: int
    stalled: int = 0


class Refusal(NamedTuple):
    """`again`: long enough ago to try once more."""

    at: datetime
    again: bool


Found = tuple[list[Message], list[Stalled]]


def sweep(parts: Parts, now: datetime, *, overdue: float = OVERDUE, retry: timedelta = RETRY) -> Swept:
    sent = parts.sweep()
    with parts.pool.connection() as conn:
        tasks, stood = _tasks(conn, now, overdue, retry)
        wakes, waited = _inputs(conn, now, overdue, retry)
        if tasks or wakes:
            parts.bus.publish([*tasks, *wakes])
        stalled = report(parts, conn, [*stood, *waited], now)
    return Swept(tasks=len(tasks), inputs=len(wakes), outbox=sent, stalled=stalled)


def _tasks(conn: Connection, now: datetime, overdue: float, retry: timedelta) -> Found:
    """Tasks that made no progress for `overdue` seconds."""
    with conn.transaction():
        rows = conn.execute(SQL["overdue_threads"], [overdue, AT_ONCE]).fetchall()
        conn.execute(SQL["touch_threads"], [[thread for thread, *_ in rows]])
    lost = [
        (task_key(checkpoint, task["task"]), thread, checkpoint, task, moved)
        for thread, checkpoint, pending, finished, moved in rows
        for task in pending
        if task["task"] not in finished
    ]
    refusals = _refusals(conn, [key for key, *_ in lost], retry)
    messages, stalled = [], []
    for key, thread, checkpoint, task, moved in lost:
        refusal = refusals.get(key)
        if refusal is None:
            stalled.append(Stalled(key, thread, task["name"], moved, "lost"))
        else:
            stalled.append(Stalled(key, thread, task["name"], refusal.at, "refused", refusal.at + retry))
        if refusal is None or refusal.again:
            messages.append(node_message(thread, checkpoint, task, thread, now, thread, again=rfc3339(now)))
    return messages, stalled


def _inputs(conn: Connection, now: datetime, overdue: float, retry: timedelta) -> Found:
    """Inputs that lie before an idle thread."""
    idle = conn.execute(SQL["forgotten_inputs"], [overdue, AT_ONCE]).fetchall()
    refusals = _refusals(conn, [wake_key(thread) for thread, _, _ in idle], retry)
    messages, stalled = [], []
    for thread, position, since in idle:
        key = derived_id(wake_key(thread), position)
        refusal = refusals.get(wake_key(thread))
        if refusal is None:
            stalled.append(Stalled(key, thread, "access", since, "not_taken"))
        else:
            stalled.append(Stalled(key, thread, "access", since, "refused", refusal.at + retry))
        if refusal is None or refusal.again:
            messages.append(_wake(thread, now))
    return messages, stalled


def _refusals(conn: Connection, keys: Sequence[str], retry: timedelta) -> dict[str, Refusal]:
    """Of these, the ones that a function refused for good, and when last."""
    rows = conn.execute(SQL["rejected"], [retry.total_seconds(), list(keys)])
    return {id_: Refusal(at, again) for id_, at, again in rows}


def _wake(thread: str, now: datetime) -> Message:
    id_ = derived_id("wake", thread, rfc3339(now))
    body = command(
        WOKEN, id=id_, source="/graph", subject=thread, time=now, data={"thread": thread}, correlation=thread
    )
    return Message(key=WOKEN, body=body, id=id_, mandatory=True)
