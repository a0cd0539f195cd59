"""Evaluation over time: pace against oneself, patterns of errors, what is retained, and a day of it summed up."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from people import NOW, TODAY, goal

from functions.evaluation.agent import sum_up
from functions.evaluation.day import Record, retained, summaries
from functions.evaluation.pace import pace, usual
from functions.evaluation.patterns import patterns, trend
from shared.readmodel.rows import Cause, Evaluation, Goal, MasteryStep

DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)


def solved(minutes: float, n: int, *, planned: int = 10) -> Goal:
    closed = NOW - n * DAY
    opened = closed - minutes * MINUTE
    return goal(goal=f"g-{n}", state="solved", minutes=planned, opened=opened, closed=closed)


def attempt(at: datetime, **told: Any) -> Evaluation:
    facts: dict[str, Any] = {
        "event": f"e-{at:%d%H%M}", "goal": "g-1", "kind": "daily", "challenge": "coin-jar", "concepts": ["loops"],
        "run": "r", "caused": "c", "purpose": "submit", "correct": True, "assisted": False, "expected": 0.5,
        "score": 1.0, "number": 1, "seconds": 300.0, "pace": None, "error": None, "deltas": {"l:ana": 0.1}, "at": at,
    }  # fmt: skip
    return Evaluation(**{**facts, **told})


# --- pace ----------------------------------------------------------------------------------------------------------


def test_pace_compares_a_goal_with_the_learners_own_median_of_the_minutes_planned() -> None:
    history = [solved(m, n) for n, m in enumerate((5, 10, 10, 40), 1)]
    assert usual(history, before=NOW) == pytest.approx(1.0)
    assert pace(goal(goal="new", minutes=10), 20 * 60, history, NOW) == 2.0
    assert pace(goal(goal="new", minutes=20), 20 * 60, history, NOW) == 1.0


def test_with_fewer_than_three_goals_of_their_own_nobody_is_slow_or_fast() -> None:
    assert pace(goal(), 600, [solved(5, 1), solved(5, 2)], NOW) is None


def test_a_night_between_opening_and_solving_says_nothing_about_speed() -> None:
    history = [solved(10, n) for n in (1, 2, 3)]
    assert pace(goal(goal="new"), 9 * 3600, history, NOW) is None
    assert usual([*history, solved(9 * 60, 4)], before=NOW) == usual(history, before=NOW)


def test_what_was_solved_later_and_the_goal_itself_are_no_history_of_it() -> None:
    history = [solved(10, n) for n in (1, 2, 3)]
    assert pace(history[0], 600, history, NOW) is None
    assert usual(history, before=NOW - 10 * DAY) is None


# --- patterns ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("recent", "before", "word"), [(2, 0, "new"), (0, 3, "gone"), (3, 3, "more"), (1, 3, "same"), (1, 9, "less")]
)
def test_a_week_is_compared_with_the_three_weeks_before_it(recent: int, before: int, word: str) -> None:
    assert trend(recent, before) == word


def test_a_cause_named_once_is_no_pattern_and_the_most_frequent_comes_first() -> None:
    causes = [
        Cause("early_return", "g-1", NOW - 10 * DAY),
        Cause("early_return", "g-2", NOW - 2 * DAY),
        Cause("early_return", "g-2", NOW - DAY),
        Cause("off_by_one", "g-3", NOW - DAY),
        Cause("mutable_default", "g-4", NOW - 9 * DAY),
        Cause("mutable_default", "g-4", NOW - 8 * DAY),
        Cause("missing_return", "g-5", NOW - 40 * DAY),
        Cause("missing_return", "g-5", NOW - 39 * DAY),
    ]
    found = patterns(causes, NOW)
    assert [(p.cause, p.recent, p.before, p.goals, p.trend) for p in found] == [
        ("early_return", 2, 1, 2, "more"),
        ("mutable_default", 0, 2, 1, "gone"),
    ]


# --- retention -----------------------------------------------------------------------------------------------------


def test_a_review_is_recalled_by_its_first_submission_without_help_only() -> None:
    told = [
        attempt(NOW, goal="a", kind="review", expected=0.9),
        attempt(NOW, goal="b", kind="review", correct=False, expected=0.7),
        attempt(NOW + MINUTE, goal="b", kind="review"),
        attempt(NOW, goal="c", kind="review", assisted=True, expected=0.8),
        attempt(NOW, goal="d", kind="review", purpose="run"),
        attempt(NOW, goal="e"),
    ]
    found = retained(told)
    assert (found.reviews, found.recalled, found.expected) == (3, 1, 0.8)
    assert retained([]).expected is None


# --- the day -------------------------------------------------------------------------------------------------------


def record(*evaluations: Evaluation, **told: Any) -> Record:
    return replace(Record("Europe/Madrid", evaluations=evaluations), **told)


def test_a_day_of_work_is_summed_up_in_the_learners_own_calendar() -> None:
    late = datetime.fromisoformat("2026-11-21T23:30:00+00:00")  # half past midnight of the 22nd in Madrid
    (told,) = summaries(
        record(
            attempt(late, goal="a", correct=False, purpose="run"),
            attempt(late + MINUTE, goal="a", pace=0.5, seconds=100.0),
            attempt(late + 2 * MINUTE, goal="a"),
            attempt(late + 3 * MINUTE, goal="b", assisted=True, pace=1.5, seconds=200.0),
            causes=[Cause("early_return", "a", late), Cause("early_return", "b", late)],
            steps=[
                MasteryStep("s1", "loops", 0.1, 0.3, "", late),
                MasteryStep("s2", "loops", 0.3, 0.2, "", late + MINUTE),
                MasteryStep("s0", "loops", 0.0, 0.1, "", late - DAY),
            ],
        ),
        TODAY,
    )
    assert (told.day.isoformat(), told.attempts, told.solved, told.assisted) == ("2026-11-22", 4, 2, 1)
    assert (told.seconds, told.pace) == (300.0, 1.0)
    assert [p.cause for p in told.patterns] == ["early_return"]
    assert told.mastery == {"loops": (0.1, 0.2)}
    assert len(told.evidence) == 4


def test_each_day_is_summed_up_once_days_without_work_never_and_today_not_yet() -> None:
    work = [attempt(NOW - n * DAY) for n in (5, 3, 1, 0)]
    days = [s.day for s in summaries(record(*work), TODAY)]
    assert days == [TODAY - n * DAY for n in (5, 3, 1)]
    assert summaries(record(*work, summed=frozenset(days)), TODAY) == []
    assert sum_up(record(), TODAY).events == []


def test_after_a_long_outage_the_last_week_of_work_is_summed_up() -> None:
    work = [attempt(NOW - n * DAY) for n in range(40, 0, -1)]
    days = [s.day for s in summaries(record(*work), TODAY)]
    assert days == [TODAY - n * DAY for n in range(7, 0, -1)]
