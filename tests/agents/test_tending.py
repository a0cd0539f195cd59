"""What no single event moves: enrolments under their contract, goals left lying, states a crash left behind."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from people import NOW, TODAY, contract, enrolment, goal, mastery, terms
from test_day_through_the_graph import Day, day, placed  # noqa: F401  `day` is a fixture
from test_process import BANK, DAY, asks, moves

from functions.process.agent import Seen, decide
from functions.process.context import Context
from shared.events.catalogue import contracts, interactions, learners
from shared.events.catalogue.agents import ProcessReviewed, StateChanged
from shared.events.record import new_event

AMENDED = Seen("goals.contract.amended", "e-amended")
COURSE = "python-foundations"
ASIDE = Seen("goals.enrolment.paused", "e-aside", course=COURSE)
AGAIN = Seen("goals.enrolment.resumed", "e-again", course=COURSE)


def daily(**told: Any) -> Context:
    return asks(None, DAY, trigger="daily", **told)


# --- enrolments ----------------------------------------------------------------------------------------------------


def test_a_course_is_laid_aside_and_taken_up_at_the_learners_word() -> None:
    assert moves(decide(asks(None, ASIDE, trigger="course"))) == [("enrolment", "active", "paused")]
    paused = asks(None, AGAIN, trigger="course", enrolments=[enrolment(state="paused")])
    assert moves(decide(paused)) == [("enrolment", "paused", "active")]
    both = asks(None, ASIDE, AGAIN, ASIDE, trigger="course")
    assert [after for _, _, after in moves(decide(both))] == ["paused", "active", "paused"]


def test_another_course_or_one_that_is_over_is_not_moved_by_it() -> None:
    other = replace(ASIDE, course="python-collections")
    assert moves(decide(asks(None, other, trigger="course"))) == []
    assert moves(decide(asks(None, ASIDE, trigger="course", enrolments=[enrolment(state="ended")]))) == []


@pytest.mark.parametrize("state", ["active", "paused", "completed"])
def test_a_course_that_the_contract_no_longer_covers_is_ended_with_the_reason(state: str) -> None:
    elsewhere = contract(terms(courses=("python-collections",)))
    context = asks(None, AMENDED, trigger="contract", contract=elsewhere, enrolments=[enrolment(state=state)])
    decision = decide(context)
    assert moves(decision) == [("enrolment", state, "ended")]
    said = decision.events[0].body
    assert isinstance(said, StateChanged)
    assert said.because == "Your contract does not cover this course; it covers python-collections."
    assert said.evidence == ("e-amended",)


def test_after_the_days_of_grace_every_enrolment_ends_and_a_renewal_brings_it_back() -> None:
    over = contract(terms(ends=NOW - timedelta(days=4), grace_days=3))
    grace = contract(terms(ends=NOW - timedelta(days=4), grace_days=5))
    assert moves(decide(daily(contract=over))) == [("enrolment", "active", "ended")]
    assert moves(decide(daily(contract=grace))) == []
    ended = {"enrolments": [enrolment(state="ended")]}
    assert moves(decide(daily(contract=over, **ended))) == []
    assert moves(decide(asks(None, AMENDED, trigger="contract", contract=contract(), **ended))) == [
        ("enrolment", "ended", "active")
    ]


def test_a_contract_that_has_not_begun_ends_nothing() -> None:
    assert moves(decide(daily(contract=contract(terms(starts=NOW + timedelta(days=1), courses=("text",)))))) == []


def test_what_has_just_ended_is_not_completed_as_well() -> None:
    learnt = {c: mastery(c, 0.95) for c in BANK.courses[COURSE].concepts}
    elsewhere = contract(terms(courses=("python-collections",)))
    assert ("enrolment", "active", "completed") in moves(decide(daily(mastery=learnt)))
    assert moves(decide(daily(mastery=learnt, contract=elsewhere))) == [
        ("enrolment", "active", "ended"), ("course", "started", "completed"),
    ]  # fmt: skip


# --- goals ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", ["open", "stuck"])
def test_a_goal_left_lying_is_laid_aside_once_and_reported(state: str) -> None:
    row = goal(state=state, runs=1)
    decision = decide(daily(goals=[row], idle={"g-1": NOW - timedelta(days=11)}))
    assert moves(decision) == [("goal", state, "paused")]
    assert decision.events[0].body.because.startswith("Not worked on since 2026-11-12: laid aside")  # type: ignore[attr-defined]
    assert isinstance(decision.events[-1].body, ProcessReviewed)
    assert moves(decide(daily(goals=[row], idle={"g-1": NOW - timedelta(days=11)}, passes=1))) == []
    assert moves(decide(daily(goals=[replace(row, state="paused")], idle={"g-1": NOW}))) == []


@pytest.mark.parametrize(
    ("state", "way"), [("assigned", ["open", "solved"]), ("paused", ["open", "solved"]), ("stuck", ["solved"])]
)
def test_a_goal_whose_solution_is_on_record_is_put_right_on_that_evidence(state: str, way: list[str]) -> None:
    solved = {"g-1": ("e-run", NOW - timedelta(days=1))}
    decision = decide(daily(goals=[goal(state=state, runs=3)], unsettled=solved, idle={"g-1": NOW}))
    assert [after for _, _, after in moves(decision)] == way
    assert {s.body.evidence for s in decision.events if isinstance(s.body, StateChanged)} == {("e-run",)}
    assert {s.causation for s in decision.events if isinstance(s.body, StateChanged)} == {"e-day"}


# --- on a real store -----------------------------------------------------------------------------------------------


def test_a_solution_whose_thread_was_lost_is_put_right_by_the_next_day(day: Day) -> None:  # noqa: F811
    placed(day)
    lost = next(g for g in day.goals if g.state == "assigned")
    ran = learners.RunFinished(goal=lost.goal, run="r-lost", purpose="submit", passed=3, failed=0, total=3,
                               verdict="passed", mode="test", ms=1)  # fmt: skip
    store = day.hand.step.store
    event = new_event(ran, id="e-lost", source="/learners/ana", subject="ana", time=day.at, correlation="e-lost")
    with day.conn.transaction():
        store.append_one(day.conn, [event])  # and its wake never comes
    day.conn.execute("DELETE FROM waiting")
    day.happens(learners.DayStarted(day=TODAY + timedelta(days=1)), NOW + timedelta(hours=20))
    assert day.first(goal=lost.goal).state == "solved"
    found = [c for c in day.said("state.changed") if c["id"] == lost.goal]
    assert [c["evidence"] for c in found] == [["e-lost"], ["e-lost"]]


def test_a_goal_nobody_touched_for_ten_days_leaves_the_plan_and_comes_back_when_it_is_run(day: Day) -> None:  # noqa: F811
    placed(day)
    left = next(g for g in day.goals if g.state == "assigned")
    day.runs(left, right=False)
    later = NOW + timedelta(days=11)
    day.happens(learners.DayStarted(day=later.date()), later)
    assert day.first(goal=left.goal).state == "paused"
    day.runs(day.first(goal=left.goal), right=True)
    assert day.first(goal=left.goal).state == "solved"


def test_a_course_taken_out_of_the_contract_is_ended_and_comes_back_with_it(day: Day) -> None:  # noqa: F811
    placed(day)

    def states() -> dict[str, str]:
        return {e.course: e.state for e in day.view.enrolments("ana")}

    few = terms(courses=(COURSE,), version="2")
    day.happens(contracts.ContractAmended(contract="c-1", organisation="acme", terms=few))
    assert {course for course, state in states().items() if state == "active"} == {COURSE}
    day.happens(contracts.ContractAmended(contract="c-1", organisation="acme", terms=terms(version="3")))
    assert set(states().values()) == {"active"}
    day.happens(interactions.EnrolmentPaused(course=COURSE))
    assert states()[COURSE] == "paused"
    day.happens(interactions.EnrolmentResumed(course=COURSE))
    assert states()[COURSE] == "active"
