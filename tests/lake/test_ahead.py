"""A range is read while the one before it is written: the lake is the same, whatever happens between the two."""

from __future__ import annotations

from contextlib import AbstractContextManager

import pytest

from shared.clock import utc_now
from shared.lake import manifest
from shared.lake.filling import fill
from shared.lake.objects.local import LocalObjects
from shared.lake.ranges import Ahead
from shared.lake.writing import EVENTS
from shared.store import payloads
from shared.store.connect import Connection, connect
from tests.lake.events import a_day, append, in_lake, in_store, registered

ROWS = 4


class Lent:
    """Connections to a database, counted."""

    def __init__(self, database: str) -> None:
        self.database, self.times = database, 0

    def __call__(self) -> AbstractContextManager[Connection]:
        self.times += 1
        return connect(self.database)


def days(conn: Connection, *learners: str, count: int = 4) -> None:
    for learner in learners:
        append(conn, learner, [registered()], tag=learner)
        for turn in range(count):
            append(conn, learner, a_day(f"{learner}-{turn}"), tag=f"{learner}{turn}")


def test_all_ranges_but_the_first_and_a_short_last_one_are_read_ahead(database: str, local: LocalObjects) -> None:
    lent = Lent(database)
    with connect(database) as conn, Ahead(lent) as ahead:
        days(conn, "ada")  # 25 events
        done = 0
        while fill(conn, local, now=utc_now(), rows=ROWS, ahead=ahead):
            done += 1
        assert (done, lent.times) == (7, 5)
        assert in_lake(conn, local) == in_store(conn)


def test_few_events_borrow_no_connection(database: str, local: LocalObjects) -> None:
    lent = Lent(database)
    with connect(database) as conn, Ahead(lent) as ahead:
        days(conn, "ada")
        while fill(conn, local, now=utc_now(), ahead=ahead):
            pass
        assert lent.times == 0
        assert in_lake(conn, local) == in_store(conn)


def test_somebody_erased_behind_the_reading_is_in_no_file(database: str, local: LocalObjects) -> None:
    with connect(database) as conn, connect(database) as other, Ahead(Lent(database)) as ahead:
        days(conn, "ada", "bob")
        for turn in range(100):
            if turn == 2:  # the third range is read by now, or being read
                with other.transaction():
                    payloads.erase(other, "ada")
            if not fill(conn, local, now=utc_now(), rows=ROWS, ahead=ahead):
                break
        from_ada = {r["position"] for r in in_lake(conn, local).values() if r["subject"] == "ada"}
        assert all(position <= 2 * ROWS for position in from_ada)  # what was in before is taken out by the next sweep
        assert {r["subject"] for r in in_lake(conn, local).values()} == {"ada", "bob"}


def test_another_writer_who_is_faster_makes_the_reading_useless_and_nothing_else(
    database: str, local: LocalObjects
) -> None:
    with connect(database) as conn, connect(database) as other, Ahead(Lent(database)) as ahead:
        days(conn, "ada", "bob")
        assert fill(conn, local, now=utc_now(), rows=ROWS, ahead=ahead) is not None
        assert fill(other, local, now=utc_now(), rows=3) is not None
        while fill(conn, local, now=utc_now(), rows=ROWS, ahead=ahead):
            pass
        assert in_lake(conn, local) == in_store(conn)
        assert {s.key for s in local.keys(EVENTS)} == {f.key for f in manifest.files(conn)}


def test_an_end_that_was_noted_is_kept_to_whatever_was_read(database: str, local: LocalObjects) -> None:
    with connect(database) as conn, Ahead(Lent(database)) as ahead:
        days(conn, "ada")
        assert fill(conn, local, now=utc_now(), rows=ROWS, ahead=ahead) is not None
        conn.execute("UPDATE lake_position SET intended = position + 2")  # by one who was killed since
        done = fill(conn, local, now=utc_now(), rows=ROWS, ahead=ahead)
        assert done is not None
        assert (done.first, done.last) == (ROWS + 1, ROWS + 2)
        while fill(conn, local, now=utc_now(), rows=ROWS, ahead=ahead):
            pass
        assert in_lake(conn, local) == in_store(conn)


def test_a_connection_that_cannot_be_had_is_said_and_the_next_sweep_goes_on(database: str, local: LocalObjects) -> None:
    def none() -> AbstractContextManager[Connection]:
        raise ConnectionError("no more connections")

    with connect(database) as conn:
        days(conn, "ada")
        with Ahead(none) as ahead, pytest.raises(ConnectionError, match="no more"):
            while fill(conn, local, now=utc_now(), rows=ROWS, ahead=ahead):
                pass
        while fill(conn, local, now=utc_now(), rows=ROWS):
            pass
        assert in_lake(conn, local) == in_store(conn)
