"""The fixed set of learner situations is what it says: real programs, real runs, both languages."""

from __future__ import annotations

from collections import Counter

import pytest

from functions.api.runner import LocalRunner
from functions.feedback.function import passes
from goals.evals.checks import ground_of
from goals.evals.columns import rule_made
from goals.evals.readability import ease, readable
from goals.evals.record import run
from goals.evals.situations import Situation, learners, situations
from shared.validators import edits
from shared.validators.reading import Reading

ALL = situations()
PYTHON = [s for s in ALL if s.learner.challenge.language == "python"]
"""Whose programs run in a moment; `goals evals` runs the others too."""


def test_there_are_sixty_learners_and_situations_of_both_agents_in_both_languages() -> None:
    assert len(learners()) >= 60, "each hint of a run is a situation more, but no learner more"
    counts = Counter((s.agent, s.learner.language) for s in ALL)
    assert len(ALL) >= 60
    assert min(counts[agent, language] for agent in ("feedback", "hints") for language in ("en", "es")) >= 10
    assert len({s.name for s in ALL}) == len(ALL)
    assert len({s.learner.code for s in ALL}) == len(learners())


def test_where_the_mistake_is_was_found_by_hand_in_each_program() -> None:
    for learner in learners():
        written = learner.code.splitlines()
        assert learner.lines, learner.name
        assert all(written[line - 1].strip() for line in learner.lines), learner.name


@pytest.mark.parametrize("situation", ALL, ids=lambda s: s.name)
def test_each_failed_with_the_challenge_as_it_is_now(situation: Situation) -> None:
    """`python -m goals.evals.record` where a challenge or a program changed."""
    assert 0 <= situation.passed < situation.total == len(situation.learner.challenge.cases)


@pytest.mark.parametrize(
    "situation", [s for s in ALL if s.learner.challenge.language == "python"], ids=lambda s: s.name
)
def test_what_the_rules_say_tells_no_change_that_helps(situation: Situation) -> None:
    ground, run = ground_of(situation), passes(situation.learner.challenge)
    assert edits.edited(Reading(rule_made(situation).text), ground, run) is None


@pytest.mark.parametrize("name", ["cable-car/sixteen-is-a-child", "band-sections/key-that-is-not-there"])
def test_a_recorded_run_is_what_the_runner_says_today(name: str) -> None:
    learner = next(each for each in learners() if each.name == name)
    runner = LocalRunner()
    try:
        outcome = run(runner, learner)
    finally:
        runner.stop()
    recorded = next(s for s in ALL if s.learner.name == name)
    assert (outcome["passed"], outcome["total"]) == (recorded.passed, recorded.total)
    assert [case["id"] for case in outcome["report"]["cases"]]


@pytest.mark.parametrize(
    ("text", "language", "low", "high"),
    [
        ("The cat sat on the mat. The dog ran.", "en", 100, 125),
        (
            "Notwithstanding considerable institutional heterogeneity, organisational sustainability deteriorated.",
            "en",
            -300,
            0,
        ),
        ("El gato come pan. El perro duerme.", "es", 85, 125),
        (
            "La institucionalización gubernamental descentralizada imposibilitaba consideraciones presupuestarias.",
            "es",
            -250,
            20,
        ),
    ],
)
def test_plain_texts_read_easily_and_academic_ones_do_not(text: str, language: str, low: float, high: float) -> None:
    index = ease(text, "es" if language == "es" else "en")
    assert index is not None and low < index < high


def test_code_and_values_are_no_words_and_a_long_sentence_is_not_readable() -> None:
    assert ease("`x_1 = [3, 9, 2]` 42", "en") == ease("it", "en")
    assert ease("", "en") is None and not readable("42 [1, 2]"[:2], "en")
    assert readable("Look at line 3. What is `best` there?", "en")
    assert not readable("and then look " * 15 + ".", "en")
