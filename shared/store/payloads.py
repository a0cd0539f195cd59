"""The texts that belong to a learner: read by reference, erased at their word."""

from __future__ import annotations

from collections.abc import Iterable

from shared.events.record import PAYLOAD
from shared.store.connect import Connection
from shared.store.queries import SQL

ERASED = ""


def references(values: Iterable[object]) -> list[str]:
    return [v.removeprefix(PAYLOAD) for v in values if isinstance(v, str) and v.startswith(PAYLOAD)]


def texts(conn: Connection, learner: str, refs: Iterable[object]) -> dict[str, str]:
    """Reference (`payload:<id>`) → text, for those of `refs` that exist and are this learner's."""
    ids = references(refs)
    if not ids:
        return {}
    return {PAYLOAD + row[0]: row[1] for row in conn.execute(SQL["read_payloads"], [learner, ids])}


def text(conn: Connection, learner: str, ref: str) -> str:
    """One text; empty where it has been erased. A value that is no reference is given back as it is."""
    return texts(conn, learner, [ref]).get(ref, ERASED) if ref.startswith(PAYLOAD) else ref


def erase(conn: Connection, learner: str) -> int:
    """Deletes all of a learner's payloads, and lets none in from now on; gives how many. In the caller's transaction.

    Under the log's lock: an append that holds a text of theirs is either over, and its text is seen here, or comes
    after, and is told not to keep it.
    """
    conn.execute(SQL["lock_log"])
    conn.execute(SQL["mark_erased"], [learner])
    return conn.execute(SQL["erase_payloads"], [learner]).rowcount
