"""Daily: each learner's own day begins once, where they live, however often the clock ticks."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st
from people import NOW, learner

from functions.daily.agent import days
from functions.daily.function import STORE, DailyFunction, due, tick
from graph.topology import QUEUES, TICKED
from shared.bus.postgres import PostgresBus
from shared.events.catalogue.learners import LearnerErased, LearnerRegistered
from shared.events.codec import CONTENT_TYPE, command
from shared.events.record import new_event
from shared.settings import Settings
from shared.store import connect
from shared.store.connect import Connection
from shared.store.log import everything


def test_the_day_is_the_one_where_the_learner_lives() -> None:
    at = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
    people = [
        learner(learner="ana", timezone="Europe/Madrid"),
        learner(learner="kai", timezone="Pacific/Kiritimati"),
        learner(learner="leo", timezone="Pacific/Pago_Pago"),
    ]
    assert [d.day for d in days(people, at)] == [date(2026, 11, 23), date(2026, 11, 24), date(2026, 11, 23)]
    assert days(people, at - timedelta(hours=2))[2].day == date(2026, 11, 22)


def test_a_zone_nobody_knows_counts_as_utc() -> None:
    assert days([learner(timezone="Mars/Olympus")], NOW)[0].day == date(2026, 11, 23)
    assert days([learner(timezone="../etc")], NOW)[0].day == date(2026, 11, 23)


def test_a_day_off_begins_too_the_planner_decides_what_it_holds() -> None:
    assert len(days([learner(days_off=[0])], NOW)) == 1


@given(st.integers(0, 86_399), st.integers(0, 86_399))
def test_ticks_of_one_local_day_start_the_same_event(first: int, second: int) -> None:
    midnight = datetime(2026, 11, 22, 23, 0, tzinfo=UTC)  # in Madrid
    (one,) = days([learner()], midnight + timedelta(seconds=first))
    (other,) = days([learner()], midnight + timedelta(seconds=second))
    assert one == other


def register(conn: Connection, *names: str, zone: str = "Europe/Madrid") -> None:
    events = [
        [
            new_event(
                LearnerRegistered(name=name, timezone=zone),
                id=f"reg-{name}",
                source="/functions/api",
                subject=name,
                time=NOW,
                correlation=name,
            )
        ]
        for name in names
    ]
    with conn.transaction():
        STORE.append(conn, events)


def started(conn: Connection) -> list[tuple[str, str]]:
    return [(e.subject, e.data["day"]) for e in everything(conn) if e.type == "goals.day.started"]


def test_a_tick_starts_every_due_day_once_and_the_next_tick_writes_nothing(database: str) -> None:
    with connect(database) as conn:
        register(conn, "ana", "ben")
        register(conn, "kai", zone="Pacific/Kiritimati")
        outgoing = list(tick(conn, STORE, NOW))
        assert len(outgoing) == 1
        assert len(outgoing[0].messages) == 3, "each learner's thread is woken"
        assert started(conn) == [("ana", "2026-11-23"), ("ben", "2026-11-23"), ("kai", "2026-11-24")]
        assert list(tick(conn, STORE, NOW + timedelta(minutes=59))) == []
        assert len(list(tick(conn, STORE, NOW + timedelta(hours=14)))) == 1
        assert started(conn)[3:] == [("ana", "2026-11-24"), ("ben", "2026-11-24")]


def test_missed_ticks_are_made_up_for_the_present_day_only(database: str) -> None:
    with connect(database) as conn:
        register(conn, "ana")
        list(tick(conn, STORE, NOW))
        list(tick(conn, STORE, NOW + timedelta(days=4)))
        assert started(conn) == [("ana", "2026-11-23"), ("ana", "2026-11-27")]


def test_pages_follow_each_other_and_the_erased_get_no_day(database: str) -> None:
    with connect(database) as conn:
        register(conn, *(f"l-{n}" for n in range(7)))
        erased = new_event(
            LearnerErased(payloads=1), id="x", source="/functions/api", subject="l-3", time=NOW, correlation="x"
        )
        with conn.transaction():
            STORE.append(conn, [[erased]])
        seen, after = [], ""
        while after is not None:
            groups, after = due(conn, NOW, after=after, limit=3)
            seen += [e.subject for group in groups for e in group]
        assert seen == ["l-0", "l-1", "l-2", "l-4", "l-5", "l-6"]


def tick_of(**data: object) -> bytes:
    return command(TICKED, id="t", source="/clock", subject="clock", time=NOW, data=data, correlation="t")


def test_the_function_takes_a_tick_and_leaves_each_learners_command_on_the_bus(database: str, redis_url: str) -> None:
    bus = PostgresBus(database)
    bus.declare(QUEUES)
    bus.close()
    with connect(database) as conn:
        register(conn, "ana", "ben")
        function = DailyFunction(settings=Settings(database_url=database, redis_url=redis_url))
        function.start()
        try:
            assert [function.handle(tick_of(at="2026-11-23T10:00:00Z"), CONTENT_TYPE).status for _ in range(2)] == [
                204,
                204,
            ]
            assert len(started(conn)) == 2
            for wrong in ({"at": "today"}, {"at": "2026-11-23T10:00:00"}, {"at": 7}, {}):
                assert function.handle(tick_of(**wrong), CONTENT_TYPE).status == 422
            other = command("goals.node.x", id="t", source="/g", subject="a", time=NOW, data={}, correlation="t")
            assert function.handle(other, CONTENT_TYPE).status == 422
        finally:
            function.stop()
        assert len(started(conn)) == 2
