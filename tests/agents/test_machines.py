"""The state machines: what may move, on what evidence, and that the page in the docs says the same."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.errors import Conflict
from shared.events.data import LATEST
from shared.machines import COURSE, ENROLMENT, GOAL, LEARNER, MACHINES, REVIEW, Evidence, Machine, change, document

RUN = Evidence("goals.run.finished", "e-run")
SWAP = Evidence("goals.goal.swapped", "e-swap")
DAY = Evidence("goals.day.started", "e-day")

machines = st.sampled_from(list(MACHINES.values()))


def test_the_states_are_those_of_the_read_model() -> None:
    assert set(LEARNER.states) == {"registered", "placing", "learning", "paused"}
    assert set(ENROLMENT.states) == {"active", "paused", "completed", "left", "ended"}
    assert set(GOAL.states) == {"assigned", "open", "stuck", "solved", "paused", "swapped", "abandoned"}
    assert set(COURSE.states) == {"not_started", "started", "completed"}
    assert set(REVIEW.states) == {"none", "due", "done"}


def test_a_move_says_what_it_rests_on_and_leaves_out_events_that_say_nothing_about_it() -> None:
    changed = change("goal", "g", "open", "solved", "5 of 5 cases pass", [SWAP, RUN, RUN])
    assert (changed.before, changed.after, changed.evidence) == ("open", "solved", ("e-run",))


def test_a_solved_goal_stays_solved() -> None:
    with pytest.raises(Conflict, match="no move from solved to open; solved leads to nothing"):
        change("goal", "g", "solved", "open", "x", [RUN])


def test_a_goal_is_not_solved_without_a_run() -> None:
    with pytest.raises(Conflict, match=r"needs goals\.run\.finished as evidence, and has goals\.day\.started"):
        change("goal", "g", "open", "solved", "x", [DAY])
    with pytest.raises(Conflict, match="has nothing"):
        change("goal", "g", "open", "solved", "x", [])


def test_only_a_day_can_say_that_somebody_was_silent() -> None:
    assert LEARNER.allows("learning", "paused", [DAY])
    assert not LEARNER.allows("learning", "paused", [RUN])


@given(machines)
def test_every_state_can_be_reached(machine: Machine) -> None:
    reached, waiting = {machine.initial}, [machine.initial]
    while waiting:
        state = waiting.pop()
        for move in machine.moves:
            if move.before == state and move.after not in reached:
                reached.add(move.after)
                waiting.append(move.after)
    assert reached == set(machine.states)


@given(machines)
def test_every_move_is_there_once_and_its_evidence_is_in_the_catalogue(machine: Machine) -> None:
    pairs = [(m.before, m.after) for m in machine.moves]
    assert len(pairs) == len(set(pairs))
    assert all(before != after for before, after in pairs)
    assert all(m.evidence and set(m.evidence) <= set(LATEST) for m in machine.moves)


@given(machines, st.data())
def test_a_walk_over_allowed_moves_never_leaves_the_table(machine: Machine, data: st.DataObject) -> None:
    state = machine.initial
    for _ in range(8):
        ways = [m for m in machine.moves if m.before == state]
        if not ways:
            assert state in machine.final
            return
        move = data.draw(st.sampled_from(ways))
        shown = [Evidence(data.draw(st.sampled_from(move.evidence)), "e")]
        state = change(machine.entity, "x", state, move.after, "because", shown).after


def test_the_page_in_the_docs_is_what_the_tables_say() -> None:
    page = Path(__file__).parents[2] / "docs" / "states.md"
    assert page.read_text("utf-8") == document()
    assert document().count("stateDiagram-v2") == len(MACHINES)
