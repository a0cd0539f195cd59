"""Where a page begins after a failure: at what explains it, and never at a place that is not there."""

from __future__ import annotations

import re

import pytest
from people import NOW, goal

from functions.courses.page import Failure, render
from functions.courses.placing import Place, likely_cause, place
from functions.feedback.diagnosis import CAUSES
from shared.curriculum import load
from shared.readmodel.rows import Feedback, Run

BANK = load()
JAR = BANK.challenges["coin-jar"].instantiate()
FAILED = Failure("four-weeks", "growing", visible=True)
ANCHOR = re.compile(r'<a id="([^"]+)"></a>')


def anchors(at: Place, challenge: str, failure: Failure, language: str) -> set[str]:
    """Of the page as it is served."""
    filled = BANK.challenges[challenge].instantiate()
    page = render(BANK.concepts[at.concept], language, goal(), at.anchor, challenge=filled, failure=failure)
    return set(ANCHOR.findall(page))


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("slug", sorted(BANK.challenges))
def test_whatever_fails_in_whatever_challenge_there_is_such_a_place(slug: str, language: str) -> None:
    challenge = BANK.challenges[slug].instantiate()
    for subtask in challenge.subtasks:
        failure = Failure("case", subtask.id, visible=False)
        for at in {place(BANK, challenge.concept, challenge, cause, failure) for cause in (*CAUSES, None)}:
            assert at.anchor in anchors(at, slug, failure, language)


def test_every_cause_that_a_page_explains_is_one_that_feedback_knows() -> None:
    explained = {cause for concept in BANK.concepts.values() for cause in concept.explains}
    assert explained <= set(CAUSES)
    assert len(explained) >= 40


def test_the_goals_own_page_explains_it_if_it_can() -> None:
    assert place(BANK, JAR.concept, JAR, "accumulator-reset", FAILED) == Place("loops", "reset-inside")


def test_else_one_of_another_concept_that_the_challenge_trains() -> None:
    bags = next(c for c in BANK.challenges.values() if c.concepts == ("text", "loops"))
    assert place(BANK, "text", bags, "early-return", FAILED) == Place("loops", "return-too-early")


def test_else_one_of_what_they_rest_on_the_nearest_first() -> None:
    assert JAR.concepts == ("loops",)
    assert place(BANK, "loops", JAR, "boundary", FAILED) == Place("conditionals", "boundary-side")
    memo = next(c for c in BANK.challenges.values() if c.concepts == ("recursion",))
    assert place(BANK, "recursion", memo, "print-for-return", FAILED) == Place(
        "functions-and-scope", "print-is-not-return"
    )


@pytest.mark.parametrize("cause", ["wrong-value", "no-such-cause", None])
def test_what_no_page_explains_begins_at_the_line_about_the_failing_case(cause: str | None) -> None:
    assert place(BANK, "loops", JAR, cause, FAILED) == Place("loops", "subtask-growing")


def test_where_nothing_failed_it_begins_at_the_top() -> None:
    assert place(BANK, "loops", JAR, "early-return", None) == Place("loops", None)


def run(name: str, signature: str) -> Run:
    return Run(name, name, "g-1", "ana", "run", 1, 4, 5, "failed", signature, "", "", False, NOW)


def said(run: str, cause: str | None) -> Feedback:
    return Feedback(run, "…", cause, NOW)


def test_the_cause_is_the_newest_runs_own() -> None:
    runs = [run("r-3", "a"), run("r-2", "b"), run("r-1", "a")]
    assert likely_cause(runs, [said("r-3", "boundary"), said("r-1", "early-return")]) == "boundary"
    assert likely_cause(runs, [said("r-3", None), said("r-1", "early-return")]) is None


def test_where_nothing_was_said_of_it_the_cause_is_that_of_the_last_run_that_failed_alike() -> None:
    runs = [run("r-3", "a"), run("r-2", "b"), run("r-1", "a")]
    assert likely_cause(runs, [said("r-2", "boundary"), said("r-1", "early-return")]) == "early-return"
    assert likely_cause(runs, [said("r-2", "boundary")]) is None
    assert likely_cause([], []) is None
