"""Appending: versions, order, duplicates, payloads, the outbox."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shared.errors import WrongVersion
from shared.store import Store, connect, log, payloads
from shared.store.connect import Connection
from tests.store.conftest import edit, wish


def append(store: Store, conn: Connection, *events: object) -> list[object]:
    with conn.pipeline(), conn.transaction():
        return list(store.append_one(conn, events).results[0])  # type: ignore[arg-type]


def test_positions_and_versions_count_from_one_without_gaps(store: Store, conn: Connection) -> None:
    append(store, conn, edit("a"), edit("b", learner="bo"), edit("c"))
    append(store, conn, edit("d"))
    events = log.tail(conn)
    assert [(e.position, e.stream, e.version) for e in events] == [
        (1, "activity/ada", 1),
        (2, "activity/bo", 1),
        (3, "activity/ada", 2),
        (4, "activity/ada", 3),
    ]


def test_an_event_sent_again_is_acknowledged_with_its_first_position(store: Store, conn: Connection) -> None:
    (first,) = append(store, conn, edit("a"))
    (again,) = append(store, conn, edit("a", inserted=99))
    assert (first.new, again.new) == (True, False)  # type: ignore[attr-defined]
    assert first.position == again.position  # type: ignore[attr-defined]
    assert len(log.tail(conn)) == 1


def test_two_learners_may_use_the_same_event_id(store: Store, conn: Connection) -> None:
    append(store, conn, edit("a", learner="ada"), edit("a", learner="bo"))
    assert [e.subject for e in log.tail(conn)] == ["ada", "bo"]


def test_a_decision_on_an_old_version_is_refused_with_both_versions_named(store: Store, conn: Connection) -> None:
    append(store, conn, edit("a"), edit("b"))
    with pytest.raises(WrongVersion, match="stands at version 2, not 1"):
        append(store, conn, edit("c", expected=1))
    append(store, conn, edit("c", expected=2))


def test_one_group_in_conflict_leaves_the_others_of_its_batch_alone(store: Store, conn: Connection) -> None:
    with conn.transaction():
        results = store.append(conn, [[edit("a")], [edit("b", expected=7)], [edit("c")]]).results
    assert [isinstance(r, WrongVersion) for r in results] == [False, True, False]
    assert [e.id for e in log.tail(conn)] == ["a", "c"]


def test_a_learners_own_words_are_kept_apart_and_can_be_erased(store: Store, conn: Connection) -> None:
    append(store, conn, wish("w", "I want to sort my records"))
    (event,) = log.tail(conn)
    assert "sort" not in str(event.data)
    assert payloads.text(conn, "ada", event.data["text"]) == "I want to sort my records"
    assert payloads.text(conn, "bo", event.data["text"]) == ""
    assert payloads.erase(conn, "ada") == 1
    assert payloads.text(conn, "ada", event.data["text"]) == ""
    assert log.tail(conn) == [event]


def test_after_an_erasure_nothing_that_was_still_on_its_way_is_kept(store: Store, conn: Connection) -> None:
    append(store, conn, wish("w1", "before"))
    with conn.transaction():
        assert payloads.erase(conn, "ada") == 1
    append(store, conn, wish("w2", "on its way"), wish("w3", "somebody else's", learner="bo"))
    bodies = [body for (body,) in conn.execute("SELECT body FROM payloads")]
    assert bodies == ["somebody else's"]
    assert [e.id for e in log.tail(conn)] == ["w1", "w2", "w3"]


def test_an_erasure_waits_for_an_append_that_holds_a_text_of_theirs(
    store: Store, conn: Connection, database: str
) -> None:
    with connect(database) as other, ThreadPoolExecutor(1) as pool:

        def erase() -> int:
            with other.transaction():
                return payloads.erase(other, "ada")

        with conn.transaction():
            store.append_one(conn, [wish("w", "in flight")])
            erasing = pool.submit(erase)
        assert erasing.result(10) == 1
    assert conn.execute("SELECT count(*) FROM payloads").fetchone() == (0,)


def test_what_enters_the_graph_waits_for_its_thread_and_wakes_it(store: Store, conn: Connection) -> None:
    append(store, conn, wish("w", "files"), edit("e"))
    assert conn.execute("SELECT thread, position FROM waiting").fetchall() == [("learner/ada", 1)]
    keys = conn.execute("SELECT first, last, key FROM outbox ORDER BY id").fetchall()
    assert keys == [(1, 2, None), (None, None, "goals.thread.woken")]


def test_nothing_of_a_rolled_back_append_remains(store: Store, conn: Connection) -> None:
    class Stop(Exception):
        pass

    with pytest.raises(Stop), conn.transaction():
        store.append(conn, [[wish("w", "files")]])
        raise Stop
    for table in ("events", "payloads", "outbox", "waiting"):
        assert conn.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,)  # type: ignore[arg-type]  # noqa: S608
    append(store, conn, edit("a"))
    assert log.tail(conn)[0].position == 1


def test_a_reader_that_tails_while_eight_writers_commit_misses_nothing_and_sees_order(
    store: Store, database: str
) -> None:
    """The ordering hazard: with a bare sequence, a later position can become visible before an earlier one."""
    each, writers = 40, 8
    seen: list[int] = []
    versions: dict[str, list[int]] = {}
    done = threading.Event()

    def tail() -> None:
        with connect(database) as reader:
            position, last_look = 0, False
            while True:
                page = log.tail(reader, after=position)
                for event in page:
                    seen.append(event.position)
                    versions.setdefault(event.stream, []).append(event.version)
                    position = event.position
                if not page:
                    if last_look:
                        return
                    last_look = done.is_set()

    def write(n: int) -> None:
        with connect(database) as writer:
            for i in range(each):
                with writer.pipeline(), writer.transaction():
                    store.append_one(
                        writer, [edit(f"{n}-{i}", learner=f"l{n % 3}"), edit(f"{n}-{i}x", learner=f"l{n}")]
                    )

    reader = threading.Thread(target=tail)
    reader.start()
    with ThreadPoolExecutor(writers) as pool:
        for future in [pool.submit(write, n) for n in range(writers)]:
            future.result()
    done.set()
    reader.join()
    assert seen == list(range(1, each * writers * 2 + 1))
    assert all(v == list(range(1, len(v) + 1)) for v in versions.values())


ids = st.text("abcdef", min_size=1, max_size=2)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.lists(st.tuples(ids, st.sampled_from(["ada", "bo"])), max_size=4), max_size=6))
def test_any_batches_of_any_resends_store_each_event_once(store: Store, database: str, batches: list) -> None:  # type: ignore[type-arg]
    with connect(database) as conn:
        conn.execute("TRUNCATE events, payloads, outbox, waiting CASCADE")
        conn.execute("UPDATE projection SET position = 0")
        expected: dict[tuple[str, str], None] = {}
        for batch in batches:
            groups = [[edit(id_, learner=learner)] for id_, learner in batch]
            with conn.pipeline(), conn.transaction():
                results = store.append(conn, groups).results
            for (id_, learner), result in zip(batch, results, strict=True):
                assert not isinstance(result, WrongVersion)
                assert result[0].new == ((learner, id_) not in expected)
                expected.setdefault((learner, id_))
        events = log.tail(conn)
        assert [(e.subject, e.id) for e in events] == list(expected)
        assert [e.position for e in events] == list(range(1, len(events) + 1))
