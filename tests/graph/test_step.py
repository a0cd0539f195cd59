"""The graph over functions: joins, cycles, sends, duplicates, siblings, crashes."""

from __future__ import annotations

import json
from typing import Any

import pytest

from graph.build import VERSION, build
from graph.decision import Decision
from graph.step import NodeCommand, Step
from shared.errors import NotFound, Unavailable
from shared.events.catalogue.interactions import GoalPaused, HintAsked, ProfileStated
from shared.store import connect
from shared.store.connect import Connection
from tests.graph.conftest import START, Hand, command_of, run_finished, standard_bodies, store


def test_a_run_goes_through_fan_out_join_sends_and_cycle_to_its_end(hand: Hand) -> None:
    hand.happen(run_finished(passed=3), "e1")
    hand.drain()
    said = hand.said()
    assert said[:2] == ["access", "contract"]
    assert sorted(said[2:4]) == ["evaluation", "feedback"]
    assert said.count("process") >= 2
    assert said.count("challenges") == 6  # three orders; one made in its second round, one rejected in all three
    assert said.count("courses") == 2
    values = hand.values("goal/g0")
    assert sorted(values["written"]) == ["g1", "g2"]
    assert [m["order"]["round"] for m in values["made"] if m["order"]["goal"] == "g3"] == [1, 2, 3]


def test_the_join_runs_once_however_its_siblings_finish(hand: Hand) -> None:
    hand.happen(run_finished(), "e1")
    for _ in range(3):
        hand.handle(hand.queue.pop(0))
    assert [m.key for m in hand.queue] == ["goals.node.evaluation", "goals.node.feedback"]
    hand.handle(hand.queue.pop(1))
    assert [m.key for m in hand.queue] == ["goals.node.evaluation"]
    hand.handle(hand.queue.pop(0))
    assert [m.key for m in hand.queue] == ["goals.node.process"]


def test_fresh_evidence_passes_access_and_contract_over(hand: Hand) -> None:
    hand.happen(run_finished(), "e1")
    hand.drain()
    hand.happen(run_finished(run="r2"), "e2")
    before = len(hand.said())
    hand.drain()
    assert hand.said()[before] in ("evaluation", "feedback")


def test_a_burst_waits_for_the_busy_thread_and_costs_one_run(hand: Hand) -> None:
    hand.happen(run_finished(), "e0")
    hand.handle(hand.queue.pop(0))
    for n in range(1, 51):
        hand.happen(run_finished(run=f"r{n}"), f"e{n}")
    hand.drain(400)
    inputs = hand.values("goal/g0")["inputs"]
    assert [i["id"] for i in inputs] == [f"e{n}" for n in range(1, 51)]
    assert hand.said().count("feedback") == 2


def test_inputs_of_another_trigger_make_a_run_of_their_own(hand: Hand) -> None:
    hand.happen(run_finished(), "e1")
    hand.happen(HintAsked(goal="g0"), "e2")
    hand.happen(GoalPaused(goal="g0"), "e3")
    hand.drain()
    assert [i["id"] for i in hand.values("goal/g0")["inputs"]] == ["e3"]
    assert hand.said().count("feedback") == 1


def test_a_duplicate_is_acknowledged_and_does_nothing(hand: Hand) -> None:
    hand.happen(run_finished(), "e1")
    wake = hand.queue[0]
    hand.handle(hand.queue.pop(0))
    access = hand.queue[0]
    hand.handle(hand.queue.pop(0))
    said = hand.said()
    assert hand.handle(access) == "duplicate"
    assert hand.handle(wake) == "idle"
    assert hand.said() == said


def test_a_stale_command_of_a_finished_run_is_a_duplicate(hand: Hand) -> None:
    hand.happen(run_finished(), "e1")
    hand.handle(hand.queue.pop(0))
    access = hand.queue[0]
    hand.drain()
    hand.queue.clear()
    assert hand.handle(access) == "duplicate"
    assert hand.queue == []


def test_a_thread_that_does_not_exist_is_refused(hand: Hand) -> None:
    with pytest.raises(NotFound, match="goal/none"):
        hand.step.run(hand.conn, NodeCommand("goal/none", "c", "t", "access"))


def test_two_siblings_finishing_at_once_make_one_join(hand: Hand, database: str) -> None:
    """Both run on the same head, each sees the other unfinished; the second to commit must move the graph on."""
    hand.happen(run_finished(), "e1")
    for _ in range(3):
        hand.handle(hand.queue.pop(0))
    first, second = hand.queue
    hand.queue.clear()
    with connect(database) as other:

        def meanwhile(point: str) -> None:
            if point == "ran":
                outcome, outgoing = hand.step.run(other, command_of(second))
                assert (outcome, outgoing.messages) == ("done", [])

        step = Step(hand.step.graph, hand.step.store, hand.step.now, meanwhile)
        outcome, outgoing = step.run(hand.conn, command_of(first))
    assert outcome == "done"
    assert [m.key for m in outgoing.messages] == ["goals.node.process"]
    assert sorted(hand.said()[2:]) == ["evaluation", "feedback"]


def test_the_same_task_run_twice_at_once_is_recorded_once(hand: Hand, database: str) -> None:
    hand.happen(run_finished(), "e1")
    hand.handle(hand.queue.pop(0))
    access = hand.queue[0]
    with connect(database) as other:

        def meanwhile(point: str) -> None:
            if point == "ran":
                assert hand.step.run(other, command_of(access))[0] == "done"

        step = Step(hand.step.graph, hand.step.store, hand.step.now, meanwhile)
        assert step.run(hand.conn, command_of(access))[0] == "duplicate"
    assert hand.said() == ["access"]


class Crash(Exception):
    pass


@pytest.mark.parametrize("point", ["ran", "before commit", "committed"])
def test_a_crash_at_any_point_repeats_a_task_and_never_a_result(hand: Hand, point: str) -> None:
    """Each message is first handled by a function that dies at `point`, then delivered again."""

    def die(at: str) -> None:
        if at == point:
            raise Crash

    dying = Step(hand.step.graph, hand.step.store, hand.step.now, die)
    healthy = hand.step
    hand.happen(run_finished(passed=3), "e1")
    crashes = 0
    while hand.queue:
        message = hand.queue.pop(0)
        hand.step = dying
        try:
            hand.handle(message)
        except Crash:
            crashes += 1
        hand.step = healthy
        if hand.handle(message) in ("duplicate", "idle"):
            hand.queue.extend(outbox(hand.conn))
    assert crashes > 10
    said = hand.said()
    assert (said.count("challenges"), said.count("courses"), said.count("access")) == (6, 2, 1)


def outbox(conn: Connection) -> list[Any]:
    """What a crash after the commit left to the relay's sweep; it is taken as sent."""
    from shared.bus.port import Message

    rows = conn.execute("DELETE FROM outbox WHERE key IS NOT NULL RETURNING key, body, message_id, id").fetchall()
    known = set()
    messages = []
    for key, body, id_, _ in sorted(rows, key=lambda r: str(r[3])):
        if id_ not in known:
            known.add(id_)
            messages.append(Message(key, bytes(body), id_))
    return messages


def test_a_node_that_fails_for_a_moment_is_retried_in_place(conn: Connection) -> None:
    tries = []

    def flaky(state: Any, view: Any, now: Any) -> Decision:
        tries.append(1)
        if len(tries) < 3:
            raise Unavailable("the model is away")
        return Decision(update={"access": {"granted": True, "until": "9"}})

    hand = Hand(conn, Step(build({**standard_bodies(), "access": flaky}), store(), lambda: START))
    hand.happen(run_finished(), "e1")
    hand.handle(hand.queue.pop(0))
    assert hand.handle(hand.queue.pop(0)) == "done"
    assert len(tries) == 3


def test_a_node_that_keeps_failing_leaves_everything_as_it_was(conn: Connection) -> None:
    def broken(state: Any, view: Any, now: Any) -> Decision:
        raise ValueError("a bug")

    hand = Hand(conn, Step(build({**standard_bodies(), "access": broken}), store(), lambda: START))
    hand.happen(run_finished(), "e1")
    hand.handle(hand.queue.pop(0))
    with pytest.raises(ValueError, match="a bug"):
        hand.handle(hand.queue[0])
    repaired = Hand(conn, Step(build(standard_bodies()), store(), lambda: START), queue=hand.queue)
    repaired.drain()
    assert "process" in repaired.said()


def test_a_cycle_that_does_not_end_is_cut_at_the_budget_and_the_thread_goes_on(conn: Connection) -> None:
    endless = {
        **standard_bodies(),
        "challenges": _always_rejected,
    }
    hand = Hand(conn, Step(build(endless), store(), lambda: START))
    hand.happen(ProfileStated(), "e1")
    hand.drain(300)
    assert conn.execute("SELECT count(*) FROM threads WHERE pending <> '[]'").fetchone() == (0,)
    reasons = [r for (r,) in conn.execute("SELECT reason FROM rejections")]
    assert any("budget" in r for r in reasons)
    hand.happen(run_finished(), "e2")
    hand.drain()
    assert "feedback" in hand.said()


def _always_rejected(state: Any, view: Any, now: Any) -> Decision:
    order = {**state["order"], "round": 0}
    return Decision(update={"made": [{"order": order, "ok": False, "goal": order["goal"], "concept": "loops"}]})


def test_old_checkpoints_are_pruned_when_a_run_ends(hand: Hand) -> None:
    for n in range(3):
        hand.happen(run_finished(run=f"r{n}"), f"e{n}")
        hand.drain()
    assert hand.conn.execute("SELECT count(*) FROM checkpoints").fetchone() == (1,)
    assert hand.conn.execute("SELECT count(*) FROM writes").fetchone() == (0,)
    assert hand.conn.execute("SELECT count(*) FROM waiting").fetchone() == (0,)


def test_every_command_names_the_version_of_the_graph(hand: Hand) -> None:
    hand.happen(run_finished(), "e1")
    hand.handle(hand.queue.pop(0))
    assert json.loads(hand.queue[0].body)["data"]["graph"] == VERSION


def test_an_event_of_a_node_keeps_the_correlation_of_what_caused_it(hand: Hand) -> None:
    hand.happen(run_finished(), "e1")
    hand.drain()
    rows = hand.conn.execute(
        "SELECT DISTINCT correlation, causation, subject FROM events WHERE source LIKE '/functions/%'"
    ).fetchall()
    assert rows == [("e1", "e1", "ada")]
