"""The read model: in step with the log, rebuilt beside itself, swapped in."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import UTC, datetime

import psycopg
import pytest

from shared.events.catalogue.interactions import MoodAnsweredV1
from shared.events.catalogue.learners import LearnerRegistered
from shared.events.record import NewEvent, new_event
from shared.readmodel import READ_MODEL, View
from shared.store import Store, connect, migrate
from shared.store.connect import Connection
from shared.store.projections import ensure, rebuild, stands
from tests.store.conftest import edit

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)


def registered(learner: str) -> NewEvent:
    body = LearnerRegistered(name="Ada", language="es", timezone="Europe/Madrid")
    return new_event(body, id=f"r-{learner}", source="/functions/api", subject=learner, time=NOW, correlation="c")


def append(store: Store, conn: Connection, *events: NewEvent) -> None:
    with conn.pipeline(), conn.transaction():
        store.append_one(conn, events)


def test_a_commit_is_visible_in_the_read_model_at_once(store: Store, conn: Connection) -> None:
    append(store, conn, registered("ada"))
    learner = View(conn).learner("ada")
    assert learner is not None
    assert (learner.language, learner.timezone, learner.level) == ("es", "Europe/Madrid", None)
    assert stands(conn) == (READ_MODEL.version, 1)


def test_a_rebuilt_read_model_equals_the_one_kept_live(store: Store, conn: Connection) -> None:
    for n in range(30):
        append(store, conn, registered(f"l{n}"), edit(f"e{n}"))
    tables = [t for (t,) in conn.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'view'")]
    live = {t: conn.execute(f'SELECT * FROM "{t}" ORDER BY 1').fetchall() for t in tables}  # type: ignore[arg-type]  # noqa: S608
    assert rebuild(conn, READ_MODEL) == 60
    again = {t: conn.execute(f'SELECT * FROM "{t}" ORDER BY 1').fetchall() for t in tables}  # type: ignore[arg-type]  # noqa: S608
    assert again == live


def test_writers_go_on_while_it_is_rebuilt_and_nothing_is_missed(store: Store, conn: Connection, database: str) -> None:
    for n in range(300):
        append(store, conn, edit(f"e{n}"))
    stop = threading.Event()

    def write() -> None:
        with connect(database) as other:
            n = 0
            while not stop.is_set():
                append(store, other, registered(f"w{n}"))
                n += 1

    writer = threading.Thread(target=write)
    writer.start()
    for _ in range(3):
        rebuild(conn, READ_MODEL)
    stop.set()
    writer.join()
    (events,) = conn.execute("SELECT count(*) FROM events WHERE type = 'goals.learner.registered'").fetchone() or (0,)
    (rows,) = conn.execute("SELECT count(*) FROM learner").fetchone() or (0,)
    assert rows == events > 0
    assert stands(conn) == (READ_MODEL.version, events + 300)


def test_a_new_version_is_rebuilt_at_start_and_the_same_one_is_not(database: str, conn: Connection) -> None:
    assert not ensure(database, READ_MODEL)
    assert ensure(database, replace(READ_MODEL, version="another"))
    assert stands(conn) == ("another", 0)


def test_an_append_on_a_read_model_that_lags_is_refused_and_leaves_nothing(store: Store, conn: Connection) -> None:
    append(store, conn, edit("a"))
    conn.execute("UPDATE projection SET position = 0")
    with pytest.raises(psycopg.errors.SerializationFailure, match="does not stand at position 1"):
        append(store, conn, edit("b"))
    assert conn.execute("SELECT count(*) FROM events").fetchone() == (1,)


def test_a_process_that_projects_by_other_rules_cannot_write(store: Store, conn: Connection) -> None:
    old = replace(store, model=replace(READ_MODEL, version="old"))
    with pytest.raises(psycopg.errors.SerializationFailure, match="of version old"):
        append(old, conn, edit("a"))
    append(store, conn, edit("a"))


def test_data_of_an_older_version_is_lifted_before_it_is_projected(store: Store, conn: Connection) -> None:
    old = new_event(MoodAnsweredV1(score=1), id="m", source="/l", subject="ada", time=NOW, correlation="m")
    append(store, conn, old)
    assert View(conn).mood_of("ada").answer == "stuck"


def test_migrating_twice_applies_nothing_twice(database: str) -> None:
    assert migrate(database) == []
