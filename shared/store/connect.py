"""Connections to PostgreSQL, set up one way: autocommit (a transaction is opened where it is meant), UTC."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from psycopg.pq import TransactionStatus
from psycopg_pool import ConnectionPool

Connection = psycopg.Connection[tuple[Any, ...]]
Pool = ConnectionPool[Connection]
POOL = 4
"""Connections of one process, unless it says otherwise."""

SETTINGS = (
    "-c timezone=UTC -c statement_timeout=30000 -c lock_timeout=10000 -c idle_in_transaction_session_timeout=30000"
)
SEARCH_PATH = " -c search_path=public,view"


def connect(conninfo: str, *, name: str = "goals") -> Connection:
    return psycopg.connect(conninfo, autocommit=True, options=SETTINGS + SEARCH_PATH, application_name=name)


def pool(conninfo: str, *, size: int = POOL, name: str = "goals") -> Pool:
    """Opened at once in the background; a broken connection is replaced when it is next asked for."""
    return ConnectionPool(
        conninfo,
        min_size=1,
        max_size=size,
        open=True,
        timeout=10,
        name=name,
        check=None,
        kwargs={"autocommit": True, "options": SETTINGS + SEARCH_PATH, "application_name": name},
    )


@contextmanager
def transaction(conn: Connection) -> Iterator[None]:
    """One transaction whose statements share round trips: whatever is asked for flushes what stands before it, and
    COMMIT travels with the last statements. (psycopg's own `transaction()` waits for BEGIN and before COMMIT.)

    Results may be fetched inside; an error of a statement whose result nobody fetches is raised at the end.
    """
    try:
        with conn.pipeline():
            conn.execute("BEGIN")
            yield
            conn.execute("COMMIT")
    finally:
        if not conn.closed and conn.info.transaction_status != TransactionStatus.IDLE:
            conn.rollback()
