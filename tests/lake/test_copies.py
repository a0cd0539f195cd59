"""Each learner's own copy: what is in it, that it follows the log, and that it ends with consent and account."""

from __future__ import annotations

import random
import threading
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from shared.clock import utc_now
from shared.events.catalogue.agents import MoodObserved
from shared.events.catalogue.attention import MoodForgotten
from shared.events.catalogue.explaining import EvaluationWithdrawn
from shared.events.catalogue.interactions import MoodAnswered, ProfileStated
from shared.events.catalogue.learners import RunFinished
from shared.lake.collecting import COPIES, collect
from shared.lake.copies.datasets import DATASETS
from shared.lake.copies.making import Made, behind, make, parts
from shared.lake.copies.telling import path_of, tell
from shared.lake.erasing import erase, prove
from shared.lake.errors import BucketGone
from shared.lake.filling import fill
from shared.lake.objects import ObjectStore
from shared.lake.objects.local import LocalObjects
from shared.store import log, payloads
from shared.store.connect import Connection, connect
from tests.lake.events import START, append, assigned, evaluated, mastered, registered
from tests.lake.test_filling import Crash

AGREED = ProfileStated(timezone="UTC", consent_mood=True)


def finished(goal: str, number: int, *, passed: int = 3) -> RunFinished:
    return RunFinished(
        goal=goal, run=f"run-{goal}-{number}", purpose="submit", passed=passed, failed=3 - passed, total=3,
        verdict="passed" if passed == 3 else "failed", mode="test", ms=5.0,
    )  # fmt: skip


def practised(goal: str, number: int = 1) -> RunFinished:
    return finished(goal, number).model_copy(update={"purpose": "run"})


def worked(goal: str) -> list[Any]:
    """A goal, an attempt in vain, one that solves it."""
    return [
        assigned(goal), finished(goal, 1, passed=1), evaluated(goal, 1, correct=False),
        finished(goal, 2), evaluated(goal, 2), mastered(goal),
    ]  # fmt: skip


def followed(conn: Connection, objects: ObjectStore) -> dict[str, Made | None]:
    """As the function does at a sweep."""
    while fill(conn, objects, now=utc_now()):
        pass
    return {who: make(conn, objects, who) for who in behind(conn)}


def rows(conn: Connection, objects: ObjectStore, learner: str, dataset: str) -> list[dict[str, Any]]:
    """What a reader of the copy gets."""
    schema = next(d.schema for d in DATASETS if d.name == dataset)
    found = [
        pq.read_table(pa.BufferReader(objects.get(str(p.key))))
        for p in parts(conn, learner)
        if p.dataset == dataset and p.key
    ]
    assert all(t.schema.equals(schema) for t in found)
    return [row for table in found for row in table.to_pylist()]


def test_a_copy_says_what_the_learner_did(database: str, objects: ObjectStore) -> None:
    with connect(database) as conn:
        append(conn, "ada", [registered(), *worked("g1")])
        append(conn, "bob", [registered(), *worked("g2")])
        assert set(followed(conn, objects)) == {"ada", "bob"}
        attempts = rows(conn, objects, "ada", "attempts")
        assert [(r["goal"], r["challenge"], r["number"], r["passed"], r["total"], r["verdict"]) for r in attempts] == [
            ("g1", "coin-jar", 1, 1, 3, "failed"),
            ("g1", "coin-jar", 2, 3, 3, "passed"),
        ]
        judged = rows(conn, objects, "ada", "evaluations")
        assert [(r["attempt"], r["correct"], r["error"], r["concepts"], r["withdrawn"]) for r in judged] == [
            (1, False, "off_by_one", ["loops", "conditionals"], None),
            (2, True, None, ["loops", "conditionals"], None),
        ]
        assert [
            (r["concept"], r["mastery"], r["before"], r["changes"]) for r in rows(conn, objects, "ada", "mastery")
        ] == [("loops", 0.5, 0.1, 1)]
        assert [(r["goal"], r["runs"], r["best"], r["minutes"]) for r in rows(conn, objects, "ada", "goals")] == [
            ("g1", 2, 3, 10)
        ]
        assert [
            (r["day"], r["worked"], r["runs"], r["solved"], r["streak"]) for r in rows(conn, objects, "ada", "streak")
        ] == [(START.date(), True, 2, 1, 1)]
        assert rows(conn, objects, "ada", "mood") == []


def test_a_day_s_goals_solved_are_those_first_submitted_right(database: str, local: LocalObjects) -> None:
    with connect(database) as conn:
        append(conn, "ada", [registered(), *worked("g1"), assigned("g2"), practised("g2")])
        append(conn, "ada", [finished("g1", 3), practised("g2", 2)], time=START + timedelta(days=2), tag="again")
        followed(conn, local)
        streak = rows(conn, local, "ada", "streak")
        assert [(r["runs"], r["solved"]) for r in streak] == [(3, 1), (0, 0), (2, 0)]


def test_days_are_those_where_the_learner_lives(database: str, local: LocalObjects) -> None:
    with connect(database) as conn:
        append(
            conn, "ada", [registered(timezone="Asia/Tokyo"), *worked("g1")], time=datetime(2026, 11, 20, 22, tzinfo=UTC)
        )
        followed(conn, local)
        for dataset in ("attempts", "evaluations", "mastery", "streak"):
            assert {r["day"] for r in rows(conn, local, "ada", dataset)} == {date(2026, 11, 21)}, dataset
        append(conn, "ada", [ProfileStated(timezone="America/Lima")], tag="moved")
        followed(conn, local)
        for dataset in ("attempts", "evaluations", "mastery", "streak"):  # all of it, not only what is new
            assert {r["day"] for r in rows(conn, local, "ada", dataset)} == {date(2026, 11, 20)}, dataset


def test_a_streak_lasts_over_days_off_and_ends_with_a_day_without_work(database: str, local: LocalObjects) -> None:
    friday = datetime(2026, 11, 20, 12, tzinfo=UTC)
    with connect(database) as conn:
        append(conn, "ada", [registered(), ProfileStated(timezone="UTC", days_off=(5, 6))])
        for place in (0, 3, 5):
            append(conn, "ada", worked(f"g{place}"), time=friday + timedelta(days=place), tag=str(place))
        followed(conn, local)
        days = [
            (r["day"].day, r["worked"], r["day_off"], r["streak"], r["longest"])
            for r in rows(conn, local, "ada", "streak")
        ]
    assert days == [
        (20, True, False, 1, 1), (21, False, True, 1, 1), (22, False, True, 1, 1),
        (23, True, False, 2, 2), (24, False, False, 0, 2), (25, True, False, 1, 2),
    ]  # fmt: skip


def test_mood_is_there_with_consent_alone_and_goes_when_it_is_withdrawn_or_forgotten(
    database: str, local: LocalObjects
) -> None:
    felt = [MoodAnswered(answer="good"), MoodObserved(state="good", signal="answer", effect="none")]
    with connect(database) as conn:
        append(conn, "ada", [registered(), AGREED, *felt])
        followed(conn, local)
        kept = [(r["source"], r["mood"]) for r in rows(conn, local, "ada", "mood")]
        assert kept == [("answered", "good"), ("observed", "good")]
        cursor = tell(conn, "ada", 0).change

        append(conn, "ada", [ProfileStated(timezone="UTC")], tag="no")
        followed(conn, local)
        assert rows(conn, local, "ada", "mood") == []
        assert [(p.dataset, p.part) for p in tell(conn, "ada", cursor).gone] == [("mood", "2026")]

        append(conn, "ada", [AGREED], tag="yes")
        followed(conn, local)
        assert len(rows(conn, local, "ada", "mood")) == 2
        append(conn, "ada", [MoodForgotten(), MoodAnswered(answer="flat")], tag="forget")
        followed(conn, local)
        assert [r["mood"] for r in rows(conn, local, "ada", "mood")] == ["flat"]


def test_only_what_changed_is_written_and_told(database: str, local: LocalObjects) -> None:
    with connect(database) as conn:
        append(conn, "ada", [registered(), *worked("g1")], time=START - timedelta(days=60))
        append(conn, "ada", worked("g2"), tag="g2")
        followed(conn, local)
        first = tell(conn, "ada", 0)
        assert first.whole
        assert {(p.dataset, p.part) for p in first.files} >= {("attempts", "2026-09"), ("attempts", "2026-11")}
        assert followed(conn, local) == {}

        append(conn, "ada", worked("g3"), time=START + timedelta(days=1), tag="g3")
        followed(conn, local)
        news = tell(conn, "ada", first.change)
        assert not news.whole
        changed = {(p.dataset, p.part) for p in news.files}
        assert ("attempts", "2026-11") in changed
        assert ("attempts", "2026-09") not in changed
        assert tell(conn, "ada", news.change).files == []
        assert tell(conn, "ada", news.change + 5).whole  # a cursor from before a backup was put back


def test_a_late_event_reaches_its_own_month_and_those_after_it(database: str, local: LocalObjects) -> None:
    with connect(database) as conn:
        append(conn, "ada", [registered(), assigned("g1"), finished("g1", 2)])
        followed(conn, local)
        append(conn, "ada", [finished("g1", 1, passed=0)], time=START - timedelta(days=40), tag="late")
        followed(conn, local)
        assert [(r["run"], r["number"], r["time"].month) for r in rows(conn, local, "ada", "attempts")] == [
            ("run-g1-1", 1, 10), ("run-g1-2", 2, 11),
        ]  # fmt: skip


def test_a_withdrawn_evaluation_is_marked_in_its_own_month(database: str, local: LocalObjects) -> None:
    with connect(database) as conn:
        append(conn, "ada", [registered(), *worked("g1")], time=START - timedelta(days=90))
        followed(conn, local)
        first = rows(conn, local, "ada", "evaluations")[0]
        gone = EvaluationWithdrawn(
            goal="g1",
            evaluation=first["evaluation"],
            run=first["run"],
            concepts=("loops",),
            deltas={},
            because="a doubt",
        )
        append(conn, "ada", [gone], tag="withdrawn")
        followed(conn, local)
        assert [r["withdrawn"] is not None for r in rows(conn, local, "ada", "evaluations")] == [True, False]


def test_the_digest_is_of_all_that_is_there(database: str, local: LocalObjects) -> None:
    from shared.lake.copies.telling import digest_of

    with connect(database) as conn:
        append(conn, "ada", [registered(), *worked("g1")])
        followed(conn, local)
        append(conn, "ada", worked("g2"), tag="more")
        followed(conn, local)
        whole, news = tell(conn, "ada", 0), tell(conn, "ada", 1)
    assert whole.digest == news.digest == digest_of((path_of(p), p.sha256) for p in whole.files)
    for part in whole.files:
        assert (local.root / COPIES / "ada" / path_of(part)).is_file()


def test_crashes_before_the_commit_lose_and_double_nothing(database: str, local: LocalObjects) -> None:
    dice = random.Random(5)

    def crash() -> None:
        raise Crash

    with connect(database) as conn:
        append(conn, "ada", [registered()])
        for turn in range(25):
            append(conn, "ada", worked(f"g{turn}"), tag=str(turn), time=START + timedelta(days=turn))
            fill(conn, local, now=utc_now())
            for _ in range(dice.randint(1, 3)):
                before = tell(conn, "ada", 0)
                with pytest.raises(Crash):
                    make(conn, local, "ada", written=crash)
                assert tell(conn, "ada", 0) == before
            if turn % 3 == 0:
                assert make(conn, local, "ada") is not None
        make(conn, local, "ada")
        found = [r["run"] for r in rows(conn, local, "ada", "attempts")]
        assert sorted(found) == sorted(f"run-g{turn}-{n}" for turn in range(25) for n in (1, 2))
        collect(conn, local, now=utc_now(), grace=timedelta(seconds=-5))
        live = {str(p.key) for p in parts(conn, "ada") if p.key}
        assert {s.key for s in local.keys(COPIES)} == live


def test_two_at_once_make_one_change(database: str, local: LocalObjects) -> None:
    with connect(database) as conn:
        append(conn, "ada", [registered(), *worked("g1")])
        fill(conn, local, now=utc_now())
        made: list[Made | None] = []

        def work() -> None:
            with connect(database) as other:
                made.append(make(other, local, "ada"))

        threads = [threading.Thread(target=work) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert tell(conn, "ada", 0).change == 1
        assert any(m is not None for m in made)
        assert len(rows(conn, local, "ada", "attempts")) == 2


def test_nothing_that_is_being_written_is_collected(database: str, local: LocalObjects) -> None:
    """A crashed writer's old file is just what the next one is about to name: it stays."""

    def crash() -> None:
        raise Crash

    collected: list[int] = []
    with connect(database) as conn, connect(database) as other:
        append(conn, "ada", [registered(), *worked("g1")])
        fill(conn, local, now=utc_now())
        with pytest.raises(Crash):
            make(conn, local, "ada", written=crash)

        def tend() -> None:
            collected.append(collect(other, local, now=utc_now(), grace=timedelta(seconds=-5)))

        tender = threading.Thread(target=tend)

        def meanwhile() -> None:
            tender.start()
            tender.join(0.3)
            assert not collected  # it waits for the writer

        assert make(conn, local, "ada", written=meanwhile) is not None
        tender.join()
        assert len(rows(conn, local, "ada", "attempts")) == 2


def test_an_erased_learner_s_copy_goes_and_it_is_proven(database: str, objects: ObjectStore) -> None:
    with connect(database) as conn:
        append(conn, "ada", [registered(), *worked("g1")])
        append(conn, "bob", [registered(), *worked("g2")])
        followed(conn, objects)

        def gone() -> None:  # while their copy is being made
            with conn.transaction():
                payloads.erase(conn, "ada")

        append(conn, "ada", worked("g3"), tag="more")
        fill(conn, objects, now=utc_now())
        with connect(database) as other:
            assert make(other, objects, "ada", written=gone) is None
        assert erase(conn, objects) == ["ada"]
        assert prove(conn, objects) == ["ada"]
        assert [s.key for s in objects.keys(f"{COPIES}ada/")] == []
        assert tell(conn, "ada", 0).files == []
        assert behind(conn) == []
        copies = conn.execute("SELECT copies FROM lake_erasure").fetchone()
        assert copies is not None
        assert copies[0] > 6
        assert rows(conn, objects, "bob", "goals") != []


def test_a_store_that_is_away_leaves_the_copy_as_it_was(database: str, local: LocalObjects) -> None:
    with connect(database) as conn:
        append(conn, "ada", [registered(), *worked("g1")])
        followed(conn, local)
        append(conn, "ada", worked("g2"), tag="more")
        fill(conn, local, now=utc_now())
        before = tell(conn, "ada", 0)
        away = local.root.with_name("away")
        local.root.rename(away)
        with pytest.raises(BucketGone):
            make(conn, local, "ada")
        away.rename(local.root)
        assert tell(conn, "ada", 0) == before
        assert make(conn, local, "ada") is not None
        assert log.head(conn) == tell(conn, "ada", 0).position
