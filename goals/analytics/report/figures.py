"""What the page tells, as asked of the ready views. Rows about fewer learners than `least`, and figures of fewer in the
others, are left out: a group must not show a person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from goals.analytics.asking import ask

if TYPE_CHECKING:
    import duckdb

Row = dict[str, Any]
HARDEST = 12


FEW: dict[str, dict[str, tuple[str, ...]]] = {
    "hardest_challenges": {"solvers": ("tries",), "timed": ("minutes",)},
    "hint_use": {"helped": ("rung", "solved_helped"), "alone": ("solved_alone",)},
    "time_to_mastery": {"reached": ("reached", "days", "days_q1", "days_q3", "attempts")},
}
"""Of each view: the columns that count learners, and the figures that are of those alone."""


@dataclass(frozen=True, slots=True)
class Figures:
    """`totals`: one row of the whole, empty where it is of too few; each list as the ready view of that name gives it.
    None for a figure of too few learners. `hidden`: rows and figures left out."""

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
        first, last = self.totals.get("first"), self.totals.get("last")
        return (first, last) if first and last else None


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
        WHERE time > $1::TIMESTAMPTZ - INTERVAL 7 DAY AND time <= $1::TIMESTAMPTZ) AS active
FROM goals
"""
"""Of what has an attempt since the day that is asked for, as the ready views are."""


def figures(db: duckdb.DuckDBPyConnection, *, made: datetime, least: int = 3) -> Figures:
    """`made`: now. `least`: learners that a row, and each figure in it, must be of."""
    (totals,) = ask(db, TOTALS, [made]).to_pylist()
    found = {
        view: ask(db, f"SELECT * FROM {view}").to_pylist()  # noqa: S608  one of our own views
        for view in ("cohort_progress", "hardest_challenges", "hint_use", "retention_curves", "time_to_mastery")
    }
    kept = {view: [row for row in rows if row["learners"] >= least] for view, rows in found.items()}
    # A week of few moves the cohort's means by what those few did.
    kept["cohort_progress"] = [row for row in kept["cohort_progress"] if row["active"] >= least]
    hidden = sum(len(rows) for rows in found.values()) - sum(len(rows) for rows in kept.values())
    for view, counts in FEW.items():
        hidden += sum(_emptied(row, count, names, least) for row in kept[view] for count, names in counts.items())
    if 0 < totals["learners"] < least:
        totals, hidden = {}, hidden + 1
    elif 0 < totals["active"] < least:
        totals["active"] = None
        hidden += 1
    return Figures(
        totals,
        kept["cohort_progress"],
        kept["hardest_challenges"][:HARDEST],
        kept["hint_use"][:HARDEST],
        kept["retention_curves"],
        sorted(kept["time_to_mastery"], key=lambda row: (row["days"] is None, row["days"] or 0, row["concept"])),
        least,
        hidden,
    )


def _emptied(row: Row, count: str, names: Sequence[str], least: int) -> bool:
    """Of nobody there is nothing to hide."""
    if row[count] is None or not 0 < row[count] < least:
        return False
    row.update(dict.fromkeys(names))
    return True
