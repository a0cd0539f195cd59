"""The lake is written again from the log alone: its files are lost, or those of another time."""

from __future__ import annotations

from pathlib import Path

import shared.lake
from shared.lake.copies.making import parts
from shared.lake.objects import ObjectStore
from shared.store.connect import Connection, connect
from tests.lake.events import append, in_lake, in_store, registered
from tests.lake.test_copies import followed, rows, worked

AGAIN = (Path(shared.lake.__file__).with_name("again.sql")).read_text()


def all_keys(objects: ObjectStore) -> set[str]:
    return {stat.key for stat in objects.keys("")}


def again(conn: Connection) -> None:
    """As psql does it."""
    conn.execute(AGAIN.encode())


def test_from_an_empty_bucket_it_is_the_same_again(database: str, objects: ObjectStore) -> None:
    with connect(database) as conn:
        append(conn, "ada", [registered(), *worked("g1")])
        followed(conn, objects)
        before, copy = in_lake(conn, objects), rows(conn, objects, "ada", "attempts")
        for key in all_keys(objects):
            objects.delete(key)
        again(conn)
        followed(conn, objects)
        assert in_lake(conn, objects) == before == in_store(conn)
        assert rows(conn, objects, "ada", "attempts") == copy != []


def test_among_files_of_another_time_nothing_is_there_twice_and_a_learner_s_disk_is_told_anew(
    database: str, objects: ObjectStore
) -> None:
    with connect(database) as conn:
        append(conn, "ada", [registered(), *worked("g1")])
        followed(conn, objects)
        change = max(part.change for part in parts(conn, "ada"))
        append(conn, "ada", worked("g2"))
        followed(conn, objects)
        again(conn)
        append(conn, "bob", [registered()])
        followed(conn, objects)
        assert in_lake(conn, objects) == in_store(conn)
        assert {row["goal"] for row in rows(conn, objects, "ada", "attempts")} == {"g1", "g2"}
        assert min(part.change for part in parts(conn, "ada")) > change + 1
