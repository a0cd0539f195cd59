"""What nobody finished is sent again, by whoever sweeps."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from graph.sweep import sweep
from graph.topology import QUEUES
from shared.bus.postgres import PostgresBus
from shared.events.catalogue.learners import LearnerRegistered
from shared.events.catalogue.teaching import GoalAssigned
from shared.function.parts import Parts
from shared.settings import Settings
from shared.store.queries import SQL
from tests.graph.conftest import START, Hand, run_finished


@pytest.fixture
def parts(database: str) -> Iterator[Parts]:
    bus = PostgresBus(database)
    bus.declare(QUEUES)
    bus.close()
    opened = Parts.open(Settings(database_url=database), "sweeper")
    yield opened
    opened.close()


def taken(parts: Parts, hand: Hand) -> list[str]:
    """Empties the bus into the hand's queue; gives the keys."""
    from shared.bus.port import Message

    rows = hand.conn.execute("DELETE FROM bus.messages RETURNING position, key, body, id").fetchall()
    found = [Message(key, bytes(body), id_) for _, key, body, id_ in sorted(rows)]
    hand.queue = found
    return [m.key for m in found]


def test_a_task_whose_command_was_lost_is_sent_again_and_the_run_ends(hand: Hand, parts: Parts) -> None:
    hand.happen(run_finished(passed=3), "e1")
    hand.handle(hand.queue.pop(0))
    hand.queue.clear()
    hand.conn.execute("DELETE FROM outbox")
    assert sweep(parts, START, overdue=0).tasks == 1
    assert taken(parts, hand) == ["goals.node.access"]
    hand.drain()
    assert hand.said().count("courses") == 2


def test_of_two_siblings_only_the_unfinished_one_is_sent_again(hand: Hand, parts: Parts) -> None:
    hand.happen(run_finished(), "e1")
    for _ in range(4):
        hand.handle(hand.queue.pop(0))
    lost = hand.queue.pop(0).key
    hand.conn.execute("DELETE FROM outbox")
    sweep(parts, START, overdue=0)
    assert taken(parts, hand) == [lost]


def test_an_input_that_nobody_took_wakes_its_thread(hand: Hand, parts: Parts) -> None:
    hand.happen(run_finished(), "e1")
    hand.queue.clear()
    hand.conn.execute("DELETE FROM outbox")
    assert sweep(parts, START, overdue=0).inputs == 1
    assert taken(parts, hand) == ["goals.thread.woken"]
    hand.drain()
    assert "feedback" in hand.said()


def test_commands_in_the_outbox_are_published(hand: Hand, parts: Parts) -> None:
    hand.happen(run_finished(), "e1")
    hand.conn.execute("UPDATE outbox SET written = written - interval '1 minute'")
    assert sweep(parts, START, overdue=1000).outbox == 2
    assert taken(parts, hand) == ["goals.thread.woken"]


def test_what_moves_is_left_alone(hand: Hand, parts: Parts) -> None:
    hand.happen(run_finished(), "e1")
    hand.handle(hand.queue.pop(0))
    hand.conn.execute("DELETE FROM outbox")
    assert sweep(parts, START, overdue=60).tasks == 0


def test_a_task_that_was_refused_for_good_waits_for_its_replay(hand: Hand, parts: Parts) -> None:
    hand.happen(run_finished(), "e1")
    hand.handle(hand.queue.pop(0))
    refused = hand.queue.pop(0)
    hand.conn.execute("DELETE FROM outbox")
    hand.conn.execute(SQL["reject"], [refused.id, "access", refused.key, "a bug", refused.body])
    assert sweep(parts, START, overdue=0).tasks == 0


def test_a_repeat_that_is_refused_ends_the_repeating(hand: Hand, parts: Parts) -> None:
    """The refusal of a repeated command is kept under the task's own key, whatever id the repeat had."""
    from cloudevents.core.v1.event import CloudEvent

    from graph.decision import Decision
    from graph.host import NodeFunction
    from shared.events.codec import from_wire

    hand.happen(run_finished(), "e1")
    hand.handle(hand.queue.pop(0))
    hand.conn.execute("DELETE FROM outbox")
    assert sweep(parts, START, overdue=0).tasks == 1
    (key,) = taken(parts, hand)
    (again,) = hand.queue
    event = from_wire(again.body)
    assert isinstance(event, CloudEvent)
    refusal = NodeFunction("access", lambda *_: Decision()).refusal(event)
    assert refusal != again.id
    hand.conn.execute(SQL["reject"], [refusal, "access", key, "a bug", again.body])
    assert sweep(parts, START, overdue=0).tasks == 0


def test_a_thread_whose_wake_was_refused_does_not_starve_the_others(hand: Hand, parts: Parts) -> None:
    from graph.entries import wake_key

    hand.happen(run_finished("g0"), "e1")
    hand.happen(run_finished("g1"), "e2")
    hand.conn.execute("DELETE FROM outbox")
    hand.conn.execute(SQL["reject"], [wake_key("goal/g0"), "access", "goals.thread.woken", "a bug", b""])
    assert sweep(parts, START, overdue=0).inputs == 1


# --- what stood still is said


def stalled(hand: Hand) -> list[dict[str, Any]]:
    query = "SELECT subject, data FROM events WHERE type = %s ORDER BY position"
    found = hand.conn.execute(query, ["goals.thread.stalled"])
    return [{"learner": subject, **data} for subject, data in found]


@pytest.fixture
def owned(hand: Hand) -> Hand:
    """`ada` is known, and so is her goal g0."""
    hand.happen(LearnerRegistered(name="Ada"), "registered")
    assigned = GoalAssigned(
        goal="g0", kind="daily", challenge="coin-jar", challenge_version=1, course="c", concepts=("loops",),
        difficulty=0.5, day=START.date(), minutes=5, because="",
    )  # fmt: skip
    hand.happen(assigned, "assigned")
    hand.happen(run_finished(), "e1")
    return hand


def test_a_task_that_was_lost_is_reported_once_to_the_learner_whose_it_is(owned: Hand, parts: Parts) -> None:
    owned.handle(owned.queue.pop(0))
    owned.conn.execute("DELETE FROM outbox")
    assert sweep(parts, START, overdue=0).stalled == 1
    assert sweep(parts, START, overdue=0).stalled == 0
    (told,) = stalled(owned)
    assert (told["learner"], told["thread"], told["node"]) == ("ada", "goal/g0", "access")
    assert (told["cause"], told["repair"], told["retry"]) == ("lost", "sent_again", None)


def test_an_input_nobody_took_and_a_refused_wake_are_reported(owned: Hand, parts: Parts) -> None:
    from graph.entries import wake_key

    owned.conn.execute("DELETE FROM outbox")
    sweep(parts, START, overdue=0)
    owned.conn.execute(SQL["reject"], [wake_key("goal/g0"), "access", "goals.thread.woken", "a bug", b""])
    sweep(parts, START, overdue=0)
    assert [told["cause"] for told in stalled(owned)] == ["not_taken", "refused"]


def test_a_refused_task_is_reported_and_sent_again_an_hour_later(owned: Hand, parts: Parts) -> None:
    owned.handle(owned.queue.pop(0))
    refused = owned.queue.pop(0)
    owned.conn.execute("DELETE FROM outbox")
    owned.conn.execute(SQL["reject"], [refused.id, "access", refused.key, "a bug", refused.body])
    assert sweep(parts, START, overdue=0).tasks == 0
    (told,) = stalled(owned)
    assert (told["cause"], told["repair"]) == ("refused", "waits")
    assert told["retry"] is not None
    owned.conn.execute("UPDATE rejections SET at = at - interval '61 minutes'")
    assert sweep(parts, START, overdue=0).tasks == 1
    assert taken(parts, owned) == ["goals.node.access"]
    owned.drain()
    assert "feedback" in owned.said()
    assert sweep(parts, START, overdue=0).tasks == 0


def test_a_thread_of_nobody_is_sent_again_all_the_same(hand: Hand, parts: Parts) -> None:
    hand.happen(run_finished(), "e1")
    hand.handle(hand.queue.pop(0))
    hand.conn.execute("DELETE FROM outbox")
    swept = sweep(parts, START, overdue=0)
    assert (swept.tasks, swept.stalled) == (1, 0)
    assert stalled(hand) == []
