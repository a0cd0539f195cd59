"""How well attempts are expected, by the ratings and by the learner model as the running system keeps and asks it.

    python -m tests.bench.expecting                     # 16 learners, 40 days, seed 103: docs/decisions/0029
    python -m tests.bench.expecting --learners 4 --days 10 --seed 7

Learners of `goals simulate` are taught by its planner under each hidden mechanism; what was said of them is put into a
real log, event by event in the order of its times. Each submission is asked about just before it is recorded, by the
very query and code of evaluation, while the fold sweeps every so often. Ratings and items are shared by all learners.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from goals.launch.prepare import prepare
from goals.services import Postgres
from goals.simulate.minds import MECHANISMS, Traits
from goals.simulate.study import MINUTES
from goals.simulate.taught import Taught
from goals.simulate.world import START, World, make
from graph.decision import Decision
from graph.host import STORE
from graph.state import Order
from shared.events.catalogue.agents import EvaluationRecorded
from shared.events.catalogue.teaching import GoalAssigned
from shared.events.data import Data
from shared.events.record import new_event
from shared.ids import derived_id
from shared.learner import Attempt, Ratings
from shared.learner.at_hand import AtHand, Practice
from shared.learner.evaluate.figures import auc, log_loss
from shared.learner.forecasting import Forecast, needed
from shared.learner.ratings import predict
from shared.learner.tracing import KNOWN
from shared.learning.folding import Fold
from shared.learning.version import version
from shared.readmodel import View
from shared.settings import Settings
from shared.store.connect import Connection, connect
from tests.bench.parts import fresh

SWEEPS = {"every minute": timedelta(minutes=1), "once a day": timedelta(days=1)}
Told = tuple[datetime, str, Data]


class Recorded(Taught):
    """A simulated learner whose events are kept as they are said."""

    told: list[Told]

    def _assigned(self, order: Order, now: datetime) -> None:
        super()._assigned(order, now)
        goal = self.goals.get(order["goal"])
        if goal is not None and goal.assigned == now:
            body = GoalAssigned(
                goal=goal.goal, kind=goal.kind, challenge=goal.challenge, challenge_version=goal.challenge_version,
                variant=goal.variant, course=goal.course, concepts=tuple(goal.concepts), difficulty=goal.difficulty,
                day=goal.day, minutes=goal.minutes, because=goal.because or "next",
            )  # type: ignore[arg-type]  # fmt: skip
            self.told.append((now, goal.learner, body))

    def _heard(self, decision: Decision, now: datetime) -> None:
        super()._heard(decision, now)
        self.told += [(now, self.learner.learner, s.body) for s in decision.events if _kept(s.body)]


def _kept(body: Data) -> bool:
    return isinstance(body, EvaluationRecorded)


@dataclass(frozen=True, slots=True)
class Log:
    """`told`: in the order of times. `levels`: each learner's stated one."""

    world: World
    told: list[Told]
    levels: dict[str, str | None]


def taught(mechanism: str, learners: int, days: int, seed: int) -> Log:
    world = make(seed)
    below = {c: world.below(c) for c in world.concepts}
    told: list[Told] = []
    levels = {}
    for number in range(learners):
        name = f"{mechanism}-{seed}-{number}"
        one = Recorded(world, MECHANISMS[mechanism](below, Traits(), name), name, MINUTES)
        one.told = []
        for day in range(days):
            for _ in one.day(day):
                pass
        told += one.told
        levels[name] = one.learner.level
    return Log(world, sorted(told, key=lambda each: each[0]), levels)


def by_ratings(log: Log) -> Iterator[float]:
    """Plain Elo with concepts, as evaluation falls back to."""
    ratings: Ratings = {}
    stated = {b.goal: b.difficulty for _, _, b in log.told if isinstance(b, GoalAssigned)}
    for at, learner, body in log.told:
        if isinstance(body, EvaluationRecorded):
            attempt = Attempt(learner, body.challenge, body.concepts, stated[body.goal], at)
            yield predict(ratings, attempt)
            from functions.evaluation.figures import measured

            ratings = measured(
                ratings, attempt, correct=body.correct, assisted=body.assisted, weight=body.weight or 0.0
            ).after


def by_what_is_at_hand(log: Log) -> Iterator[float]:
    """As offers of help go by, `shared/readmodel/expecting.py`."""
    below = {c: log.world.below(c) for c in log.world.concepts}
    traces = {name: AtHand(below, KNOWN.get(level or "", 0.0)) for name, level in log.levels.items()}
    stated = {b.goal: b.difficulty for _, _, b in log.told if isinstance(b, GoalAssigned)}
    for at, learner, body in log.told:
        if isinstance(body, EvaluationRecorded):
            concept, difficulty = body.concepts[0], stated[body.goal]
            yield traces[learner].success(concept, difficulty, at.timestamp()) or 0.5
            traces[learner].learn(Practice(concept, at.timestamp(), difficulty, body.correct, not body.assisted))


def by_model(conn: Connection, log: Log, every: timedelta, spent: list[float]) -> Iterator[float]:
    """As evaluation asks: the parts as they stand, and what the learner did since. `spent`: seconds of each answer."""
    view, fold, swept = View(conn), Fold(), START
    stated = {b.goal: b.difficulty for _, _, b in log.told if isinstance(b, GoalAssigned)}
    for at, learner, body in log.told:
        if at - swept >= every or swept is START:
            while (folded := fold.step(conn, at)) is not None and not folded.ready:
                pass
            swept = at
        if isinstance(body, EvaluationRecorded):
            attempt = Attempt(learner, body.challenge, body.concepts, stated[body.goal], at)
            began = time.perf_counter()
            learnt = view.learnt(learner, needed(learner, body.challenge, body.concepts), version())
            assert learnt is not None
            yield Forecast(learnt).expected(attempt)
            spent.append(time.perf_counter() - began)
        _append(conn, at, learner, body)


def _append(conn: Connection, at: datetime, learner: str, body: Data) -> None:
    id_ = derived_id("expecting", learner, at.isoformat(), repr(body))
    event = new_event(body, id=id_, source="/bench", subject=learner, time=at, correlation=id_)
    with conn.transaction():
        STORE.append_one(conn, [event])


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name, default in (("learners", 16), ("days", 40), ("seed", 103)):
        asked.add_argument(f"--{name}", type=int, default=default)
    chosen = asked.parse_args()
    table = Table("mechanism", "expected by", "submissions", "AUC", "log-loss", "ms an answer, p50")
    with TemporaryDirectory(prefix="goals-expecting-") as name, Progress(console=Console(stderr=True)) as shown:
        Path(name).chmod(0o755)
        server = Postgres(Path(name) / "postgres", durable=False)
        settings = Settings(database_url=server.start().url, data_dir=Path(name))
        prepare(settings)
        task = shown.add_task("", total=len(MECHANISMS) * (1 + len(SWEEPS)))
        try:
            for mechanism in MECHANISMS:
                shown.update(task, description=f"{mechanism}: teaching")
                log = taught(mechanism, chosen.learners, chosen.days, chosen.seed)
                shown.advance(task)
                y = np.array([float(b.correct) for _, _, b in log.told if isinstance(b, EvaluationRecorded)])

                def row(by: str, p: Iterator[float], spent: list[float], y: np.ndarray = y, m: str = mechanism) -> None:
                    said = np.array(list(p))
                    ms = f"{1e3 * float(np.median(spent)):.2f}" if spent else ""
                    table.add_row(m, by, f"{len(y):,}", f"{auc(y, said):.3f}", f"{log_loss(y, said):.3f}", ms)

                row("the success rate", iter([float(y.mean())] * len(y)), [])
                row("ratings", by_ratings(log), [])
                row("what is at hand", by_what_is_at_hand(log), [])
                for when, every in SWEEPS.items():
                    shown.update(task, description=f"{mechanism}: swept {when}")
                    spent: list[float] = []
                    database = fresh(settings, f"expecting_{mechanism.replace('-', '_')}_{when.split()[0]}")
                    with connect(database.database_url) as conn:
                        row(f"learner model, swept {when}", by_model(conn, log, every, spent), spent)
                    shown.advance(task)
        finally:
            server.stop()
    Console().print(table)


if __name__ == "__main__":
    main()
