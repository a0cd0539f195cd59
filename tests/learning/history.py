"""A log to learn from: several learners' goals, hints, tries and submissions among other events, drawn from a seed."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np

from graph.entries import thread_of, wake
from shared.clock import utc_now
from shared.events.catalogue.agents import EvaluationRecorded
from shared.events.catalogue.interactions import MoodAnswered
from shared.events.catalogue.learners import LearnerErased
from shared.events.catalogue.teaching import GoalAssigned, HintGiven
from shared.events.data import Data
from shared.events.record import new_event
from shared.ids import derived_id
from shared.learner import LearnerModel
from shared.learner.model import net
from shared.learner.model.history import SIGNS
from shared.learning.folding import Fold
from shared.learning.standing import SQL
from shared.learning.version import version
from shared.readmodel import READ_MODEL
from shared.store import Store, payloads
from shared.store.connect import Connection

STORE = Store(READ_MODEL, thread_of, wake)
START = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
CONCEPTS = {"coin-jar": ("loops",), "let-through": ("lists", "loops"), "calm-window": ("conditionals", "loops"),
            "first-cold-night": ("lists",)}  # fmt: skip

Told = tuple[str, datetime, Data]
"""Learner, when, what."""


def assigned(goal: str, challenge: str, difficulty: float = 0.5) -> GoalAssigned:
    return GoalAssigned(
        goal=goal, kind="daily", challenge=challenge, challenge_version=1, course="python-foundations",
        concepts=CONCEPTS[challenge], difficulty=difficulty, day=START.date(), minutes=10, because="next",
    )  # fmt: skip


def evaluated(goal: str, challenge: str, number: int, correct: bool, **more: Any) -> EvaluationRecorded:
    facts: dict[str, Any] = {
        "goal": goal, "run": f"run-{goal}-{number}", "challenge": challenge, "concepts": CONCEPTS[challenge],
        "correct": correct, "assisted": False, "purpose": "submit", "expected": 0.5, "score": float(correct),
        "attempt": number, "deltas": {"l:x": 0.1},
    }  # fmt: skip
    return EvaluationRecorded(**facts | more)


def hinted(goal: str, rung: int) -> HintGiven:
    return HintGiven(goal=goal, rung=rung, text="look at the loop", left=5 - rung)


def drawn(seed: int, goals: int, learners: Sequence[str] = ("ana", "bob", "cleo")) -> list[Told]:
    """So many goals, each worked on until it is solved or laid aside."""
    chance, told = random.Random(seed), list[Told]()
    for n in range(goals):
        learner, challenge, goal = chance.choice(learners), chance.choice([*CONCEPTS]), f"g-{seed}-{n}"
        at = START + timedelta(hours=3 * n)
        told.append((learner, at, assigned(goal, challenge, round(chance.random(), 2))))
        for number in range(1, chance.randint(2, 5)):
            at += timedelta(minutes=chance.randint(1, 30))
            if chance.random() < 0.3:
                told.append((learner, at, hinted(goal, chance.randint(1, 5))))
            if chance.random() < 0.2:
                told.append((learner, at, MoodAnswered(answer="good", goal=goal)))
            purpose, right = chance.choice(["submit", "submit", "run"]), chance.random() < 0.5
            told.append((learner, at, evaluated(goal, challenge, number, right, purpose=purpose)))
            if right and purpose == "submit":
                break
    return told


def append(conn: Connection, told: Iterable[Told], tenant: str = "public") -> None:
    """Each in a transaction of its own, so that the log's order is this one."""
    for learner, at, body in told:
        id_ = derived_id("learning", learner, at.isoformat(), repr(body))
        event = new_event(body, id=id_, source="/test", subject=learner, time=at, correlation=id_, tenant=tenant)
        with conn.transaction():
            STORE.append_one(conn, [event])


def erase(conn: Connection, learner: str, at: datetime) -> None:
    """As far as the fold can see it: the mark, and the event."""
    with conn.transaction():
        payloads.erase(conn, learner)
        id_ = derived_id("erased", learner)
        event = new_event(LearnerErased(payloads=0), id=id_, source="/test", subject=learner, time=at, correlation=id_)
        STORE.append_one(conn, [event])


def folded(conn: Connection, fold: Fold | None = None) -> dict[str, Any]:
    """Folds what is left; gives the figures."""
    fold = fold or Fold()
    while fold.step(conn, utc_now()) is not None:
        pass
    return figures(conn)


def figures(conn: Connection) -> dict[str, Any]:
    """All that is kept: parts by name, the memory (the last attempts, as many as the net draws on), the position."""
    found: dict[str, Any] = dict(
        conn.execute("SELECT name, part FROM model_part WHERE version = %s", [version()]).fetchall()
    )
    rows = conn.execute(SQL["memory"], [version()]).fetchall()
    attempts, outcomes = (b"".join(row[n] for row in rows) for n in (1, 2))
    found["memory"] = attempts[-4 * len(SIGNS) * net.MEMORY :], outcomes[-net.MEMORY :]
    found["position"] = conn.execute("SELECT position, learnt, ready FROM model_fold").fetchall()
    return found


def model_of(conn: Connection) -> LearnerModel:
    """A whole model made of what is kept."""
    found = figures(conn)
    model = LearnerModel.of({n: p for n, p in found.items() if n not in ("memory", "position")})
    attempts, outcomes = found["memory"]
    y = np.frombuffer(outcomes, np.uint8)
    model.net.recall(model.net.kept - len(y), np.frombuffer(attempts, np.float32).reshape(len(y), -1), y)
    return model
