"""Difficulty out of the lake: whose answers count, what is said, and what everybody goes by afterwards."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Literal

import pytest

from functions.lake.measuring import STORE, measure
from shared.clock import utc_now
from shared.curriculum import load
from shared.events.catalogue.agents import EvaluationRecorded
from shared.events.catalogue.explaining import EvaluationWithdrawn
from shared.events.catalogue.teaching import GoalAssigned
from shared.events.record import Event
from shared.lake.answers import first_answers
from shared.lake.filling import fill
from shared.lake.objects import ObjectStore
from shared.lake.objects.local import LocalObjects
from shared.learner.ratings import Attempt, keys, predict
from shared.readmodel import READ_MODEL, View
from shared.readmodel.challenges import NOBODY, as_measured
from shared.store import log, payloads
from shared.store.connect import Connection, connect
from shared.store.projections import rebuild
from tests.lake.events import START, append, registered

HARD, EASY = "coin-jar", "late-kayak"
NOW = START + timedelta(days=1)


def met(
    conn: Connection,
    learner: str,
    challenge: str,
    *,
    right: bool,
    at: datetime = START,
    version: int | None = None,
    assisted: bool = False,
    purpose: Literal["run", "submit"] = "submit",
    tag: str = "",
) -> None:
    """A goal with this challenge, and one evaluation of it."""
    known = load().challenges[challenge]
    goal = f"{learner}-{challenge}-{tag}"
    append(
        conn,
        learner,
        [
            GoalAssigned(
                goal=goal, kind="daily", challenge=challenge, challenge_version=version or known.version,
                course=known.course, concepts=known.concepts, difficulty=known.difficulty, day=at.date(), minutes=10,
                because="next",
            ),
            EvaluationRecorded(
                goal=goal, run=f"run-{goal}", challenge=challenge, concepts=known.concepts, correct=right,
                assisted=assisted, purpose=purpose, expected=0.5, score=float(right), attempt=1, weight=1.0,
                deltas={f"i:{challenge}": 0.25},
            ),
        ],
        time=at,
        tag=f"{challenge}{tag}",
    )  # fmt: skip


def everybody(conn: Connection, people: Sequence[str]) -> None:
    """All fail one challenge and solve the other."""
    for learner in people:
        append(conn, learner, [registered()], tag="new")
        met(conn, learner, HARD, right=False)
        met(conn, learner, EASY, right=True)


def filled(conn: Connection, objects: ObjectStore) -> None:
    while fill(conn, objects, now=utc_now()):
        pass


def said(conn: Connection) -> list[Event]:
    return [e for slug in (HARD, EASY) for e in log.stream(conn, f"challenge/{slug}", limit=100)]


def people(count: int) -> list[str]:
    return [f"learner-{n:02d}" for n in range(count)]


def counted(conn: Connection, objects: ObjectStore) -> dict[str, list[bool]]:
    """By challenge, how each first answer that counts went."""
    versions = {slug: load().challenges[slug].version for slug in (HARD, EASY)}
    answers = first_answers(conn, objects, versions, (START - timedelta(days=365)).date())
    found: dict[str, list[bool]] = {HARD: [], EASY: []}
    for place, right in zip(answers.challenge.tolist(), answers.right.tolist(), strict=True):
        found[(HARD, EASY)[place]].append(right)
    return found


def test_only_first_answers_to_the_present_version_count(database: str, objects: ObjectStore) -> None:
    later = START + timedelta(days=2)
    with connect(database) as conn:
        met(conn, "ada", HARD, right=False)
        met(conn, "ada", HARD, right=True, at=later, tag="again")
        met(conn, "bob", HARD, right=True, at=later)
        met(conn, "bob", HARD, right=False, at=START, tag="before")  # came later, happened first
        met(conn, "cid", HARD, right=True, version=99)
        met(conn, "dan", HARD, right=True, purpose="run")
        met(conn, "eve", HARD, right=True, at=START - timedelta(days=500))
        met(conn, "flo", EASY, right=True)
        met(conn, "gus", EASY, right=True, assisted=True)
        filled(conn, objects)
        assert counted(conn, objects) == {HARD: [False, False], EASY: [True, False]}


def test_what_was_withdrawn_counts_no_more(database: str, local: LocalObjects) -> None:
    with connect(database) as conn:
        met(conn, "ada", HARD, right=False)
        met(conn, "ada", HARD, right=True, at=START + timedelta(days=2), tag="again")
        first = log.stream(conn, f"goal/ada-{HARD}-", limit=10)[-1]
        append(
            conn,
            "ada",
            [
                EvaluationWithdrawn(
                    goal=f"ada-{HARD}-",
                    evaluation=first.id,
                    run=first.data["run"],
                    concepts=("loops",),
                    deltas={},
                    because="",
                )
            ],
            tag="gone",
        )
        filled(conn, local)
        assert counted(conn, local) == {HARD: [True], EASY: []}


def test_a_figure_that_moved_is_said_once_a_day_and_stands_in_for_what_is_stated(
    database: str, local: LocalObjects
) -> None:
    with connect(database) as conn:
        everybody(conn, people(32))
        filled(conn, local)
        assert len(measure(conn, STORE, local, NOW)) == 1
        assert measure(conn, STORE, local, NOW) == []
        hard, easy = said(conn)
        known = load()
        assert hard.data["difficulty"] >= known.challenges[HARD].difficulty + 0.05
        assert easy.data["difficulty"] <= known.challenges[EASY].difficulty - 0.05
        assert (hard.subject, hard.data["learners"], hard.data["version"]) == (NOBODY, 30, 1)
        now = as_measured(View(conn), known)
        assert now.challenges[HARD].difficulty == hard.data["difficulty"]
        assert as_measured(View(conn), known) is now
        filled(conn, local)
        assert measure(conn, STORE, local, NOW + timedelta(days=1)) == []  # nothing moved since
        assert len(said(conn)) == 2


def test_nobodys_prediction_jumps(database: str, local: LocalObjects) -> None:
    with connect(database) as conn:
        everybody(conn, people(32))
        filled(conn, local)

        def predicted() -> list[float]:
            view, bank = View(conn), as_measured(View(conn), load())
            attempts = [
                Attempt("learner-03", slug, bank.challenges[slug].concepts, bank.challenges[slug].difficulty)
                for slug in (HARD, EASY)
            ]
            return [predict(view.ratings(keys(each)), each) for each in attempts]

        before = predicted()
        measure(conn, STORE, local, NOW)
        assert predicted() == pytest.approx(before)
        moved = View(conn).measured()
        rebuild(conn, READ_MODEL)
        assert View(conn).measured() == moved
        assert predicted() == pytest.approx(before)


def test_too_few_learners_say_nothing(database: str, local: LocalObjects) -> None:
    with connect(database) as conn:
        everybody(conn, people(9))
        filled(conn, local)
        assert measure(conn, STORE, local, NOW) == []
        assert said(conn) == []
        assert as_measured(View(conn), load()) is load()


def test_answers_of_the_erased_leave_the_next_figure_and_a_figure_of_too_few_is_taken_back(
    database: str, local: LocalObjects
) -> None:
    with connect(database) as conn:
        everybody(conn, people(11))
        filled(conn, local)
        measure(conn, STORE, local, NOW)
        for learner in people(3):
            with conn.transaction():
                payloads.erase(conn, learner)  # and before any sweep has rewritten the files
        assert len(counted(conn, local)[HARD]) == 8
        measure(conn, STORE, local, NOW + timedelta(days=1))
        *_, last = log.stream(conn, f"challenge/{HARD}", limit=10)
        assert (last.data["learners"], last.data["difficulty"]) == (0, load().challenges[HARD].difficulty)
        assert as_measured(View(conn), load()) is load()


def test_a_figure_of_another_version_holds_for_none(database: str, local: LocalObjects) -> None:
    with connect(database) as conn:
        everybody(conn, people(32))
        filled(conn, local)
        measure(conn, STORE, local, NOW)
        conn.execute("UPDATE view.measured SET version = version + 1")
        assert as_measured(View(conn), load()) is load()


def test_a_clock_that_jumps_keeps_no_day_from_being_measured(database: str, local: LocalObjects) -> None:
    with connect(database) as conn:
        everybody(conn, people(32))
        filled(conn, local)
        measure(conn, STORE, local, NOW + timedelta(days=4_000))  # a year of which the lake has nothing
        assert said(conn) == []
        assert len(measure(conn, STORE, local, NOW)) == 1
