"""From the outbox to the bus: publish, wait for the broker's confirm, only then forget.

A crash in between publishes again: consumers know a message by its id. The committing process sends what it has in
memory at once; `sweep` finds what a crash left behind.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, runtime_checkable

from shared.bus.port import Bus, Message
from shared.events.codec import to_wire
from shared.events.record import Event
from shared.store import log
from shared.store.append import Outgoing
from shared.store.connect import Connection, transaction
from shared.store.queries import SQL


@runtime_checkable
class SameDatabase(Protocol):
    """A bus whose queues live in this very database: publishing and forgetting can be one transaction."""

    def publish_in(self, conn: Connection, messages: Sequence[Message]) -> None: ...


def message_of(event: Event) -> Message:
    """A stored event for whoever listens."""
    return Message(key=event.type, body=to_wire(event), id=event.id)


def send(conn: Connection, bus: Bus, outgoing: Outgoing) -> None:
    """Publishes what a committed transaction left. Raises BusUnavailable, Unroutable: then the rows stay."""
    if not outgoing.rows:
        return
    messages = [*map(message_of, outgoing.events), *outgoing.messages]
    if isinstance(bus, SameDatabase):
        with transaction(conn):
            bus.publish_in(conn, messages)
            conn.execute(SQL["outbox_done"], [outgoing.rows])
        return
    bus.publish(messages)
    conn.execute(SQL["outbox_done"], [outgoing.rows])


def sweep(conn: Connection, bus: Bus, *, overdue: float = 2.0, limit: int = 100) -> int:
    """Publishes outbox rows older than `overdue` seconds; gives how many. Several sweepers share the work."""
    with conn.transaction():
        rows = conn.execute(SQL["outbox_overdue"], [overdue, limit]).fetchall()
        outgoing = Outgoing()
        for id_, first, last, message_id, key, body in rows:
            outgoing.rows.append(str(id_))
            if first is not None:
                outgoing.events.extend(log.between(conn, first, last))
            else:
                outgoing.messages.append(Message(key=key, body=bytes(body), id=message_id, mandatory=True))
        if outgoing.rows:
            bus.publish([*map(message_of, outgoing.events), *outgoing.messages])
            conn.execute(SQL["outbox_done"], [outgoing.rows])
    return len(rows)


def depth(conn: Connection) -> int:
    row = conn.execute(SQL["outbox_depth"]).fetchone()
    return int(row[0]) if row else 0
