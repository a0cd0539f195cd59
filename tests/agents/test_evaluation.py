"""The evaluation node measures attempts fairly: once, before they are seen, and with the evidence kept."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from functions.evaluation.agent import Context, decide
from graph.decision import Decision
from graph.state import Input
from shared.events.catalogue.agents import EvaluationRecorded, MasteryChanged
from shared.events.catalogue.teaching import ReviewDue
from shared.readmodel.rows import Goal, Hint, Mastery, Rating, Review, Run

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def goal(**facts: Any) -> Goal:
    base = Goal(
        goal="g1", learner="ana", kind="daily", challenge="calm-window", challenge_version=1, variant=None,
        course="python-foundations", concepts=["loops", "conditionals"], difficulty=0.5, day=date(2026, 11, 23),
        minutes=10, because="", state="open", assigned=NOW - timedelta(hours=1), opened=NOW - timedelta(minutes=5),
        closed=None, runs=0, failures=0, hints=0, signature="", same_failures=0, best=0, stalled=0, total=9,
    )  # fmt: skip
    return replace(base, **facts)


def finished(name: str, passed: int = 9, purpose: str = "submit", *, signature: str = "", **more: Any) -> Input:
    facts = {"run": name, "purpose": purpose, "passed": passed, "failed": 9 - passed, "total": 9,
             "signature": signature, "fault": False, "verdict": "passed" if passed == 9 else "failed"}  # fmt: skip
    return {"id": f"e-{name}", "type": "goals.run.finished", "position": 1, "at": NOW.isoformat(),
            "correlation": "c", "facts": facts | more}  # fmt: skip


def seen(event: Input) -> Run:
    f = event["facts"]
    return Run(
        run=f["run"], event=event["id"], goal="g1", learner="ana", purpose=f["purpose"], passed=f["passed"],
        failed=f["failed"], total=f["total"], verdict=f["verdict"], signature=f["signature"], code="", report="",
        fault=f["fault"], at=NOW,
    )  # fmt: skip


def decided(*inputs: Input, before: tuple[Input, ...] = (), language: str = "en", **facts: Any) -> Decision:
    context_facts = {key: facts.pop(key) for key in ("ratings", "mastery", "reviews") if key in facts}
    runs = [seen(event) for event in (*before, *inputs)]
    return decide(Context("ana", language, goal(**facts), inputs, runs, title="A window", **context_facts))


def findings(decision: Decision) -> dict[str, Any]:
    return decision.update["findings"]["evaluation"]  # type: ignore[no-any-return]


def bodies(decision: Decision, kind: type[Any]) -> list[Any]:
    return [said.body for said in decision.events if isinstance(said.body, kind)]


def test_a_clean_solution_is_recorded_moves_mastery_and_schedules_a_review() -> None:
    decision = decided(finished("r1"))
    (recorded,) = bodies(decision, EvaluationRecorded)
    assert recorded.correct
    assert recorded.score == 1
    assert recorded.attempt == 1
    assert recorded.seconds == 300
    assert recorded.expected == pytest.approx(0.5)
    loops, conditionals = bodies(decision, MasteryChanged)
    assert loops.concept == "loops"
    assert loops.after > loops.before
    assert loops.after - loops.before > conditionals.after - conditionals.before
    assert loops.evidence == ("e-r1",)
    assert loops.because == "Solved “A window” in 1 run, without hints; the model gave it 50 %."
    (due,) = bodies(decision, ReviewDue)
    assert due.concept == "loops"
    assert due.due > NOW
    assert findings(decision)["solved"]
    assert findings(decision)["mastery"]["loops"] == loops.after


def test_every_event_names_the_run_that_led_to_it() -> None:
    assert {said.causation for said in decided(finished("r1")).events} == {"e-r1"}


def test_a_fault_of_ours_is_not_evaluated() -> None:
    decision = decided(finished("r1", 0, fault=True))
    assert decision.events == []
    assert findings(decision) == {"solved": False, "mastery": {}, "moved": False}


def test_the_expected_probability_is_fixed_before_the_outcome_is_seen() -> None:
    solved, failed = decided(finished("r1", 9)), decided(finished("r1", 0))
    assert bodies(solved, EvaluationRecorded)[0].expected == bodies(failed, EvaluationRecorded)[0].expected


def test_a_failing_try_counts_less_than_a_failing_submission() -> None:
    tried = bodies(decided(finished("r1", 3, "run")), EvaluationRecorded)[0]
    submitted = bodies(decided(finished("r1", 3)), EvaluationRecorded)[0]
    assert tried.deltas["l:ana"] == pytest.approx(0.2 * submitted.deltas["l:ana"])


def test_only_the_first_failing_try_counts_and_the_rest_are_recorded() -> None:
    tries = [finished(f"r{i}", 3, "run", signature="same") for i in range(20)]
    recorded = bodies(decided(*tries), EvaluationRecorded)
    assert len(recorded) == 20
    assert [bool(r.deltas) for r in recorded] == [True] + [False] * 19
    assert [r.attempt for r in recorded] == list(range(1, 21))


def test_submitting_the_same_failure_again_moves_nothing() -> None:
    decision = decided(finished("r2", 3, signature="s"), before=(finished("r1", 3, signature="s"),))
    assert bodies(decision, EvaluationRecorded)[0].deltas == {}
    assert bodies(decision, MasteryChanged) == []


def test_a_try_that_passes_waits_for_its_submission() -> None:
    decision = decided(finished("r1", 9, "run"))
    assert bodies(decision, EvaluationRecorded)[0].deltas == {}
    assert not findings(decision)["solved"]


def test_solving_again_what_is_solved_moves_nothing() -> None:
    decision = decided(finished("r2"), before=(finished("r1"),))
    assert bodies(decision, EvaluationRecorded)[0].deltas == {}
    assert bodies(decision, ReviewDue) == []


def test_fifty_failing_tries_and_then_a_solution_leave_mastery_higher_than_before() -> None:
    tries = tuple(finished(f"r{i}", i % 9, "run", signature=str(i)) for i in range(50))
    after = bodies(decided(*tries, finished("last")), MasteryChanged)[0]
    assert after.after > after.before


def test_a_run_the_read_model_has_not_shown_yet_is_evaluated_all_the_same() -> None:
    event = finished("r9")
    decision = decide(Context("ana", "en", goal(), [event], runs=()))
    assert len(bodies(decision, EvaluationRecorded)) == 1


def test_a_burst_is_evaluated_run_by_run_each_on_what_the_one_before_moved() -> None:
    first, second = bodies(decided(finished("r1", 2), finished("r2", 9)), EvaluationRecorded)
    assert second.expected < first.expected
    changes = bodies(decided(finished("r1", 2), finished("r2", 9)), MasteryChanged)
    assert [c.concept for c in changes] == ["loops", "conditionals"]
    assert changes[0].evidence == ("e-r2", "e-r1")


def test_light_hints_weigh_and_strong_hints_make_it_assisted() -> None:
    alone, light, helped = (bodies(decided(finished("r1"), hints=n), MasteryChanged)[0] for n in (0, 2, 3))
    assert alone.unassisted > light.unassisted > helped.unassisted
    assert helped.assisted > helped.unassisted
    assert bodies(decided(finished("r1"), hints=3), EvaluationRecorded)[0].assisted


def test_a_hint_given_after_a_run_says_nothing_of_it() -> None:
    event = finished("r1")
    late, early = (Hint(4, NOW + timedelta(seconds=n)) for n in (1, -1))
    for hint, assisted in ((late, False), (early, True)):
        decision = decide(Context("ana", "en", goal(hints=4), [event], [seen(event)], hints=[hint]))
        assert bodies(decision, EvaluationRecorded)[0].assisted is assisted


def test_a_failure_in_spite_of_help_is_one_attempt() -> None:
    first, _ = bodies(decided(finished("r1", 3), hints=3), MasteryChanged)
    alone, _ = bodies(decided(finished("r1", 3)), MasteryChanged)
    assert first.attempts == alone.attempts == 1
    assert first.uncertainty == alone.uncertainty
    row = {c: Mastery(c, 0.2, 0.2, 0.2, 1.0, 4, [], "", NOW, None) for c in ("loops", "conditionals")}
    again, _ = bodies(decided(finished("r2", 9), mastery=row), MasteryChanged)
    assert again.attempts == 5


def test_a_first_solution_carries_its_pace_and_a_failure_has_none() -> None:
    history = [
        replace(goal(), goal=f"h{n}", state="solved", opened=NOW - timedelta(days=n, minutes=10),
                closed=NOW - timedelta(days=n))
        for n in (1, 2, 3)
    ]  # fmt: skip
    for passed, pace in ((9, 0.5), (3, None)):
        event = finished("r1", passed)
        decision = decide(Context("ana", "en", goal(), [event], [seen(event)], goals=history))
        assert bodies(decision, EvaluationRecorded)[0].pace == pace


def test_what_was_solved_with_help_comes_back_within_two_days() -> None:
    (due,) = bodies(decided(finished("r1"), hints=4), ReviewDue)
    assert due.due <= NOW + timedelta(days=2)


def test_a_failed_review_brings_the_concept_back_sooner_and_only_once() -> None:
    card = {"loops": Review("loops", NOW, 10.0, 5.0, NOW - timedelta(days=10))}
    failed = decided(finished("r1", 2), kind="review", reviews=card)
    solved = decided(finished("r1"), kind="review", reviews=card)
    assert bodies(failed, ReviewDue)[0].due < bodies(solved, ReviewDue)[0].due
    again = decided(finished("r2", 2), before=(finished("r1", 2),), kind="review", reviews=card)
    assert bodies(again, ReviewDue) == []
    assert bodies(decided(finished("r1", 2), kind="daily", reviews=card), ReviewDue) == []


def test_mastery_moved_is_said_when_a_gate_is_crossed() -> None:
    known = {"mu:ana|loops": Rating(4.3, 5), "mu:ana|conditionals": Rating(4.3, 5)}
    rows = {
        concept: Mastery(concept, 0.89, 0.1, 0.89, 0.7, 5, [f"e{i}" for i in range(20)], "", NOW, None)
        for concept in ("loops", "conditionals")
    }
    decision = decided(finished("r1"), ratings=known, mastery=rows)
    change = bodies(decision, MasteryChanged)[0]
    assert change.before < 0.9 <= change.after
    assert findings(decision)["moved"]
    assert len(change.evidence) == 20
    assert change.evidence[0] == "e-r1"


def test_a_small_change_is_not_a_move() -> None:
    known = {"mu:ana|loops": Rating(5.5, 9), "mu:ana|conditionals": Rating(5.5, 9)}
    assert not findings(decided(finished("r1"), ratings=known))["moved"]


def test_why_mastery_moved_is_said_in_the_learners_language() -> None:
    change = bodies(decided(finished("r1", 4), hints=1, language="es-MX"), MasteryChanged)[0]
    assert change.because == (
        "«A window»: pasaron 4 de 9 casos en la ejecución 1, con 1 pista; el modelo le daba un 50 %."
    )


def test_a_goal_that_is_not_there_is_no_failure() -> None:
    decision = decide(Context("ana", "en", None, [finished("r1")]))
    assert decision.events == ()
    assert not findings(decision)["solved"]


def test_deciding_twice_decides_the_same() -> None:
    assert decided(finished("r1"), finished("r2")) == decided(finished("r1"), finished("r2"))
