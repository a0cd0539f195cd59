"""Events that mean little, for a store that must not care what they mean."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from graph import entries
from shared.events.catalogue.interactions import CodeEdited, WishStated
from shared.events.record import NewEvent, new_event
from shared.readmodel import READ_MODEL
from shared.store import Store, connect
from shared.store.connect import Connection

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)


def edit(id_: str, *, learner: str = "ada", inserted: int = 1, expected: int | None = None) -> NewEvent:
    return new_event(
        CodeEdited(goal="g1", inserted=inserted, deleted=0),
        id=id_,
        source=f"/learners/{learner}",
        subject=learner,
        time=NOW,
        correlation=id_,
        expected=expected,
    )


def wish(id_: str, text: str, learner: str = "ada") -> NewEvent:
    body = WishStated(text=text)
    return new_event(body, id=id_, source=f"/learners/{learner}", subject=learner, time=NOW, correlation=id_)


@pytest.fixture
def conn(database: str) -> Iterator[Connection]:
    with connect(database) as connection:
        yield connection


@pytest.fixture
def store() -> Store:
    return Store(READ_MODEL, entries.thread_of, entries.wake)


__all__ = ["edit", "wish"]
