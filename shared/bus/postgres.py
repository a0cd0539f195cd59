"""The bus on PostgreSQL: a table of messages, one row for each queue a message reaches. For the embedded system.

Guarantees: `publish` returns after a durable commit. Messages in hand belong to a session that holds an advisory lock:
a process that dies, even by SIGKILL, loses its connection and with it the lock, and whoever polls next gives its
messages back (within two seconds). `ack` returns at once and is written together with others, some milliseconds later
and without waiting for the disk: a crash in between brings a message again, it never loses one.
Notifications are hints; polling follows always.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from psycopg_pool import ConnectionPool, PoolTimeout

from shared.bus.port import DeadLetter, Message, QueueSpec
from shared.bus.postgres_consumer import Pump, QueueConsumer
from shared.bus.topics import prepare
from shared.errors import BusUnavailable, Unroutable
from shared.store.queries import load

Connection = psycopg.Connection[tuple[Any, ...]]
SQL = load(Path(__file__).with_name("postgres_queries.sql"))
PATIENCE = 5.0
"""Seconds a caller waits for a connection before it is told that PostgreSQL is away."""
UNROUTABLE = "GB001"
"""The SQLSTATE that `bus.publish` raises; a caller of `publish_in` sees it as a psycopg.Error with this `sqlstate`."""


class PostgresBus:
    """`conninfo`: a database of PostgreSQL 14 or later. `publishers`: connections for publishing and asking.

    One thread and one more connection serve all consumers of this object. `poll`: seconds between looks at the queues
    when nothing hints at a message.
    """

    def __init__(self, conninfo: str, *, publishers: int = 4, poll: float = 0.5) -> None:
        self._conninfo = conninfo
        self._pump = Pump(conninfo, SQL, poll)
        self._pool: ConnectionPool[Connection] = ConnectionPool(
            conninfo,
            min_size=0,
            max_size=publishers,
            open=True,
            timeout=PATIENCE,
            num_workers=1,
            name="goals-bus",
            kwargs={"autocommit": True, "application_name": "goals-bus"},
        )

    def declare(self, queues: Sequence[QueueSpec]) -> None:
        """Makes schema, queues and bindings. Bindings are only added, as with RabbitMQ."""
        with self._connection() as conn, conn.transaction():
            conn.execute("SELECT pg_advisory_xact_lock(1651864436, 0)")
            self._make_schema(conn)
            for queue in queues:
                conn.execute(SQL["declare_queue"], [queue.name, queue.delivery_limit])
                for pattern in queue.bindings:
                    made = prepare(pattern)
                    conn.execute(SQL["bind"], [queue.name, pattern, made.likes, made.words, made.regex])

    def publish(self, messages: Sequence[Message]) -> None:
        """One round trip, one durable transaction."""
        if not messages:
            return
        with self._connection() as conn:
            try:
                conn.execute(SQL["publish"], _columns(messages))
            except (psycopg.errors.InvalidSchemaName, psycopg.errors.UndefinedFunction):
                self.declare([])
                conn.execute(SQL["publish"], _columns(messages))

    def publish_in(self, conn: Connection, messages: Sequence[Message]) -> None:
        """Publishes within the caller's transaction, one statement, whose result nobody needs to fetch: it fits into
        a pipeline. The bus must have been declared. An unroutable mandatory message fails the statement with
        SQLSTATE `GB001`, and so the transaction."""
        if messages:
            conn.execute(SQL["publish"], _columns(messages))

    def routed(self, conn: Connection, keys: Sequence[str]) -> Callable[[], set[str]]:
        """Which of `keys` some queue takes, as of the caller's transaction. Asked at once, fetched when called: so that
        whoever appends need not write out messages that nobody listens to."""
        asked = conn.execute(SQL["routed"], [list(keys)])
        return lambda: {key for (key,) in asked.fetchall()}

    def consume(self, queue: str, prefetch: int) -> QueueConsumer:
        return self._pump.consume(queue, prefetch)

    def depth(self, queue: str) -> int:
        with self._connection() as conn:
            row = conn.execute(SQL["depth"], [queue]).fetchone()
            return 0 if row is None else int(row[0])

    def dead_letters(self, queue: str, limit: int = 100) -> list[DeadLetter]:
        with self._connection() as conn:
            rows = conn.execute(SQL["dead_letters"], [queue, limit]).fetchall()
            return [DeadLetter(id_, key, body, reason, attempt) for id_, key, body, reason, attempt in rows]

    def replay(self, queue: str, ids: Sequence[str] | None = None) -> int:
        chosen = None if ids is None else list(ids)
        with self._connection() as conn:
            row = conn.execute(SQL["replay"], [queue, chosen, chosen]).fetchone()
            return 0 if row is None else int(row[0])

    def close(self) -> None:
        self._pump.close()
        self._pool.close()

    @contextmanager
    def _connection(self) -> Iterator[Connection]:
        """A connection of the pool; what PostgreSQL raises becomes what the port promises."""
        try:
            with self._pool.connection() as conn:
                yield conn
        except (psycopg.OperationalError, psycopg.InterfaceError, PoolTimeout) as error:
            self._pool.check()  # others of the pool have probably broken with it: away with them now
            raise BusUnavailable(f"PostgreSQL is away: {error}", hint="Publish again; see the server's log.") from error
        except psycopg.Error as error:
            if error.sqlstate == UNROUTABLE:
                raise Unroutable(str(error.diag.message_primary), hint="Declare the queue first.") from error
            raise

    def _make_schema(self, conn: Connection) -> None:
        """Once: replacing functions again and again would disturb those who run them."""
        row = conn.execute("SELECT obj_description(to_regnamespace('bus'), 'pg_namespace')").fetchone()
        if row is None or row[0] != SCHEMA_VERSION:
            conn.execute(SCHEMA)


SCHEMA = Path(__file__).with_name("postgres.sql").read_bytes()
SCHEMA_VERSION = "1"
"""As the comment on the schema in `postgres.sql` says."""


def _columns(messages: Sequence[Message]) -> tuple[list[str], list[str], list[bytes], list[bool]]:
    return (
        [message.key for message in messages],
        [message.id for message in messages],
        [message.body for message in messages],
        [message.mandatory for message in messages],
    )
