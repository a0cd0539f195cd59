"""Any order of deliveries, any duplicates, any crashes: the end is that of the same graph run whole in one process."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from langgraph.checkpoint.memory import InMemorySaver

from graph import entries
from graph.build import build
from graph.capture import config_of
from graph.decision import NODES, Decision, Said
from graph.node import Body, Hands
from graph.step import Step
from shared.bus.port import Message
from shared.events.catalogue.agents import ProcessReviewed
from shared.events.catalogue.interactions import GoalPaused, HintAsked, MoodAnswered, ProfileStated
from shared.events.data import Data
from shared.store import connect, log
from shared.store.connect import Connection
from tests.graph.conftest import LATER, START, Hand, made, orders, passes, run_finished, store, values_of

EVENTS: list[Data] = [
    run_finished("g0"),
    run_finished("g0", passed=3),
    run_finished("g1", passed=3),
    HintAsked(goal="g0"),
    GoalPaused(goal="g1"),
    ProfileStated(),
    MoodAnswered(answer="stuck"),
]


def bodies() -> dict[str, Body]:
    """Each says which node it is, of which thread, on which inputs: so the log tells what ran."""
    updates: Mapping[str, Any] = {
        "access": lambda _: {"access": {"granted": True, "until": LATER}},
        "contract": lambda _: {"contract": {"kept": True, "until": LATER}},
        "process": passes,
        "planner": orders,
        "challenges": made,
        "courses": lambda s: {"written": [s["page"]["goal"]]},
        "mood": lambda _: {"findings": {"mood": {"effect": "smaller_step"}}},
        "evaluation": lambda s: {"findings": {"evaluation": {"moved": len(s["inputs"]) % 2 == 0}}},
    }

    def speaks(name: str) -> Body:
        def body(state: Any, view: Any, now: Any) -> Decision:
            goal = state.get("goal")
            thread = f"goal/{goal}" if goal else f"learner/{state['learner']}"
            task = (state.get("order") or state.get("page") or {}) if name in ("challenges", "courses") else {}
            facts = (name, f"{task.get('goal', '')}{task.get('round', '')}", *(i["id"] for i in state["inputs"]))
            update = updates.get(name, lambda _: {})(state)
            return Decision(update=update, events=[Said(ProcessReviewed(thread=thread, findings=facts))])

        return body

    return {name: speaks(name) for name in NODES}


class Crash(Exception):
    pass


action = st.one_of(
    st.tuples(st.just("happen"), st.integers(0, len(EVENTS) - 1)),
    st.tuples(st.just("handle"), st.integers(0, 30)),
    st.tuples(st.just("twice"), st.integers(0, 30)),
    st.tuples(st.just("crash"), st.integers(0, 30), st.sampled_from(["ran", "before commit", "committed"])),
)


@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(st.lists(action, min_size=4, max_size=25))
def test_every_interleaving_ends_as_the_whole_graph_does(database: str, actions: list[tuple[Any, ...]]) -> None:
    with connect(database) as conn:
        conn.execute("TRUNCATE events, payloads, outbox, waiting, threads, checkpoints, writes, rejections CASCADE")
        conn.execute("UPDATE projection SET position = 0")
        conn.execute("TRUNCATE goal, run, learner, mood")
        hand = Hand(conn, Step(build(bodies()), store(), lambda: START))
        for n, (kind, *arguments) in enumerate(actions):
            perform(hand, kind, arguments, n)
        while hand.queue or leftover(hand):
            hand.drain(3_000)
        assert conn.execute("SELECT count(*) FROM threads WHERE pending <> '[]'").fetchone() == (0,)
        assert conn.execute("SELECT count(*) FROM waiting").fetchone() == (0,)
        compare(conn)


def perform(hand: Hand, kind: str, arguments: list[Any], n: int) -> None:
    if kind == "happen":
        hand.happen(EVENTS[arguments[0]], f"e{n}", at=START + timedelta(seconds=n))
        return
    if not hand.queue:
        return
    message = hand.queue.pop(arguments[0] % len(hand.queue))
    if kind == "crash":
        healthy = hand.step

        def die(point: str) -> None:
            if point == arguments[1]:
                raise Crash

        hand.step = Step(healthy.graph, healthy.store, healthy.now, die)
        try:
            hand.handle(message)
        except Crash:
            hand.queue.append(message)
        hand.step = healthy
        return
    hand.handle(message)
    if kind == "twice":
        hand.handle(message)


def leftover(hand: Hand) -> bool:
    """What a crash after a commit left in the outbox: the relay's sweep publishes it."""
    rows = hand.conn.execute("DELETE FROM outbox RETURNING key, body, message_id").fetchall()
    hand.queue.extend(Message(key, bytes(body), id_) for key, body, id_ in rows if key is not None)
    return bool(hand.queue)


def compare(conn: Connection) -> None:
    """Runs the same inputs through the graph whole, thread by thread, and compares states and what was said."""
    recorded = [e for e in log.everything(conn) if e.type == "goals.process.reviewed"]
    inputs = {e.id: e for e in log.everything(conn) if e.type in entries.ENTRIES}
    for thread in {entries.thread_of(e) for e in inputs.values()} - {None}:
        mine = [e.data["findings"] for e in recorded if e.data["thread"] == thread]
        runs = list(dict.fromkeys(tuple(f[2:]) for f in mine))
        assert [i for run in runs for i in run] == [e.id for e in inputs.values() if entries.thread_of(e) == thread]
        said: list[tuple[str, ...]] = []
        whole = build(bodies(), checkpointer=InMemorySaver(), interrupt=False)
        hands = Hands(None, lambda: START, lambda s, to=said: to.extend(x.body.findings for x in s))  # type: ignore[arg-type, attr-defined]
        config = config_of(str(thread))
        for run in runs:
            state = whole.get_state(config).values
            given_ = entries.next_input(state, str(thread), [inputs[i] for i in run], START)  # type: ignore[arg-type]
            whole.invoke(given_, config, context=hands)
        assert values_of(conn, str(thread)) == whole.get_state(config).values
        assert Counter(tuple(f) for f in mine) == Counter(tuple(f) for f in said)
