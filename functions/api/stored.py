"""The feed's look into the store, off the event loop."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TypeVar

import psycopg
from psycopg_pool import PoolTimeout

from functions.api.feed import Head, Read
from functions.api.words import put_back
from shared.errors import StoreUnavailable
from shared.events.record import Event
from shared.refusals import say
from shared.store import log
from shared.store.connect import Connection, Pool

T = TypeVar("T")


async def _look(pool: Pool, query: Callable[[Connection], T]) -> T:
    def run() -> T:
        try:
            with pool.connection() as conn:
                return query(conn)
        except (psycopg.Error, PoolTimeout, OSError) as error:
            raise StoreUnavailable(say("store_away", why=type(error).__name__)) from error

    return await asyncio.to_thread(run)


def reader(pool: Pool) -> Read:
    async def read(learner: str, after: int, limit: int) -> list[Event]:
        def query(conn: Connection) -> list[Event]:
            events = log.of_subject(conn, learner, after=after, limit=limit)
            put_back(conn, learner, events)
            return events

        return await _look(pool, query)

    return read


def heads(pool: Pool) -> Head:
    async def head(learner: str) -> int:
        return await _look(pool, lambda conn: log.head_of(conn, learner))

    return head
