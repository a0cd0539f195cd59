"""The learner model following the log, beside the same model in memory on the same facts; and one forecast from its
rows beside one look-up of ratings."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from statistics import median

from graph.host import STORE
from shared.events.catalogue.agents import EvaluationRecorded
from shared.events.catalogue.teaching import GoalAssigned
from shared.events.record import NewEvent, new_event
from shared.ids import derived_id
from shared.learner import Attempt, LearnerModel, keys
from shared.learner.evaluate.generated import generated
from shared.learner.forecasting import Forecast, learn, needed
from shared.learner.model.rows import Row
from shared.learning import kept
from shared.learning.folding import Fold
from shared.learning.version import version
from shared.readmodel import View
from shared.settings import Settings
from shared.store import Group, log
from shared.store.connect import Connection, connect
from tests.bench.parts import fresh

START = datetime(2026, 1, 5, 8, 0, tzinfo=UTC)
ASKED = 300


def bench(settings: Settings) -> dict[str, float]:
    """`fold_per_s`, `memory_per_s`: facts a second; `ratio`: of the two; `bytes_per_fact`: written, in batches as large
    as they get; `one_bytes`, `one_ms`: of a batch of one attempt by a learner who met 100 items; `ask_ms`,
    `ratings_ms`: p50 of a forecast for that learner, of looking their ratings up."""
    rows = generated("exercises", "forgetting", 1, 3.0)
    database = fresh(settings, "bench_learning")
    with connect(database.database_url) as conn:
        _append(conn, rows)
        head, position, memory = log.head(conn), 0, LearnerModel()
        fold, written, folding, remembering = Fold(), 0, 0.0, 0.0
        while position < head:  # in turns, so that both see the same machine
            began = time.perf_counter()
            folded = fold.step(conn, START)
            folding += time.perf_counter() - began
            assert folded is not None
            facts = kept.facts(conn, position, folded.position, 100_000)
            began = time.perf_counter()
            for fact in facts:
                if fact.news is not None:
                    learn(memory, fact.news)
            remembering += time.perf_counter() - began
            written, position = written + folded.bytes, folded.position
        found = {"fold_per_s": head / folding, "memory_per_s": head / remembering, "ratio": remembering / folding}
        return found | {"bytes_per_fact": written / head} | _one(conn, fold)


def _one(conn: Connection, fold: Fold) -> dict[str, float]:
    """What a sweep with one new attempt costs, and an answer."""
    busy = [Row("busy", f"x{n % 100}", (f"k{n % 10}",), 60.0 * n, n % 3 > 0) for n in range(300)]
    _append(conn, busy)
    while (folded := fold.step(conn, START)) is not None:
        pass
    sizes, times = [], []
    for n in range(20):
        _append(conn, [Row("busy", f"x{n}", (f"k{n % 10}",), 60.0 * (300 + n), n % 2 > 0)])
        began = time.perf_counter()
        folded = fold.step(conn, START)
        times.append(time.perf_counter() - began)
        assert folded is not None
        sizes.append(folded.bytes)
    view, attempt = View(conn), Attempt("busy", "x7", ("k7",), 0.5, START + timedelta(days=1))
    asked, looked = [], []
    for _ in range(ASKED):
        began = time.perf_counter()
        learnt = view.learnt("busy", needed("busy", "x7", ["k7"]), version())
        assert learnt is not None
        Forecast(learnt).expected(attempt)
        asked.append(time.perf_counter() - began)
        began = time.perf_counter()
        view.ratings(keys(attempt))
        looked.append(time.perf_counter() - began)
    return {
        "one_bytes": median(sizes),
        "one_ms": 1e3 * median(times),
        "ask_ms": 1e3 * median(asked),
        "ratings_ms": 1e3 * median(looked),
    }


def _append(conn: Connection, rows: list[Row]) -> None:
    """Each attempt a goal of its own: assigned, evaluated."""
    groups: list[Group] = []
    for n, row in enumerate(rows):
        goal, at = f"{row.learner}.{row.item}.{row.t:.0f}.{n}", START + timedelta(seconds=row.t or 0.0)
        made = [_event(row, goal, at, assigned(row, goal)), _event(row, goal, at, evaluated(row, goal))]
        groups.append(made)
        if len(groups) == 500 or n == len(rows) - 1:
            with conn.transaction():
                STORE.append(conn, groups)
            groups = []


def assigned(row: Row, goal: str) -> GoalAssigned:
    return GoalAssigned(
        goal=goal, kind="daily", challenge=row.item, challenge_version=1, course="bench", concepts=row.concepts,
        difficulty=0.5, day=START.date(), minutes=10, because="next",
    )  # fmt: skip


def evaluated(row: Row, goal: str) -> EvaluationRecorded:
    return EvaluationRecorded(
        goal=goal, run=f"run-{goal}", challenge=row.item, concepts=row.concepts, correct=row.correct, assisted=False,
        purpose="submit", expected=0.5, score=float(row.correct), attempt=1, deltas={f"l:{row.learner}": 0.1},
    )  # fmt: skip


def _event(row: Row, goal: str, at: datetime, body: GoalAssigned | EvaluationRecorded) -> NewEvent:
    id_ = derived_id("bench", goal, type(body).__name__)
    return new_event(body, id=id_, source="/bench", subject=row.learner, time=at, correlation=id_)
