"""Process: what moves, on what evidence, with what reason; and what a second visit must not repeat."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from people import NOW, TODAY, enrolment, goal, learner, mastery

from functions.process.agent import Context, Seen, decide
from functions.process.texts import BECAUSE
from graph.decision import Decision
from shared.curriculum import load
from shared.events.catalogue.agents import ProcessReviewed, StateChanged
from shared.machines import MACHINES
from shared.readmodel.rows import Goal, Plan, Review, State

BANK = load()
RUN = Seen("goals.run.finished", "e-run")
PAUSE = Seen("goals.goal.paused", "e-pause")
SWAP = Seen("goals.goal.swapped", "e-swap")
DAY = Seen("goals.day.started", "e-day", day=TODAY)
PROFILE = Seen("goals.profile.stated", "e-profile")


def asks(row: Goal | None = None, *inputs: Seen, **changed: Any) -> Context:
    usual: dict[str, Any] = {
        "now": NOW,
        "thread": "goal/g-1" if row else "learner/ana",
        "trigger": "run",
        "learner": learner(),
        "curriculum": BANK,
        "inputs": list(inputs),
        "goal": row,
        "goals": [row] if row else [],
        "stood": {
            ("course", "python-foundations"): State("course", "python-foundations", "started", "", NOW),
        },
        "enrolments": [enrolment()],
    }
    return Context(**{**usual, **changed})


def moves(decision: Decision) -> list[tuple[str, str, str]]:
    return [(s.body.entity, s.body.before, s.body.after) for s in decision.events if isinstance(s.body, StateChanged)]


def findings(decision: Decision) -> dict[str, Any]:
    return dict(decision.update["findings"]["process"])


# --- goal --------------------------------------------------------------------------------------------------------


def test_the_first_run_opens_a_goal() -> None:
    decision = decide(asks(goal(runs=1, best=1, total=3), RUN))
    assert moves(decision) == [("goal", "assigned", "open")]
    assert decision.events[0].body.evidence == ("e-run",)
    assert decision.events[0].causation == "e-run"
    assert findings(decision) == {"done": False, "stuck": False, "passes": 1}


def test_a_goal_is_solved_when_evaluation_says_so_even_on_its_first_run() -> None:
    decision = decide(asks(goal(runs=2, best=5, total=5, hints=1), RUN, solved=True))
    assert moves(decision) == [("goal", "assigned", "open"), ("goal", "open", "solved")]
    assert decision.events[1].body.because == "All 5 cases pass. Runs: 2, hints: 1."
    assert findings(decision)["done"] is True
    assert isinstance(decision.events[-1].body, ProcessReviewed)


def test_running_a_solved_goal_again_moves_nothing() -> None:
    decision = decide(asks(goal(state="solved", runs=5), RUN, solved=True))
    assert list(decision.events) == []
    assert findings(decision)["done"] is False


@pytest.mark.parametrize(
    ("facts", "stuck"),
    [
        ({"stalled": 2, "failures": 2}, False),
        ({"stalled": 3, "failures": 3}, True),
        ({"stalled": 2, "failures": 5}, True),
        ({"stalled": 1, "failures": 9}, False),
    ],
)
def test_three_runs_without_a_new_case_are_stuck_and_after_five_failures_two(facts: dict, stuck: bool) -> None:
    decision = decide(asks(goal(state="open", runs=9, best=2, total=5, **facts), RUN))
    assert findings(decision)["stuck"] is stuck
    assert moves(decision) == ([("goal", "open", "stuck")] if stuck else [])


def test_what_is_stuck_says_so_once_and_a_new_case_opens_it_again() -> None:
    still = decide(asks(goal(state="stuck", stalled=4, failures=6), RUN))
    assert moves(still) == []
    assert findings(still)["stuck"] is False
    free = decide(asks(goal(state="stuck", stalled=0, failures=6, best=3, total=5), RUN))
    assert moves(free) == [("goal", "stuck", "open")]
    assert "3 of 5" in free.events[0].body.because


def test_pause_and_swap_are_the_learners_and_a_run_ends_a_pause() -> None:
    assert moves(decide(asks(goal(state="open"), PAUSE, trigger="goal"))) == [("goal", "open", "paused")]
    assert moves(decide(asks(goal(state="paused"), SWAP, trigger="goal"))) == [("goal", "paused", "swapped")]
    assert moves(decide(asks(goal(state="paused", runs=3), RUN))) == [("goal", "paused", "open")]
    both = decide(asks(goal(state="open", runs=3), RUN, PAUSE, solved=True))
    assert [m[2] for m in moves(both)] == ["paused", "open", "solved"]


def test_a_swapped_goal_moves_no_more() -> None:
    assert moves(decide(asks(goal(state="swapped"), RUN, PAUSE, SWAP, solved=True))) == []


def test_a_run_that_we_failed_moves_nothing() -> None:
    assert list(decide(asks(goal(), replace(RUN, fault=True))).events) == []


def test_a_denied_run_moves_nothing_and_is_reported() -> None:
    decision = decide(asks(goal(), RUN, refused="quota_used_up", solved=True))
    (said,) = decision.events
    assert said.body.findings == ("access denied: quota_used_up",)


def test_the_second_visit_repeats_nothing_and_keeps_what_was_found() -> None:
    first = asks(goal(state="open", runs=1), PAUSE, RUN, solved=True)
    found = findings(decide(first))
    second = decide(replace(first, goal=goal(state="solved"), goals=[goal(state="solved")], passes=1, before=found))
    assert moves(second) == []
    assert findings(second) == {"done": True, "stuck": False, "passes": 2}


def test_goals_never_opened_leave_when_they_are_old_or_in_no_plan() -> None:
    plan = Plan("ana", TODAY, 30, [{"goal": "g-held"}], "", None, 3, NOW)
    rows = [
        goal(goal="g-held"),
        goal(goal="g-dropped"),
        goal(goal="g-fresh", assigned=NOW + timedelta(seconds=1)),
        goal(goal="g-begun", opened=NOW, state="open"),
        goal(goal="g-old", day=TODAY - timedelta(days=8)),
    ]
    decision = decide(asks(None, DAY, goals=rows, plan=plan, trigger="daily", planned=True))
    assert [s.body.id for s in decision.events if isinstance(s.body, StateChanged)] == ["g-dropped", "g-old"]
    assert moves(decide(asks(None, DAY, goals=rows, plan=plan, trigger="mood"))) == []


# --- learner -----------------------------------------------------------------------------------------------------


def test_a_profile_leads_to_placement_or_straight_to_learning() -> None:
    new = learner(state="registered")
    placing = asks(None, PROFILE, learner=new, goals=[goal(kind="placement")], planned=True, trigger="profile")
    assert moves(decide(placing)) == [("learner", "registered", "placing")]
    direct = replace(placing, goals=[goal()])
    assert moves(decide(direct)) == [("learner", "registered", "learning")]
    assert moves(decide(replace(placing, learner=learner(state="registered", level=None)))) == []


def test_placement_is_over_when_the_last_of_its_goals_closes() -> None:
    row = goal(goal="g-1", kind="placement", state="open", total=4)
    other = goal(goal="g-2", kind="placement", state="stuck")
    context = asks(row, RUN, learner=learner(state="placing"), goals=[row, other], solved=True)
    decision = decide(context)
    assert moves(decision) == [("goal", "open", "solved"), ("learner", "placing", "learning")]
    assert decision.events[1].body.because == "Placement is over: 1 of 2 solved."
    waiting = replace(context, goals=[row, replace(other, state="assigned")])
    assert moves(decide(waiting)) == [("goal", "open", "solved")]


def test_two_weeks_of_silence_pause_the_learner_and_any_sign_brings_them_back() -> None:
    away = learner(last_seen=NOW - timedelta(days=14))
    assert moves(decide(asks(None, DAY, learner=away, trigger="daily"))) == [("learner", "learning", "paused")]
    almost = learner(last_seen=NOW - timedelta(days=13, hours=23))
    assert moves(decide(asks(None, DAY, learner=almost, trigger="daily"))) == []
    resting = learner(state="paused")
    assert moves(decide(asks(None, DAY, learner=resting, trigger="daily"))) == []
    assert moves(decide(asks(goal(state="open"), RUN, learner=resting))) == [("learner", "paused", "learning")]
    wish = Seen("goals.wish.stated", "e-wish")
    unplaced = [goal(kind="placement")]
    back = decide(asks(None, wish, learner=resting, goals=unplaced, trigger="wish"))
    assert moves(back) == [("learner", "paused", "placing")]


# --- course, enrolment, review -----------------------------------------------------------------------------------


def test_a_course_starts_with_the_first_run_on_one_of_its_goals() -> None:
    decision = decide(asks(goal(state="open"), RUN, stood={}))
    assert moves(decision) == [("course", "not_started", "started")]
    other = decide(asks(goal(state="open", course="python-collections"), RUN, stood={}))
    assert moves(other) == []


def test_a_course_and_its_enrolment_are_completed_when_every_concept_is_learnt() -> None:
    known = {c: mastery(c, 0.9) for c in BANK.courses["python-foundations"].concepts}
    decision = decide(asks(goal(state="open"), RUN, mastery=known))
    assert moves(decision) == [("course", "started", "completed"), ("enrolment", "active", "completed")]
    almost = {**known, "loops": mastery("loops", 0.89)}
    assert moves(decide(asks(goal(state="open"), RUN, mastery=almost))) == []


def test_a_review_is_due_from_its_day_and_done_when_the_next_lies_ahead() -> None:
    due = [
        Review("loops", NOW + timedelta(hours=10), 3.0, 5.0, NOW),
        Review("text", NOW + timedelta(days=1), 1, 1, NOW),
    ]
    decision = decide(asks(None, DAY, reviews=due, trigger="daily"))
    assert moves(decision) == [("review", "none", "due")]
    stood = {("review", "loops"): State("review", "loops", "due", "", NOW)}
    assert moves(decide(asks(None, DAY, reviews=due, trigger="daily", stood=stood))) == []
    ahead = [Review("loops", NOW + timedelta(days=4), 5.0, 5.0, NOW)]
    row = goal(state="solved", course="python-collections")
    assert moves(decide(asks(row, RUN, reviews=ahead, stood=stood))) == [("review", "due", "done")]


def test_the_contracts_own_runs_move_nothing() -> None:
    amended = Seen("goals.contract.amended", "e-c")
    known = {c: mastery(c, 0.95) for c in BANK.order}
    reviews = [Review("loops", NOW, 1.0, 1.0, NOW)]
    resting = learner(state="paused")
    context = asks(None, amended, trigger="contract", mastery=known, reviews=reviews, learner=resting)
    assert list(decide(context).events) == []


# --- all ---------------------------------------------------------------------------------------------------------


def test_reasons_are_in_the_learners_language() -> None:
    decision = decide(asks(goal(state="open", stalled=3, best=1, total=4), RUN, learner=learner(language="es")))
    assert decision.events[0].body.because == "3 ejecuciones seguidas sin ningún caso nuevo; pasan 1 de 4."


def test_every_text_is_there_in_both_languages_with_the_same_figures() -> None:
    for words in BECAUSE.values():
        assert set(words) == {"en", "es"}
        assert len({frozenset(re.findall(r"{(\w+)}", w)) for w in words.values()}) == 1


inputs = st.lists(st.sampled_from([RUN, PAUSE, SWAP, DAY, PROFILE, replace(RUN, fault=True)]), min_size=1, max_size=6)


@given(
    st.sampled_from(MACHINES["goal"].states),
    st.sampled_from(MACHINES["learner"].states),
    inputs,
    st.booleans(),
    st.integers(0, 6),
    st.sampled_from(["run", "goal", "daily", "profile"]),
    st.booleans(),
)
def test_whatever_comes_only_allowed_moves_are_made_one_after_the_other(
    state: str, person: str, seen: list[Seen], solved: bool, stalled: int, trigger: str, planned: bool
) -> None:
    row = goal(state=state, stalled=stalled, failures=stalled, runs=0, total=3, day=TODAY - timedelta(days=stalled * 2))
    decision = decide(asks(row, *seen, solved=solved, trigger=trigger, planned=planned, learner=learner(state=person)))
    now = {"goal": state, "learner": person}
    for entity, before, after in moves(decision):
        if entity in now:
            assert now[entity] == before
            now[entity] = after
    ids = {s.id for s in seen if not s.fault}
    assert all(set(s.body.evidence) <= ids for s in decision.events if isinstance(s.body, StateChanged))
