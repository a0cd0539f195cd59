"""From the outbox to the bus: publish, wait for the broker's confirm, only then forget.

A crash in between publishes again: consumers know a message by its id. The committing process sends what it has in
memory at once; `sweep` finds what a crash left behind.
"""

from __future__ import annotations

from shared.bus.port import Bus, Message
from shared.store import log
from shared.store.append import Outgoing, message_of
from shared.store.connect import Connection
from shared.store.queries import SQL


def send(conn: Connection, bus: Bus, outgoing: Outgoing) -> None:
    """Publishes what a committed transaction left. Raises BusUnavailable, Unroutable: then the rows stay."""
    if not outgoing.rows:
        return
    bus.publish([*map(message_of, outgoing.events), *outgoing.messages])
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
