"""Events to fill a lake with, and what the store holds in the shape that the lake gives it back."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from psycopg import sql

from graph.entries import thread_of, wake
from shared.events.catalogue.agents import EvaluationRecorded, MasteryChanged
from shared.events.catalogue.interactions import Language, MoodAnswered, RunRequested
from shared.events.catalogue.learners import LearnerRegistered
from shared.events.catalogue.teaching import GoalAssigned
from shared.events.data import Data
from shared.events.record import new_event
from shared.ids import derived_id
from shared.lake import manifest
from shared.lake.objects import ObjectStore
from shared.lake.spanning import tables
from shared.readmodel import READ_MODEL
from shared.store import Store
from shared.store.connect import Connection

STORE = Store(READ_MODEL, thread_of, wake)
START = datetime(2026, 11, 20, 22, 30, tzinfo=UTC)
COLUMNS = ["position", "version", "id", "type", "schema_version", "source", "subject", "stream", "tenant", "time",
           "correlation", "causation", "traceparent", "data"]  # fmt: skip


def append(
    conn: Connection,
    learner: str,
    bodies: Sequence[Data],
    *,
    time: datetime = START,
    tenant: str = "public",
    tag: str = "",
) -> None:
    """Each body an event, a minute apart. `tag` tells repeats apart: the same tag is the same event."""
    new = [
        new_event(
            body,
            id=derived_id("lake", learner, tag, place, type(body).__name__),
            source="/test",
            subject=learner,
            time=time + timedelta(minutes=place),
            correlation=derived_id("correlation", learner, tag),
            tenant=tenant,
        )
        for place, body in enumerate(bodies)
    ]
    with conn.transaction():
        STORE.append_one(conn, new)


def registered(language: Language = "en", timezone: str = "UTC") -> LearnerRegistered:
    return LearnerRegistered(name="Ada", language=language, timezone=timezone)


def assigned(goal: str, *, challenge: str = "coin-jar", day: datetime = START) -> GoalAssigned:
    return GoalAssigned(
        goal=goal,
        kind="daily",
        challenge=challenge,
        challenge_version=1,
        course="python-foundations",
        concepts=("loops", "conditionals"),
        difficulty=0.4,
        day=day.date(),
        minutes=10,
        because="der nächste Schritt: \"naïve\", 'quoted', line\nbreak, ünïcode 🪙",
    )


def evaluated(goal: str, number: int = 1, *, correct: bool = True, assisted: bool = False) -> EvaluationRecorded:
    return EvaluationRecorded(
        goal=goal,
        run=f"run-{goal}-{number}",
        challenge="coin-jar",
        concepts=("loops", "conditionals"),
        correct=correct,
        assisted=assisted,
        purpose="submit",
        expected=0.5,
        score=1.0 if correct else 0.25,
        attempt=number,
        seconds=61.5 * number,
        error=None if correct else "off_by_one",
        deltas={"learner/x": 0.1},
    )


def mastered(goal: str, after: float = 0.5, concept: str = "loops") -> MasteryChanged:
    return MasteryChanged(
        concept=concept,
        goal=goal,
        before=0.1,
        after=after,
        assisted=after,
        unassisted=after,
        uncertainty=0.9,
        attempts=1,
        evidence=("e1",),
        because="solved",
    )


def a_day(goal: str) -> list[Data]:
    """Several families, nulls, lists, texts that are kept apart."""
    return [
        assigned(goal),
        RunRequested(goal=goal, code="print('hi')\n", purpose="submit"),
        evaluated(goal, 1, correct=False),
        evaluated(goal, 2),
        mastered(goal),
        MoodAnswered(answer="good", goal=goal),
    ]


def in_store(conn: Connection) -> dict[int, dict[str, Any]]:
    """Every event of nobody erased, by position."""
    query = sql.SQL("SELECT {} FROM events e WHERE NOT EXISTS (SELECT FROM erased x WHERE x.learner = e.subject)")
    asked = query.format(sql.SQL(", ").join(map(sql.Identifier, COLUMNS)))
    rows = [dict(zip(COLUMNS, row, strict=True)) for row in conn.execute(asked)]
    return {row["position"]: row for row in rows}


def in_lake(conn: Connection, objects: ObjectStore) -> dict[int, dict[str, Any]]:
    """Every row that a reader of the manifest gets, by position. Fails where one comes twice."""
    found: dict[int, dict[str, Any]] = {}
    for table in tables(objects, manifest.files(conn), COLUMNS):
        for row in table.to_pylist():
            assert row["position"] not in found, f"position {row['position']} is in the lake twice"
            row["data"] = json.loads(row["data"])
            found[row["position"]] = row
    return found
