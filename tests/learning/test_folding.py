"""One writer folds the log into the learner model: cut, killed or raced, the figures are those of one pass."""

from __future__ import annotations

import json
import random
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from shared.clock import utc_now
from shared.learner import LearnerModel
from shared.learner.forecasting import as_news, learn
from shared.learner.model import net
from shared.learning import folding, kept, standing
from shared.learning.folding import Fold
from shared.learning.version import version
from shared.store import log
from shared.store.connect import Connection, connect
from tests.learning.history import CONCEPTS, START, append, drawn, erase, evaluated, figures, folded, model_of

TOLD = drawn(1, 60)


@pytest.fixture
def conn(database: str) -> Iterator[Connection]:
    with connect(database) as found:
        yield found


def anew(conn: Connection) -> None:
    with conn.transaction():
        standing.forget(conn, [version()])


def test_the_log_in_its_order_is_what_the_model_has_learnt(conn: Connection) -> None:
    append(conn, TOLD)
    folded(conn)
    model = LearnerModel()
    goals: dict[str, dict[str, Any]] = {}
    for learner, at, body in TOLD:
        data = body.model_dump(mode="json")
        goals.setdefault(data["goal"], data)
        news = as_news(learner, body.event_type, data, at.timestamp(), goals[data["goal"]])
        if news is not None:
            learn(model, news)
    assert json.dumps(model_of(conn).parts(), sort_keys=True) == json.dumps(model.parts(), sort_keys=True)
    (row,) = figures(conn)["position"]
    assert row == (log.head(conn), model.net.kept, True)
    assert model.net.kept > 50


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_random_batches_by_changing_processes_give_the_figures_of_one_pass(
    conn: Connection, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (net, kept):
        monkeypatch.setattr(module, "MEMORY", 40)  # so that the memory goes round
    append(conn, TOLD)
    once = folded(conn)
    assert len(once["memory"][1]) == 40
    anew(conn)
    chance, fold = random.Random(seed), Fold()
    while True:
        if chance.random() < 0.4:  # another process, with room for next to nothing
            fold = Fold(batch=chance.randint(1, 40), learners=chance.randint(0, 2), others=chance.randint(0, 3))
        if fold.step(conn, utc_now()) is None:
            break
    assert figures(conn) == once


def test_events_appended_between_batches_are_met_in_the_order_of_positions(conn: Connection) -> None:
    fold = Fold()
    for first in range(0, len(TOLD), 7):
        append(conn, TOLD[first : first + 7])
        fold.step(conn, utc_now())
    bit_by_bit = folded(conn, fold)
    anew(conn)
    assert folded(conn) == bit_by_bit


def test_a_crash_before_the_commit_leaves_the_model_where_it_was(
    conn: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    append(conn, TOLD)
    once = folded(conn)
    anew(conn)
    fold = Fold(batch=30)
    fold.step(conn, utc_now())
    before = figures(conn)

    def crash(*_: object) -> int:
        raise OSError("the disk is gone")

    with monkeypatch.context() as broken:
        broken.setattr(kept, "remember", crash)
        with pytest.raises(OSError, match="disk"):
            fold.step(conn, utc_now())
    assert figures(conn) == before
    assert folded(conn, fold) == once, "what the process had learnt beyond the transaction is not learnt twice"


def test_a_writer_killed_in_the_middle_is_followed_by_one_with_the_same_figures(
    database: str, conn: Connection
) -> None:
    append(conn, TOLD)
    once = folded(conn)
    anew(conn)
    program = (
        "import sys\nfrom shared.clock import utc_now\nfrom shared.learning.folding import Fold\n"
        "from shared.store.connect import connect\n"
        "fold = Fold(batch=3)\n"
        "with connect(sys.argv[1]) as conn:\n"
        "    while fold.step(conn, utc_now()): print('.', flush=True)\n"
    )
    for batches in (3, 8):
        writer = subprocess.Popen([sys.executable, "-c", program, database], stdout=subprocess.PIPE, text=True)
        assert writer.stdout is not None
        for _ in range(batches):
            assert writer.stdout.readline() == ".\n"
        writer.send_signal(signal.SIGKILL)
        writer.wait()
        writer.stdout.close()
        ((position, _, ready),) = figures(conn)["position"]
        assert 0 < position < log.head(conn)
        assert not ready
    assert folded(conn) == once


def test_two_writers_at_once_learn_each_fact_once(database: str, conn: Connection) -> None:
    append(conn, TOLD)
    once = folded(conn)
    anew(conn)
    start = threading.Barrier(2)

    def write() -> None:
        with connect(database) as own:
            fold = Fold(batch=4)
            start.wait()
            while not standing.lag(own).ready:
                fold.step(own, utc_now())

    writers = [threading.Thread(target=write) for _ in range(2)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert figures(conn) == once


def test_who_finds_another_at_it_does_nothing(database: str, conn: Connection) -> None:
    append(conn, TOLD[:10])
    with connect(database) as other, other.transaction():
        assert other.execute(standing.SQL["only_one"]).fetchone() == (True,)
        assert Fold().step(conn, utc_now()) is None
        assert standing.stands(conn) is None
    assert Fold().step(conn, utc_now()) is not None


def test_what_one_process_wrote_another_goes_on_with(conn: Connection) -> None:
    append(conn, TOLD)
    once = folded(conn)
    anew(conn)
    ours, theirs = Fold(batch=5), Fold(batch=9)
    while ours.step(conn, utc_now()) is not None:
        theirs.step(conn, utc_now())
    assert figures(conn) == once


def test_the_process_keeps_only_those_met_last(conn: Connection) -> None:
    append(conn, drawn(4, 40, [f"l{n}" for n in range(20)]))
    fold = Fold(batch=20, learners=3, others=2)
    while fold.step(conn, utc_now()) is not None:
        assert len(fold._model.history.learners) <= 3
        assert len(fold._model.history.items) + len(fold._model.history.concepts) <= 2
        assert len(fold._model.linear.items) + len(fold._model.linear.concepts) <= 2
    names = {name for name in figures(conn) if name.startswith("learner:")}
    assert len(names) > 15


def test_tries_and_solutions_of_what_was_solved_teach_nothing(conn: Connection) -> None:
    at, goal = START, "coin-jar"
    append(conn, [("ana", at, evaluated("g1", goal, 1, False, purpose="run"))])
    append(conn, [("ana", at, evaluated("g1", goal, 2, True, deltas={}))])
    assert folded(conn)["position"] == [(2, 0, True)]
    append(conn, [("ana", at, evaluated("g1", goal, 3, False, deltas={}))])
    assert folded(conn)["position"] == [(3, 1, True)], "a further failure is an attempt, whatever it weighs"


def test_an_erasure_takes_the_learners_part_and_leaves_what_all_share(conn: Connection) -> None:
    append(conn, TOLD)
    before = folded(conn)
    assert "learner:ana" in before
    erase(conn, "ana", START + timedelta(days=30))
    after = folded(conn)
    assert "learner:ana" not in after
    shared = [name for name in before if name not in ("learner:ana", "position")]
    assert {name: after[name] for name in shared} == {name: before[name] for name in shared}
    anew(conn)
    assert folded(conn) == after, "the log teaches the same after the erasure"


def test_an_event_behind_the_erasure_makes_no_new_part(conn: Connection) -> None:
    append(conn, TOLD[:30])
    erase(conn, "ana", START + timedelta(days=30))
    append(conn, [("ana", START + timedelta(days=31), evaluated("g9", "coin-jar", 1, True))])
    for fold in (Fold(), Fold(batch=1)):
        assert "learner:ana" not in folded(conn, fold)
        anew(conn)


@pytest.mark.parametrize("waits", [False, True])
def test_the_part_goes_with_the_erasing_transaction_where_nothing_waits_to_be_learnt(
    conn: Connection, waits: bool
) -> None:
    append(conn, TOLD)
    folded(conn)
    if waits:
        append(conn, [("ana", START + timedelta(days=29), evaluated("g9", "coin-jar", 1, True))])
    with conn.transaction():
        standing.erase(conn, "ana")
    assert ("learner:ana" in figures(conn)) is waits
    erase(conn, "ana", START + timedelta(days=30))
    assert "learner:ana" not in folded(conn)


def test_other_code_learns_anew_and_what_was_left_goes(conn: Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    append(conn, TOLD)
    folded(conn)
    old = version()
    for module in (standing, kept):
        monkeypatch.setattr(module, "version", lambda: "another")
    fold, now = Fold(), utc_now()
    while fold.step(conn, now) is not None:
        pass
    rows = conn.execute("SELECT version, position FROM model_fold ORDER BY version").fetchall()
    assert {v for v, _ in rows} == {old, "another"}
    assert len({position for _, position in rows}) == 1
    with conn.transaction():
        assert standing.sweep_out(conn, now) == [], "somebody may still go on with it"
        assert standing.sweep_out(conn, now + 2 * standing.ABANDONED) == [old]
    for table in ("model_fold", "model_part", "model_memory"):
        assert conn.execute(f"SELECT DISTINCT version FROM {table}").fetchall() == [("another",)]  # noqa: S608


def test_it_says_how_far_it_is(conn: Connection) -> None:
    assert (standing.lag(conn).ready, standing.position(conn)) == (False, 0)
    append(conn, TOLD)
    assert standing.lag(conn).events == len(TOLD)
    folded(conn)
    lag = standing.lag(conn)
    assert (standing.position(conn), lag.events, lag.ready) == (len(TOLD), 0, True)
    assert lag.parts == 3 + len(CONCEPTS) + 3 + 2 + 2  # learners, items, concepts, combinations, shared
    assert lag.bytes > 10_000
    assert folding.BATCH > 1
