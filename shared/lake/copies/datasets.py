"""The datasets of a copy: their columns, and the rows of each, from the read model and the log.

A column is never renamed, narrowed or given another meaning; new ones are added at the end. What would break a reader
is a new dataset, or a new `SCHEMA`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa

from shared.lake.columns import INSTANT
from shared.planning.rests import rest_days
from shared.readmodel import View
from shared.readmodel.rows import Learner
from shared.store.connect import Connection
from shared.store.queries import load
from shared.streak import running

SCHEMA = 1
SQL = load(Path(__file__).with_name("queries.sql"))
Row = Sequence[Any]
Rows = Callable[[Connection, Learner, str | None], list[Row]]
MONTH, YEAR = "month", "year"


@dataclass(frozen=True, slots=True)
class Dataset:
    """`grain`: of a part; `by`: the column that says which part a row is in (UTC instant or day). `rows`: all rows in
    order; of a dataset by months, where a month is given, those from it on."""

    name: str
    grain: str
    by: str
    schema: pa.Schema
    rows: Rows

    def part_of(self, row: Row) -> str:
        """`2026-11` or `2026`."""
        return str(row[self.schema.names.index(self.by)])[: 7 if self.grain == MONTH else 4]


def _asked(query: str) -> Rows:
    def rows(conn: Connection, learner: Learner, since: str | None) -> list[Row]:
        asked = {"learner": learner.learner, "zone": learner.timezone, "since": since}
        return list(conn.execute(SQL[query], asked).fetchall())

    return rows


def _days(conn: Connection, learner: Learner, _: str | None) -> list[Row]:
    """Each day from the first with work to the last."""
    view = View(conn)
    found = view.days_of_work(learner.learner, learner.timezone)
    worked: dict[date, tuple[int, int]] = {day: (runs, solved) for day, runs, solved in found}
    if not worked:
        return []
    last = max(worked)
    # The streak of a day that is over: the day after the last one stands for "today", and is left out.
    after = last + timedelta(days=1)
    rests = rest_days(view.rests_of(learner.learner), min(worked), after, learner.timezone)
    days = running(worked, min(worked), after, learner.days_off, rests)
    return [
        (
            r.day,
            r.day in worked,
            r.day.weekday() in learner.days_off or r.day in rests,
            *worked.get(r.day, (0, 0)),
            r.current,
            r.longest,
        )
        for r in days
        if r.day <= last
    ]


def _mood(conn: Connection, learner: Learner, since: str | None) -> list[Row]:
    """Nothing without consent, and nothing from before the learner had it forgotten."""
    return _asked("mood")(conn, learner, since) if learner.consent_mood else []


def _schema(**columns: pa.DataType) -> pa.Schema:
    return pa.schema([pa.field(name, kind) for name, kind in columns.items()])


TEXT, WHOLE, NUMBER, YES, DAY = pa.string(), pa.int32(), pa.float64(), pa.bool_(), pa.date32()

DATASETS: tuple[Dataset, ...] = (
    Dataset(
        "attempts", MONTH, "time",
        _schema(run=TEXT, goal=TEXT, kind=TEXT, challenge=TEXT, course=TEXT, time=INSTANT, day=DAY, purpose=TEXT,
                number=WHOLE, verdict=TEXT, passed=WHOLE, failed=WHOLE, total=WHOLE, fault=YES),
        _asked("attempts"),
    ),
    Dataset(
        "evaluations", MONTH, "time",
        _schema(evaluation=TEXT, run=TEXT, goal=TEXT, kind=TEXT, challenge=TEXT, concepts=pa.list_(TEXT), time=INSTANT,
                day=DAY, purpose=TEXT, attempt=WHOLE, correct=YES, assisted=YES, expected=NUMBER, score=NUMBER,
                seconds=NUMBER, pace=NUMBER, error=TEXT, withdrawn=INSTANT),
        _asked("evaluations"),
    ),
    Dataset(
        "mastery", YEAR, "day",
        _schema(day=DAY, concept=TEXT, mastery=NUMBER, before=NUMBER, assisted=NUMBER, unassisted=NUMBER,
                uncertainty=NUMBER, attempts=WHOLE, changes=WHOLE),
        _asked("mastery"),
    ),
    Dataset(
        "goals", YEAR, "day",
        _schema(goal=TEXT, day=DAY, kind=TEXT, challenge=TEXT, challenge_version=WHOLE, variant=TEXT, course=TEXT,
                concepts=pa.list_(TEXT), difficulty=NUMBER, minutes=WHOLE, state=TEXT, because=TEXT, assigned=INSTANT,
                opened=INSTANT, closed=INSTANT, runs=WHOLE, failures=WHOLE, hints=WHOLE, best=WHOLE, total=WHOLE),
        _asked("goals"),
    ),
    Dataset(
        "streak", YEAR, "day",
        _schema(day=DAY, worked=YES, day_off=YES, runs=WHOLE, solved=WHOLE, streak=WHOLE, longest=WHOLE),
        _days,
    ),
    Dataset(
        "mood", YEAR, "time",
        _schema(time=INSTANT, day=DAY, source=TEXT, mood=TEXT, signal=TEXT, effect=TEXT, goal=TEXT),
        _mood,
    ),
)  # fmt: skip
