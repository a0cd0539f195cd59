"""What the page tells, as asked of the ready views. Rows about fewer learners than `least` are left out: a
group must not show a person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from goals.analytics.asking import ask

if TYPE_CHECKING:
    import duckdb

Row = dict[str, Any]
HARDEST = 12


@dataclass(frozen=True, slots=True)
class Figures:
    """`totals`: one row of the whole; each list as the ready view of that name gives it. `hidden`: rows left out."""

    totals: Row
    progress: list[Row]
    hardest: list[Row]
    hints: list[Row]
    retention: list[Row]
    mastery: list[Row]
    least: int
    hidden: int

    @property
    def period(self) -> tuple[datetime, datetime] | None:
        first, last = self.totals["first"], self.totals["last"]
        return (first, last) if first else None


TOTALS = """
WITH goals AS (
    SELECT learner, goal, bool_or(correct) AS solved, arg_min(correct, attempt) AS at_once
    FROM tried_ever SEMI JOIN tried USING (goal) GROUP BY ALL)
SELECT (SELECT count(DISTINCT learner) FROM tried) AS learners, (SELECT count(*) FROM tried) AS attempts,
       (SELECT min(time) FROM tried) AS first, (SELECT max(time) FROM tried) AS last,
       count(*) AS goals, count(*) FILTER (solved) AS solved, avg(at_once::INTEGER) AS at_once,
       (SELECT count(DISTINCT goal) FROM helped WHERE goal IN (SELECT goal FROM tried)) AS helped,
       (SELECT count(*) FROM (
            SELECT DISTINCT learner, concept FROM moved_ever SEMI JOIN tried USING (learner)
            WHERE after >= 0.9)) AS mastered,
       (SELECT count(DISTINCT learner) FROM tried
        WHERE time > (SELECT max(time) FROM tried) - INTERVAL 7 DAY) AS active
FROM goals
"""
"""Of what has an attempt since the day that is asked for, as the ready views are."""


def figures(db: duckdb.DuckDBPyConnection, *, least: int = 3) -> Figures:
    """`least`: learners a row must be about."""
    (totals,) = ask(db, TOTALS).to_pylist()
    found = {
        view: ask(db, f"SELECT * FROM {view}").to_pylist()  # noqa: S608  one of our own views
        for view in ("cohort_progress", "hardest_challenges", "hint_use", "retention_curves", "time_to_mastery")
    }
    kept = {view: [row for row in rows if row["learners"] >= least] for view, rows in found.items()}
    return Figures(
        totals,
        kept["cohort_progress"],
        kept["hardest_challenges"][:HARDEST],
        kept["hint_use"][:HARDEST],
        kept["retention_curves"],
        kept["time_to_mastery"],
        least,
        sum(len(rows) for rows in found.values()) - sum(len(rows) for rows in kept.values()),
    )
