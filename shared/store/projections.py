"""The read model: tables that a pure function keeps from the log, in the transaction that appends.

A projection turns one event into statements; it reads nothing. All tables together stand at one position, moved by
compare-and-set with each append, so what a function reads after a commit is never behind the log.
A new version is rebuilt in a schema beside the old one and swapped in under the log's lock.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, LiteralString

from psycopg import sql

from shared.events.record import Event
from shared.store.connect import Connection, connect
from shared.store.log import event_of
from shared.store.queries import SQL

Parameters = tuple[Any, ...] | dict[str, Any]
Statement = tuple[LiteralString, Parameters]

LIVE = "view"
NEXT = "view_next"
BATCH = 2_000

_POSITION: LiteralString = """
CREATE TABLE projection (version text NOT NULL, position bigint NOT NULL);
CREATE FUNCTION projection_moves(before bigint, after bigint, wanted text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    UPDATE projection SET position = after WHERE position = before AND version = wanted;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'the read model does not stand at position % of version %', before, wanted
            USING ERRCODE = 'serialization_failure';
    END IF;
END $$;
"""


@dataclass(frozen=True)
class ReadModel:
    """`ddl` makes the tables (unqualified names); `apply` keeps them; `version` changes when either does."""

    version: str
    ddl: LiteralString
    apply: Callable[[Event], Iterable[Statement]]

    def project(self, conn: Connection, events: Sequence[Event], *, before: int) -> None:
        """Applies `events`, which directly follow position `before`, within the caller's transaction.

        The database raises serialization_failure if the read model does not stand at `before`, or is of another
        version: a process that still projects by old rules must not write into new tables.
        """
        if not events:
            return
        conn.execute("SELECT projection_moves(%s, %s, %s)", [before, events[-1].position, self.version])
        query: LiteralString | None = None
        rows: list[Parameters] = []
        # Statements keep the order of their events; neighbours of one kind go out together.
        for event in events:
            for statement, parameters in self.apply(event):
                if statement != query:
                    _run(conn, query, rows)
                    query, rows = statement, []
                rows.append(parameters)
        _run(conn, query, rows)


def _run(conn: Connection, query: LiteralString | None, rows: list[Parameters]) -> None:
    if query is None:
        return
    if len(rows) == 1:
        conn.execute(query, rows[0])
    else:
        conn.cursor().executemany(query, rows)


def stands(conn: Connection) -> tuple[str, int] | None:
    """(version, position) of the live read model; None where there is none yet."""
    if conn.execute("SELECT to_regclass('view.projection')").fetchone() == (None,):
        return None
    row = conn.execute(SQL["projection_stands"]).fetchone()
    return (row[0], row[1]) if row else None


def ensure(conninfo: str, model: ReadModel) -> bool:
    """Makes or rebuilds the read model if the live one is of another version; gives whether it did."""
    with connect(conninfo, name="goals-projections") as conn:
        conn.execute("SET statement_timeout = 0; SET lock_timeout = 0; SET idle_in_transaction_session_timeout = 0")
        conn.execute("SELECT pg_advisory_lock(7472)")
        live = stands(conn)
        if live is not None and live[0] == model.version:
            return False
        rebuild(conn, model)
    return True


def rebuild(conn: Connection, model: ReadModel, progress: Callable[[int, int], None] | None = None) -> int:
    """Replays the whole log into new tables, then swaps them in; gives the position reached.

    Writers go on meanwhile; they wait only for the last stretch and the swap. `progress(done, head)`.
    """
    conn.execute(sql.SQL("DROP SCHEMA IF EXISTS {} CASCADE").format(sql.Identifier(NEXT)))
    conn.execute(sql.SQL("CREATE SCHEMA {}").format(sql.Identifier(NEXT)))
    conn.execute(sql.SQL("SET search_path = {}, public").format(sql.Identifier(NEXT)))
    try:
        with conn.transaction():
            conn.execute(_POSITION)
            conn.execute(model.ddl)
            conn.execute("INSERT INTO projection VALUES (%s, 0)", [model.version])
        reached = 0
        while (after := _catch_up(conn, model, reached)) != reached:
            reached = after
            if progress is not None:
                progress(reached, _head(conn))
        with conn.transaction():
            conn.execute(SQL["lock_log"])
            while (after := _catch_up(conn, model, reached)) != reached:
                reached = after
            conn.execute(sql.SQL("DROP SCHEMA IF EXISTS {} CASCADE").format(sql.Identifier(LIVE)))
            conn.execute(sql.SQL("ALTER SCHEMA {} RENAME TO {}").format(sql.Identifier(NEXT), sql.Identifier(LIVE)))
    finally:
        conn.execute(sql.SQL("SET search_path = public, {}").format(sql.Identifier(LIVE)))
    return reached


def _head(conn: Connection) -> int:
    row = conn.execute(SQL["log_head"]).fetchone()
    return int(row[0]) if row else 0


def _catch_up(conn: Connection, model: ReadModel, position: int) -> int:
    events = [event_of(row) for row in conn.execute(SQL["read_all"], [position, BATCH])]
    with conn.transaction():
        model.project(conn, events, before=position)
    return events[-1].position if events else position
