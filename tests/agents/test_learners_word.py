"""What a learner asks of their plan, through the real graph and a real store: swaps, pauses, courses, rests, wishes."""

from __future__ import annotations

from datetime import timedelta

import pytest
from people import NOW, TODAY, terms
from test_day_through_the_graph import Day, day, placed

from shared.curriculum import load
from shared.events.catalogue import contracts, interactions, learners
from shared.planning.bounds import SWAPS_A_DAY
from shared.readmodel.rows import Goal

__all__ = ["day"]
BANK = load()
PY, COLLECTIONS, JS = "python-foundations", "python-collections", "javascript-foundations"


def morning(day: Day, number: int) -> None:
    """The start of the `number`th day after the first."""
    at = NOW + timedelta(days=number)
    day.happens(learners.DayStarted(day=at.date()), at)


def planned(day: Day) -> list[Goal]:
    rows = {g.goal: g for g in day.goals}
    return [rows[line["goal"]] for line in day.plan.goals if line["goal"] in rows]


def untouched(day: Day) -> Goal:
    return next(g for g in planned(day) if g.state == "assigned" and g.kind != "placement")


def states(day: Day) -> dict[str, str]:
    return {e.course: e.state for e in day.view.enrolments("ana")}


# --- swaps -----------------------------------------------------------------------------------------------------------


def test_in_place_of_a_swapped_goal_another_challenge_of_its_kind_and_concept_comes_and_says_so(day: Day) -> None:
    placed(day)
    old = untouched(day)
    before = {g.goal for g in day.goals}
    day.happens(interactions.GoalSwapped(goal=old.goal, reason="not_for_me"))
    assert day.first(goal=old.goal).state == "swapped"
    (new,) = [g for g in planned(day) if g.goal not in before and "In place of" in g.because]
    assert new.challenge != old.challenge
    assert (new.kind, new.concepts[0]) == (old.kind, old.concepts[0]) or new.kind == old.kind
    assert BANK.challenges[old.challenge].title["en"] in new.because
    line = next(line for line in day.plan.goals if line["goal"] == new.goal)
    assert set(line["parts"]) == {"swap"}


@pytest.mark.parametrize(("reason", "sign"), [("too_hard", -1), ("too_easy", 1)])
def test_a_reason_is_heeded_where_the_bank_can(day: Day, reason: str, sign: int) -> None:
    placed(day)
    old = untouched(day)
    before = {g.goal for g in day.goals}
    day.happens(interactions.GoalSwapped(goal=old.goal, reason=reason))  # type: ignore[arg-type]
    for new in (g for g in planned(day) if g.goal not in before and "In place of" in g.because):
        if new.concepts[0] == old.concepts[0]:
            assert sign * (new.difficulty - old.difficulty) >= 0


def test_no_more_goals_are_swapped_a_day_than_the_bound_even_if_the_door_let_them_in(day: Day) -> None:
    placed(day)
    for _ in range(SWAPS_A_DAY):
        day.happens(interactions.GoalSwapped(goal=untouched(day).goal))
    kept = untouched(day)
    day.happens(interactions.GoalSwapped(goal=kept.goal))
    assert day.first(goal=kept.goal).state == "assigned"
    assert sum(g.state == "swapped" for g in day.goals) == SWAPS_A_DAY
    challenges = [(g.challenge, g.variant) for g in day.goals if g.day == TODAY]
    assert len(set(challenges)) == len(challenges), "no challenge came twice"


# --- laid aside, taken up --------------------------------------------------------------------------------------------


def test_a_goal_laid_aside_leaves_the_plan_and_is_in_it_again_when_it_is_taken_up_days_later(day: Day) -> None:
    placed(day)
    goal = untouched(day)
    day.runs(goal, right=False)
    day.happens(interactions.GoalPaused(goal=goal.goal))
    assert day.first(goal=goal.goal).state == "paused"
    assert goal.goal not in {g.goal for g in planned(day)}
    morning(day, 1)
    morning(day, 2)
    assert goal.goal not in {g.goal for g in planned(day)}
    day.happens(interactions.GoalResumed(goal=goal.goal))
    again = day.first(goal=goal.goal)
    assert (again.state, again.runs) == ("open", 1)
    assert goal.goal in {g.goal for g in planned(day)}
    morning(day, 3)
    assert goal.goal in {g.goal for g in planned(day)}, "what is begun is carried on"


@pytest.mark.parametrize("right", [True, False])
def test_what_left_the_plan_unopened_and_was_worked_on_offline_counts_when_it_arrives(day: Day, right: bool) -> None:
    placed(day)
    goal = untouched(day)
    day.happens(interactions.EnrolmentLeft(course=goal.course))
    day.happens(learners.EnrolmentStarted(course=goal.course, because="joined", by="learner"))
    for number in range(1, 10):
        morning(day, number)
    assert day.first(goal=goal.goal).state == "abandoned"
    day.happens(interactions.GoalOpened(goal=goal.goal))
    day.runs(goal, right=right)
    assert day.first(goal=goal.goal).state == ("solved" if right else "open")


def test_a_course_laid_aside_takes_its_goals_out_of_the_plan_and_brings_back_what_was_begun(day: Day) -> None:
    placed(day)
    day.happens(interactions.EnrolmentPaused(course=COLLECTIONS))
    day.happens(interactions.EnrolmentPaused(course=PY))
    assert [g for g in planned(day) if g.state in ("assigned", "open", "stuck")] == []
    day.happens(interactions.EnrolmentResumed(course=PY))
    begun = untouched(day)
    assert begun.course == PY
    day.runs(begun, right=False)
    day.happens(interactions.EnrolmentPaused(course=PY))
    for number in range(1, 20):
        morning(day, number)
    row = day.first(goal=begun.goal)
    assert (row.state, row.runs) == ("open", 1), "nothing is laid aside while its course is"
    assert begun.goal not in {g.goal for g in planned(day)}
    day.happens(interactions.EnrolmentResumed(course=PY))
    assert begun.goal in {g.goal for g in planned(day)}
    morning(day, 21)
    assert day.first(goal=begun.goal).state == "open"


# --- courses ---------------------------------------------------------------------------------------------------------


def test_a_further_course_is_soon_in_the_plan_even_of_who_does_nothing_and_out_of_it_when_it_is_left(day: Day) -> None:
    placed(day)
    morning(day, 1)
    day.happens(learners.EnrolmentStarted(course=JS, because="joined", by="learner"))
    assert states(day)[JS] == "active"
    morning(day, 2)
    morning(day, 3)
    assert any(g.course == JS for g in planned(day))
    day.happens(interactions.EnrolmentLeft(course=JS))
    assert states(day)[JS] == "left"
    assert not any(g.course == JS and g.state in ("assigned", "open") for g in planned(day))
    for number in (4, 5):
        morning(day, number)
        assert states(day)[JS] == "left", "the contract covers it, and still it stays left"
        assert not any(g.course == JS for g in planned(day))
    day.happens(learners.EnrolmentStarted(course=JS, because="joined", by="learner"))
    assert states(day)[JS] == "active"


def test_signing_up_for_courses_wakes_no_graph_and_joining_later_does(day: Day) -> None:
    before = day.conn.execute("SELECT count(*) FROM events WHERE type = 'goals.access.granted'").fetchone()
    day.happens(learners.EnrolmentStarted(course=JS, because="chosen"))
    assert day.conn.execute("SELECT count(*) FROM events WHERE type = 'goals.access.granted'").fetchone() == before
    assert day.conn.execute("SELECT count(*) FROM waiting").fetchone() == (0,)


def test_a_course_left_and_joined_again_brings_no_challenge_a_second_time_that_day(day: Day) -> None:
    placed(day)
    given = {g.goal for g in planned(day) if g.course == COLLECTIONS}
    day.happens(interactions.EnrolmentLeft(course=COLLECTIONS))
    assert given
    assert {g.state for g in day.goals if g.goal in given} == {"abandoned"}
    day.happens(learners.EnrolmentStarted(course=COLLECTIONS, because="joined", by="learner"))
    day.happens(interactions.ProfileStated(minutes=180))
    assert any(g.course == COLLECTIONS for g in planned(day))
    challenges = [g.challenge for g in day.goals if g.day == TODAY]
    assert sorted(set(challenges)) == sorted(challenges)


# --- days off --------------------------------------------------------------------------------------------------------


def test_on_days_off_nothing_is_planned_nothing_is_lost_and_the_day_named_brings_the_plan(day: Day) -> None:
    placed(day)
    begun = untouched(day)
    day.runs(begun, right=False)
    plan = day.plan
    live = {g.goal: g.state for g in day.goals if g.state in ("assigned", "open")}
    day.happens(interactions.LearningPaused(until=TODAY + timedelta(days=20)))
    assert day.learner.state == "paused"
    for number in range(1, 20):
        morning(day, number)
    assert day.plan == plan, "no plan is made and none taken away"
    assert {g.goal: g.state for g in day.goals if g.goal in live} == live, "nothing is laid aside or given up"
    morning(day, 20)
    assert day.learner.state == "learning"
    assert day.plan.day == TODAY + timedelta(days=20)
    assert begun.goal in {g.goal for g in planned(day)}
    assert any(g.state == "assigned" for g in planned(day))
    for number in range(21, 33):
        morning(day, number)
    assert day.learner.state == "learning"
    morning(day, 35)
    assert day.learner.state == "paused", "silence counts from the end of the days off"
    morning(day, 36)
    assert day.learner.state == "paused"


def test_who_works_on_a_day_off_is_not_given_more_and_who_is_back_early_is(day: Day) -> None:
    placed(day)
    goal = untouched(day)
    day.happens(interactions.LearningPaused(until=TODAY + timedelta(days=9)))
    morning(day, 1)
    plan = day.plan
    day.runs(goal, right=True)
    assert day.first(goal=goal.goal).state == "solved"
    assert (day.plan, day.learner.state) == (plan, "paused")
    day.happens(interactions.LearningResumed())
    assert day.learner.state == "learning"
    assert day.plan.day == TODAY + timedelta(days=1)
    assert any(g.state == "assigned" for g in planned(day))


def test_reviews_wait_for_the_end_of_days_off(day: Day) -> None:
    placed(day)
    due = {r.concept for r in day.view.reviews_of("ana")}
    assert due
    day.happens(interactions.LearningPaused(until=TODAY + timedelta(days=30)))
    for number in (5, 15, 29):
        morning(day, number)
    assert not any(g.kind == "review" for g in day.goals)
    morning(day, 30)
    assert {g.concepts[0] for g in planned(day) if g.kind == "review"} <= due
    assert any(g.kind == "review" for g in planned(day))


# --- wishes ----------------------------------------------------------------------------------------------------------


def test_a_wish_is_answered_and_answered_anew_when_it_can_be_met(day: Day) -> None:
    placed(day)
    day.happens(interactions.WishStated(concept="js-arrays"))
    (first,) = day.said("wish.answered")
    assert (first["outcome"], first["course"], first["goal"]) == ("other_course", JS, None)
    assert "join javascript-foundations" in first["because"]
    day.happens(interactions.WishStated(text="please more about kubernetes"))
    assert [a["outcome"] for a in day.said("wish.answered")] == ["other_course", "unknown"]
    day.happens(learners.EnrolmentStarted(course=JS, because="joined", by="learner"))
    answers = [a for a in day.said("wish.answered") if a["concept"] == "js-arrays"]
    assert [a["outcome"] for a in answers] == ["other_course", "planned"]
    goal = day.first(goal=answers[-1]["goal"])
    assert (goal.kind, goal.course) == ("wish", JS)
    morning(day, 1)
    assert len(day.said("wish.answered")) == 3, "nothing is told twice"
    stored = {w.concept: w for w in day.view.wishes_of("ana", since=NOW)}
    assert (stored["js-arrays"].outcome, stored["js-arrays"].goal) == ("planned", goal.goal)


def test_a_wish_for_a_course_the_contract_does_not_cover_says_so(day: Day) -> None:
    placed(day)
    few = terms(courses=(PY, COLLECTIONS), version="2")
    day.happens(contracts.ContractAmended(contract="c-1", organisation="acme", terms=few))
    day.happens(interactions.WishStated(concept="js-arrays"))
    assert [a["outcome"] for a in day.said("wish.answered")] == ["not_covered"]
