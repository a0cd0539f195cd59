"""A thread's lock, and its end: for those who need no LangGraph, such as an erasure."""

from __future__ import annotations

from pathlib import Path

from shared.store.connect import Connection
from shared.store.queries import load

SQL = load(Path(__file__).with_name("queries.sql"))


def lock(conn: Connection, thread: str) -> None:
    """Until the end of the caller's transaction no step commits on this thread. Threads come before the log's lock."""
    conn.execute(SQL["lock_thread"], [thread])


def forget(conn: Connection, thread: str) -> None:
    """Deletes a thread's checkpoints, writes, inputs that wait, and place."""
    conn.execute(SQL["delete_thread"], {"thread": thread})
