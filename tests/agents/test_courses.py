"""Courses: the right page, once, with the heading that answers what failed; and how it reads."""

from __future__ import annotations

import re
from typing import Any

import pytest
from people import NOW, goal, mastery

from functions.courses.agent import Context, decide, page_id
from functions.courses.page import Failure, pitfalls, render
from functions.courses.texts import WORDS
from shared.curriculum import load
from shared.events.catalogue.teaching import LessonWritten
from shared.readmodel.rows import Page

BANK = load()
LOOPS = BANK.concepts["loops"]
JAR = BANK.challenges["coin-jar"].instantiate()
SUBTASK = JAR.subtasks[0]
CASE = next(c for c in JAR.cases if c.visible)


def asks(**changed: Any) -> Context:
    order = {"concept": "loops", "goal": "g-1", "anchor": None, "because": "3 runs in a row passed no new case."}
    context: dict[str, Any] = {"language": "en", "curriculum": BANK, "challenge": JAR}
    context.update({k: changed.pop(k) for k in list(changed) if k in ("language", "pages", "challenge")})
    return Context(order={**order, **changed}, **context)  # type: ignore[typeddict-item]


def written(context: Context) -> LessonWritten:
    (said,) = decide(context).events
    assert isinstance(said.body, LessonWritten)
    return said.body


def given(page: LessonWritten) -> Page:
    return Page(page.page, page.concept, page.course, page.goal, page.anchor, page.because, NOW)


def test_a_page_is_of_its_concept_and_version_and_says_why_it_comes() -> None:
    page = written(asks())
    assert page.page == f"python-foundations/loops:{BANK.version}"
    assert (page.course, page.goal, page.version) == ("python-foundations", "g-1", BANK.version)
    assert page.because == "3 runs in a row passed no new case."
    assert decide(asks()).update == {"written": [page.page]}


def test_the_page_they_have_is_not_given_again() -> None:
    page = given(written(asks()))
    decision = decide(asks(pages=[page]))
    assert (list(decision.events), decision.update) == ([], {"written": []})
    assert written(asks(pages=[page], goal="g-2")).goal == "g-2"
    assert written(asks(pages=[page], anchor="one-off")).anchor == "one-off"


@pytest.mark.parametrize(
    ("anchor", "kept"),
    [("return-too-early", True), (f"subtask-{SUBTASK.id}", True), ("subtask-nowhere", False), ("endless", False)],
)
def test_an_anchor_is_kept_if_the_page_has_such_a_heading(anchor: str, kept: bool) -> None:
    assert written(asks(anchor=anchor)).anchor == (anchor if kept else None)


def test_without_a_reason_the_concept_is_the_reason_in_the_learners_language() -> None:
    assert written(asks(because="", language="es")).because == "Sobre Bucles, que es lo que entrena este reto."


def test_an_unknown_concept_has_no_page() -> None:
    assert list(decide(asks(concept="monads")).events) == []


def test_long_names_still_make_an_id_the_catalogue_takes() -> None:
    from dataclasses import replace

    long = replace(LOOPS, slug="l" * 70)
    assert len(page_id(long, BANK.version)) <= 64
    assert page_id(long, BANK.version) != page_id(long, "other")


def headings(markdown: str) -> list[str]:
    return re.findall(r"^## (.+)$", markdown, re.MULTILINE)


def test_a_page_goes_from_this_learner_to_further_reading() -> None:
    page = render(LOOPS, "en", goal(), None, mastery("loops", 0.42), challenge=JAR)
    assert headings(page) == [
        "For you",
        "About",
        "Introduction",
        "Worked example",
        "Pitfalls",
        "Hints",
        "Further reading",
    ]
    assert page.startswith("# Loops\n")
    assert "Mastery 0.42 (attempts: 3)" in page


@pytest.mark.parametrize("language", ["en", "es"])
def test_every_lesson_renders_in_both_languages_with_nothing_lost(language: str) -> None:
    for concept in BANK.concepts.values():
        page = render(concept, language)
        assert len(headings(page)) == 5
        assert set(pitfalls(concept, language)) == set(concept.pitfalls)
        for line in concept.lesson[language].splitlines():
            assert line in page


def test_the_line_about_a_failure_names_case_and_sub_task_and_links_the_pitfall() -> None:
    failure = Failure(CASE.id, SUBTASK.id, visible=True)
    page = render(LOOPS, "es", goal(), "return-too-early", None, challenge=JAR, failure=failure)
    line = next(row for row in page.splitlines() if CASE.id in row)
    assert line.startswith(f'<a id="subtask-{SUBTASK.id}"></a>')
    assert SUBTASK.title["es"] in line
    assert "(#return-too-early)" in page
    assert "Aún no hay ningún intento" in page


def test_a_hidden_case_is_not_named() -> None:
    page = render(LOOPS, "en", goal(), None, None, challenge=JAR, failure=Failure("secret-case", SUBTASK.id, False))
    assert "secret-case" not in page
    assert "a hidden case" in page


@pytest.mark.parametrize("hints", range(6))
def test_a_page_shows_the_hints_asked_for_and_opens_none(hints: int) -> None:
    page = render(LOOPS, "en", goal(hints=hints), None, None, challenge=JAR)
    for n, rung in enumerate(JAR.hints["en"], start=1):
        first = rung.splitlines()[0]
        assert (f"{n}. {first}" in page) is (n <= hints)
    assert ("All 5 opened." in page) is (hints == 5)


def test_every_text_is_there_in_both_languages_with_the_same_figures() -> None:
    for words in WORDS.values():
        assert set(words) == {"en", "es"}
        assert len({frozenset(re.findall(r"{(\w+)}", w)) for w in words.values()}) == 1
