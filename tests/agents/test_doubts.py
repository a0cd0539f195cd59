""" "This is wrong": what a learner's doubt takes out, and what is explained instead."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from people import NOW, mastery
from test_evaluation_over_time import attempt

from functions.evaluation.agent import answer
from functions.evaluation.answering import Doubted
from functions.evaluation.doubts import MOST, Case, Question, ruling
from functions.evaluation.texts import ANSWERS
from shared.events.catalogue.agents import MasteryChanged
from shared.events.catalogue.explaining import EvaluationWithdrawn, MasteryAnswered
from shared.readmodel.rows import Doubt, Evaluation, Rating

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
ASKED = Question("q-1", "loops", NOW)


def failed(name: str, hours_ago: float, **told: Any) -> Evaluation:
    given = {"event": f"e-{name}", "run": f"r-{name}", "caused": f"c-{name}", "correct": False, **told}
    return attempt(NOW - hours_ago * HOUR, **given)


def asked(attempt: str | None) -> Question:
    return Question("q-1", "loops", NOW, attempt)


def test_a_failing_first_try_may_be_taken_out() -> None:
    found = ruling(ASKED, Case([failed("a", 2, purpose="run")]))
    assert (found.rule, found.withdraw and found.withdraw.event) == ("first_try", "e-a")


def test_a_failed_submission_may_be_taken_out_if_they_solved_it_alone_within_a_day() -> None:
    slip = failed("a", 5)
    assert ruling(ASKED, Case([slip])).rule == "stands"
    assert ruling(ASKED, Case([slip, attempt(NOW - HOUR, deltas={})])).rule == "slip"
    assert ruling(ASKED, Case([slip, attempt(NOW - HOUR, assisted=True, deltas={})])).rule == "stands"
    assert ruling(ASKED, Case([slip, attempt(NOW - HOUR, goal="other", deltas={})])).rule == "stands"
    assert ruling(ASKED, Case([failed("a", 30), attempt(NOW, deltas={})])).rule == "stands"


def test_a_success_is_taken_out_only_if_they_name_it() -> None:
    good = attempt(NOW - HOUR, run="r-good")
    assert ruling(ASKED, Case([good])).rule == "stands"
    assert ruling(asked("r-good"), Case([good])).rule == "too_high"


def test_an_attempt_at_a_challenge_that_was_changed_is_always_taken_out() -> None:
    spent = [Doubt(f"q{n}", "loops", "reweighed", "slip", NOW - DAY) for n in range(MOST)]
    assert ruling(ASKED, Case([failed("a", 2)], frozenset({"g-1"}), spent)).rule == "challenge_changed"


def test_three_in_thirty_days_are_the_most() -> None:
    spent = [Doubt(f"q{n}", "loops", "reweighed", "first_try", NOW - n * DAY - HOUR) for n in range(MOST)]
    tries = [failed("a", 2, purpose="run")]
    assert ruling(ASKED, Case(tries, doubts=spent)).rule == "limit"
    assert ruling(ASKED, Case(tries, doubts=spent[1:])).rule == "first_try"
    long_ago = [Doubt(d.question, d.concept, d.outcome, d.rule, d.at - 31 * DAY) for d in spent]
    assert ruling(ASKED, Case(tries, doubts=long_ago)).rule == "first_try"


def test_what_does_not_count_is_neither_taken_out_nor_somebody_elses() -> None:
    idle, other, out = failed("a", 3, deltas={}), failed("b", 2, concepts=["text"]), failed("c", 1, withdrawn=NOW)
    case = Case([idle, other, out])
    assert ruling(ASKED, case).rule == "no_attempt"
    assert [ruling(asked(f"r-{n}"), case).rule for n in "abc"] == ["no_attempt"] * 3
    assert ruling(asked("r-elsewhere"), case).rule == "not_yours"


def test_an_attempt_is_known_by_its_run_its_event_or_its_evaluation() -> None:
    case = Case([failed("a", 2, purpose="run")])
    assert {ruling(asked(name), case).rule for name in ("r-a", "c-a", "e-a")} == {"first_try"}


def doubted(*evaluations: Evaluation, language: str = "en", questions: tuple[Question, ...] = (ASKED,)) -> Doubted:
    row = mastery("loops", 0.3, attempts=2, evidence=["c-a", "c-b"])
    return Doubted(
        "ana", language, questions, Case(evaluations), {"loops": row},
        {"mu:ana|loops": Rating(1.35, 2), "l:ana": Rating(-0.2, 2)}, {"coin-jar": "A coin jar"},
    )  # fmt: skip


TRY = failed("a", 2, purpose="run", deltas={"mu:ana|loops": -1.0, "l:ana": -0.1})


def test_what_is_taken_out_moves_the_figure_back_with_its_evidence_and_is_told() -> None:
    decision = answer(doubted(TRY))
    withdrawn, changed, told = (s.body for s in decision.events)
    assert isinstance(withdrawn, EvaluationWithdrawn)
    assert isinstance(changed, MasteryChanged)
    assert isinstance(told, MasteryAnswered)
    assert (withdrawn.evaluation, withdrawn.deltas) == ("e-a", TRY.deltas)
    assert changed.after > changed.before == 0.3
    assert (changed.evidence, changed.attempts) == (("q-1", "c-b"), 1)
    assert (told.outcome, told.rule, told.before, told.after) == ("reweighed", "first_try", 0.3, changed.after)
    assert "A coin jar" in told.text
    assert f"{changed.after:.2f}" in told.text
    assert {s.causation for s in decision.events} == {"q-1"}
    assert decision.update["findings"]["evaluation"]["mastery"] == {"loops": changed.after}


def test_what_stands_is_explained_and_moves_nothing() -> None:
    decision = answer(doubted(failed("a", 2)))
    (told,) = (s.body for s in decision.events)
    assert isinstance(told, MasteryAnswered)
    assert (told.outcome, told.before, told.after) == ("explained", 0.3, 0.3)
    assert "0.30 rests on 2 attempts" in told.text


def test_the_same_attempt_is_not_taken_out_twice() -> None:
    decision = answer(doubted(TRY, questions=(ASKED, Question("q-2", "loops", NOW))))
    told = [s.body for s in decision.events if isinstance(s.body, MasteryAnswered)]
    assert [t.rule for t in told] == ["first_try", "no_attempt"]
    assert told[1].before == told[1].after == told[0].after


@pytest.mark.parametrize("rule", ANSWERS)
def test_every_ruling_has_its_words_in_both_languages(rule: str) -> None:
    from functions.evaluation.texts import answer as words

    texts = {
        language: words(language, rule, challenge="X", attempts=2, before=0.2, after=0.4)
        for language in ("en", "es-ES")
    }
    assert len(set(texts.values())) == 2
    assert all("{" not in text and len(text) <= 600 for text in texts.values())
