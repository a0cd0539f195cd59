"""Planner and time: weekdays one learns on, minutes of each, clocks that change, days off, days that count."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from people import NOW, TODAY, learner, terms
from test_planner import asks, contract, decide, kinds, lived, mastery, plan_in

from functions.daily.agent import days
from functions.planner.agent import Context, Wished
from shared.clock import day_of, local_day, midnight
from shared.planning.rests import just_over, rest_days, rested, resting, span
from shared.readmodel.rows import Rest, Review

ZONES = ("Europe/Madrid", "America/Santiago", "America/Sao_Paulo", "Australia/Lord_Howe", "Pacific/Apia",
         "Asia/Kathmandu", "Africa/Casablanca", "America/St_Johns", "UTC")  # fmt: skip
"""Clocks that change at midnight, by half an hour, in the other half of the year; a day that never was."""
ALWAYS = terms(starts=datetime(2000, 1, 1, tzinfo=UTC), ends=datetime(2100, 1, 1, tzinfo=UTC))


def instants(first: datetime, last: datetime) -> st.SearchStrategy[datetime]:
    return st.integers(0, int((last - first).total_seconds())).map(lambda s: first + timedelta(seconds=s))


EVER = instants(datetime(2011, 1, 1, tzinfo=UTC), datetime(2030, 1, 1, tzinfo=UTC))
YEAR = instants(datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 12, 1, tzinfo=UTC))


def at(instant: datetime, **changed: Any) -> Context:
    return asks(now=instant, contract=contract(ALWAYS), goals=(), trigger="daily", learner=learner(**changed))


@given(EVER, st.sampled_from(ZONES), st.sets(st.integers(0, 6), max_size=6), st.integers(5, 240))
@settings(max_examples=80, deadline=None)
def test_wherever_the_learner_lives_the_weekday_there_says_whether_and_how_long_they_learn(
    instant: datetime, zone: str, off: set[int], minutes: int
) -> None:
    there = instant.astimezone(ZoneInfo(zone)).date()
    week = {str(there.weekday()): minutes}
    context = at(instant, timezone=zone, days_off=sorted(off), minutes=45, minutes_on=week, level="new")
    assert context.day() == there
    decision = decide(context)
    if there.weekday() in off:
        assert decision.events == []
        return
    plan = plan_in(context)
    assert (plan.day, plan.minutes) == (there, minutes)
    assert sum(g.minutes for g in plan.goals) <= 1.25 * minutes


@given(st.dates(date(2011, 1, 1), date(2029, 12, 31)), st.sampled_from(ZONES))
@settings(max_examples=150, deadline=None)
def test_a_day_begins_where_the_one_before_ends_whatever_the_clocks_do(day: date, zone: str) -> None:
    if zone == "Pacific/Apia" and day in (date(2011, 12, 29), date(2011, 12, 30)):
        return  # Samoa had no 30 December 2011
    begins, ends = midnight(day, zone), midnight(day + timedelta(days=1), zone)
    assert timedelta(hours=22) < ends - begins < timedelta(hours=26)
    assert local_day(begins, zone) == local_day(ends - timedelta(microseconds=1), zone) == day
    assert day_of(begins + (ends - begins) / 2, zone) == (begins, ends)


@pytest.mark.parametrize(
    ("zone", "first"),
    [
        ("Europe/Madrid", date(2026, 10, 20)),
        ("America/Santiago", date(2026, 9, 1)),
        ("Australia/Lord_Howe", date(2026, 4, 1)),
    ],
)
def test_hourly_ticks_start_every_day_once_through_a_change_of_the_clocks(zone: str, first: date) -> None:
    start = midnight(first, zone)
    someone = learner(timezone=zone)
    hours = int((midnight(first + timedelta(days=14), zone) - start) / timedelta(hours=1))
    begun = [day for hour in range(hours) for day in days([someone], start + timedelta(hours=hour, minutes=7))]
    assert sorted({d.day for d in begun}) == [first + timedelta(days=n) for n in range(14)]
    assert len({d.id for d in begun}) == 14


def test_a_review_is_due_by_the_end_of_the_local_day_also_when_that_has_25_hours() -> None:
    autumn = date(2026, 10, 25)  # in Madrid the hour after two comes twice
    noon = datetime(2026, 10, 25, 11, tzinfo=UTC)
    late = midnight(autumn + timedelta(days=1), "Europe/Madrid") - timedelta(minutes=1)
    next_day = late + timedelta(minutes=2)
    known = {c: mastery(c, 0.85) for c in ("loops", "conditionals")}
    context = replace(
        asks(now=noon, contract=contract(ALWAYS)),
        mastery=known,
        reviews=[Review("loops", late, 3.0, 5.0, NOW), Review("conditionals", next_day, 3.0, 5.0, NOW)],
    )
    assert [g.concept for g in plan_in(context).goals if g.kind == "review"] == ["loops"]


def test_another_number_of_minutes_on_saturday_is_heeded_and_monday_is_as_ever() -> None:
    who = learner(minutes=20, minutes_on={"5": 90})
    saturday = replace(asks(learner=who), now=NOW + timedelta(days=5), said=TODAY + timedelta(days=5))
    assert plan_in(saturday).minutes == 90
    assert sum(g.minutes for g in plan_in(saturday).goals) > 25
    assert plan_in(asks(learner=who)).minutes == 20


def test_moving_to_another_zone_never_brings_an_earlier_day() -> None:
    context = lived(asks(learner=learner(timezone="Pacific/Auckland"), now=NOW.replace(hour=13)))
    assert context.plan is not None
    assert context.plan.day == TODAY + timedelta(days=1)
    moved = replace(context, learner=learner(timezone="America/Los_Angeles"), trigger="profile")
    assert moved.day() == TODAY + timedelta(days=1)
    assert decide(moved).events == []


# --- days off that are taken -----------------------------------------------------------------------------------------

rests = st.lists(
    st.builds(
        Rest,
        since=YEAR,
        until=st.dates(date(2026, 1, 1), date(2027, 3, 1)),
        ended=st.one_of(st.none(), YEAR),
    ),
    max_size=5,
)


@given(rests, st.dates(date(2026, 1, 1), date(2027, 1, 1)), st.integers(0, 60), st.sampled_from(ZONES))
@settings(max_examples=150, deadline=None)
def test_a_day_is_off_if_and_only_if_it_is_among_the_days_off_and_none_is_counted_twice(
    taken: list[Rest], first: date, length: int, zone: str
) -> None:
    last = first + timedelta(days=length)
    every = [first + timedelta(days=n) for n in range(length + 1)]
    off = [day for day in every if resting(taken, day, zone) is not None]
    assert rest_days(taken, first, last, zone) == set(off)
    assert rested(taken, first, last, zone) == len(off) <= length + 1
    for rest in taken:
        begin, after = span(rest, zone)
        assert begin <= after
        assert resting([rest], after, zone) is None
        assert not (just_over([rest], after - timedelta(days=1)) and rest.ended is None and begin < after)


def test_on_days_off_a_wish_is_heard_and_nothing_else_planned() -> None:
    away = [Rest(NOW - timedelta(days=1), TODAY + timedelta(days=5))]
    for trigger in ("daily", "run", "goal", "profile", "course", "mood"):
        assert decide(asks(rests=away, trigger=trigger)).events == []
    wished = asks(rests=away, trigger="wish", wishes=[Wished("w-1", "loops")])
    assert kinds(plan_in(wished)) == {"wish"}
    assert len(kinds(plan_in(asks(rests=[Rest(NOW - timedelta(days=9), TODAY)], learner=learner(state="paused"))))) >= 3


def test_what_waits_untouched_is_not_given_up_for_days_off() -> None:
    context = lived(asks())
    assert context.plan is not None
    later = TODAY + timedelta(days=15)
    back = replace(
        context, now=NOW + timedelta(days=15), said=later, trigger="daily",
        rests=[Rest(NOW + timedelta(hours=3), later)],
    )  # fmt: skip
    old = {g.goal for g in context.goals}
    assert any(g.goal in old for g in plan_in(back).goals)
    assert not any(g.goal in old for g in plan_in(replace(back, rests=())).goals)
