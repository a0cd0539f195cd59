"""What feedback says unasked: help where it is likely needed, progress once a day, a person for who is in need."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from people import NOW, TODAY, goal, mastery, ran

from functions.feedback.agent import Context, decide
from functions.feedback.progress import Standing, first_of_day
from graph.decision import Decision, Said
from shared.attention import held_back
from shared.curriculum import load
from shared.events.catalogue.attention import HelpOffered, MessageWithheld, ProgressTold, SupportPointed
from shared.readmodel.rows import Attention, Goal, Review

CABLE_CAR = load().challenges["cable-car"]
SPOKEN = next(f"e-{i}" for i in range(99) if not held_back(f"e-{i}"))
SILENT = next(f"e-{i}" for i in range(99) if held_back(f"e-{i}"))
STUCK: dict[str, Any] = {"challenge": "cable-car", "runs": 4, "failures": 4, "stalled": 2, "best": 6, "total": 10}


def decided(
    run: Any = None, *, on: Goal | None = None, code: str = "def fare(age):\n    return 7\n", **more: Any
) -> Decision:
    run = run or ran(SPOKEN, passed=6, total=10, purpose="run")
    given: dict[str, Any] = {"now": NOW, "expected": 0.5, **more}
    return decide(Context("en", on or goal(**STUCK), CABLE_CAR, [run], code, **given))


def unasked(decision: Decision) -> list[Said]:
    kinds = HelpOffered | ProgressTold | SupportPointed
    return [said for said in decision.events if isinstance(said.body, kinds)]


def held(decision: Decision) -> list[str]:
    return [s.body.why for s in decision.events if isinstance(s.body, MessageWithheld) and s.body.message == "help"]


def test_help_is_offered_with_figures_choices_and_the_version_it_rests_on() -> None:
    (said,) = unasked(decided(attention=Attention(version=4)))
    assert isinstance(said.body, HelpOffered)
    assert said.body.text.startswith("6 of 10 cases pass at best, and the last 2 runs added none. Hint 1 of 5 is there")
    assert said.body.offers == ("hint", "smaller_step", "pause")
    assert (said.body.expected, said.body.failures, said.body.stalled, said.expected) == (0.5, 4, 2, 4)


@pytest.mark.parametrize(
    ("changed", "expected"),
    [({"stalled": 1}, 0.5), ({"failures": 1}, 0.5), ({}, 0.7), ({}, 0.95), ({"closed": NOW}, 0.5)],
)
def test_no_help_without_all_its_signs(changed: dict[str, Any], expected: float) -> None:
    decision = decided(on=goal(**{**STUCK, **changed}), expected=expected)
    assert unasked(decision) == []
    assert held(decision) == []


def test_no_help_where_the_run_passes() -> None:
    assert unasked(decided(ran(SPOKEN, passed=10, total=10, purpose="run"))) == []


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({"attention": Attention(spoken=NOW - timedelta(minutes=9), messages=1)}, "too_soon"),
        ({"attention": Attention(spoken=NOW - timedelta(minutes=40), messages=3)}, "session"),
        ({"attention": Attention(dismissed=2, waved_off=NOW - timedelta(hours=1))}, "dismissed"),
        ({"asked": NOW - timedelta(minutes=1)}, "asked"),
        ({"edited": NOW - timedelta(seconds=2)}, "typing"),
    ],
)
def test_help_is_held_back_and_the_reason_recorded(more: dict[str, Any], why: str) -> None:
    decision = decided(**more)
    assert unasked(decision) == []
    assert held(decision) == [why]


def test_one_offer_in_ten_is_held_back_by_the_runs_id() -> None:
    decision = decided(ran(SILENT, passed=6, total=10, purpose="run"))
    assert held(decision) == ["control"]
    assert decision == decided(ran(SILENT, passed=6, total=10, purpose="run"))


def solved(name: str, hints: int = 0, days: int = 1) -> Goal:
    return goal(goal=name, state="solved", closed=NOW - timedelta(days=days), hints=hints)


def standing(*goals: Goal) -> Standing:
    reviews = [Review("loops", NOW - timedelta(hours=1), 1.0, 5.0, None)]
    rows = [mastery("loops", 0.62, changed=NOW - timedelta(hours=3))]
    return Standing("Europe/Madrid", goals, rows, reviews, {"loops": "Loops"})


def test_progress_is_told_with_its_figures_and_evidence_once_a_day() -> None:
    calm = goal(challenge="cable-car", failures=0)
    given = standing(solved("g-2"), solved("g-3", hints=2), solved("g-4", days=9))
    (said,) = unasked(decided(on=calm, standing=given))
    assert isinstance(said.body, ProgressTold)
    assert said.body.text == (
        "In the last 7 days 2 goals were solved, 1 of them without hints. “Loops” stands at 62%. 1 reviews are due."
    ).replace("1 reviews are due", "1 review is due")
    assert (said.body.solved, said.body.unassisted, said.body.evidence) == (2, 1, ("g-2", "g-3"))
    assert unasked(decided(on=calm, standing=given, attention=Attention(progress=TODAY))) == []
    assert unasked(decided(on=calm, standing=standing())) == []


def test_help_and_progress_never_come_together() -> None:
    (said,) = unasked(decided(standing=standing(solved("g-2"))))
    assert isinstance(said.body, HelpOffered)


def test_the_first_run_of_a_day_is_so_in_the_learners_own_zone() -> None:
    late = NOW.replace(hour=23, minute=30)  # half past midnight in Madrid
    assert first_of_day(NOW, late, "Europe/Madrid")
    assert not first_of_day(NOW, late, "UTC")
    assert first_of_day(None, NOW, "UTC")


def test_a_comment_that_speaks_of_harm_comes_before_everything_else_and_once() -> None:
    code = "# I don't want to live anymore\ndef fare(age):\n    return 7\n"
    (said,) = unasked(decided(code=code))
    assert isinstance(said.body, SupportPointed)
    assert said.body.seen == "code"
    (later,) = unasked(decided(code=code, attention=Attention(supported=NOW - timedelta(hours=1))))
    assert isinstance(later.body, HelpOffered)
