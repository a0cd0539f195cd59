"""The built-in courses: everything they claim is executed and true, in both languages.

That cases notice mistakes and hints keep the solution to themselves is proven in tests/proof. Plain Python is run here,
in this process; what prints, reads, has checks of its own or is in another language is run in the sandbox.
"""

from __future__ import annotations

import subprocess
import sys
from graphlib import TopologicalSorter

import pytest

from shared.curriculum import KINDS, LANGUAGES, Challenge, Concept, Curriculum, load
from shared.curriculum.reading import BUILT_IN
from shared.proof.examples import calls_shown, untrue
from shared.proof.trial import Trials
from shared.sandbox import Sandbox
from tests.curriculum.plain_python import (
    check_examples,
    code_blocks,
    defined,
    failed,
    failed_within_budget,
    instances,
    is_plain,
    name_of,
)

INSTANCES = instances(load())
PLAIN = [challenge for challenge in INSTANCES if is_plain(challenge)]
SANDBOXED = [challenge for challenge in INSTANCES if not is_plain(challenge)]
CONCEPTS = list(load().concepts.values())
EACH_INSTANCE = pytest.mark.parametrize("challenge", INSTANCES, ids=name_of)
EACH_PLAIN = pytest.mark.parametrize("challenge", PLAIN, ids=name_of)
EACH_SANDBOXED = pytest.mark.parametrize("challenge", SANDBOXED, ids=name_of)
EACH_CONCEPT = pytest.mark.parametrize("concept", CONCEPTS, ids=lambda concept: concept.slug)
SECTIONS = {
    "en": ["About", "Introduction", "Worked example", "Pitfalls", "Further reading"],
    "es": ["De qué trata", "Introducción", "Ejemplo resuelto", "Errores frecuentes", "Para seguir leyendo"],
}


@pytest.fixture(scope="module")
def sandbox() -> Sandbox:
    return Sandbox()


@EACH_SANDBOXED
def test_in_the_sandbox_the_reference_passes_the_starter_fails_and_the_texts_are_true(
    challenge: Challenge, sandbox: Sandbox
) -> None:
    trials = Trials.of(challenge, sandbox)
    assert trials.first_failed(challenge.reference, challenge.cases) is None
    assert trials.first_failed(challenge.starter, challenge.cases) is not None
    statements = [challenge.statement[language] for language in LANGUAGES]
    assert untrue(trials, challenge.reference, statements, whole=not challenge.entry) == [[], []]
    rungs = [rung for language in LANGUAGES for rung in challenge.hints[language]]
    assert untrue(trials, "", rungs) == [[] for _ in rungs]


@EACH_PLAIN
def test_the_reference_passes_every_case(challenge: Challenge) -> None:
    assert failed(challenge, challenge.reference) == []


@EACH_PLAIN
def test_the_starter_fails_a_case(challenge: Challenge) -> None:
    assert failed_within_budget(challenge, challenge.starter) != []


@pytest.mark.parametrize("language", LANGUAGES)
@EACH_INSTANCE
def test_the_statement_s_examples_are_cases_that_a_learner_sees(challenge: Challenge, language: str) -> None:
    shown = calls_shown(challenge.statement[language], challenge.language)
    assert shown
    assert any(one.is_case(case) for one in shown for case in challenge.visible_cases)
    assert all(any(one.is_case(case) for case in challenge.cases) for one in shown)


@pytest.mark.parametrize("language", LANGUAGES)
@EACH_PLAIN
def test_the_statement_s_examples_are_true(challenge: Challenge, language: str) -> None:
    assert check_examples(challenge.statement[language], defined(challenge.reference), challenge.slug) == []


@pytest.mark.parametrize("language", LANGUAGES)
@EACH_PLAIN
def test_the_hints_examples_are_true(challenge: Challenge, language: str) -> None:
    for rung in challenge.hints[language]:
        assert check_examples(rung, {}, challenge.slug) == []


@pytest.mark.parametrize("language", LANGUAGES)
@EACH_INSTANCE
def test_the_last_hint_shows_code(challenge: Challenge, language: str) -> None:
    assert code_blocks(challenge.hints[language][4])


@EACH_INSTANCE
def test_nothing_is_left_to_fill_in(challenge: Challenge) -> None:
    assert "{{" not in repr(challenge)
    assert challenge.instantiate() is challenge


@EACH_INSTANCE
def test_a_challenge_has_a_fair_set_of_cases(challenge: Challenge) -> None:
    assert 6 <= len(challenge.cases) <= 12
    assert 0.4 <= len(challenge.visible_cases) / len(challenge.cases) <= 0.65
    assert 1 <= len(challenge.subtasks) <= 3
    assert {language: len(rungs) for language, rungs in challenge.hints.items()} == {"en": 5, "es": 5}


def reads(lesson: str) -> bool:
    """Input and files are there in the sandbox alone."""
    return "```file " in lesson or "```stdin" in lesson


@pytest.mark.parametrize("language", LANGUAGES)
@EACH_CONCEPT
def test_the_lesson_s_code_runs_and_shows_what_it_says(concept: Concept, language: str, sandbox: Sandbox) -> None:
    lesson = concept.lesson[language]
    taught = load().courses[concept.course].language
    assert untrue(Trials(sandbox, taught), "", [lesson]) == [[]]
    if taught == "python" and not reads(lesson):
        assert check_examples(lesson, {}, concept.slug) == []
    assert any(">>>" in block or "// →" in block for block in code_blocks(lesson))


@pytest.mark.parametrize("language", LANGUAGES)
@EACH_CONCEPT
def test_a_lesson_has_its_five_parts_and_a_fair_length(concept: Concept, language: str) -> None:
    lesson = concept.lesson[language]
    assert [line[3:] for line in lesson.splitlines() if line.startswith("## ")] == SECTIONS[language]
    assert 350 <= len(lesson.split()) <= 700
    assert concept.pitfalls


def test_both_languages_say_it_in_their_own_words(curriculum: Curriculum) -> None:
    texts = [t for c in curriculum.concepts.values() for t in (c.title, c.summary, c.lesson)]
    texts += [t for c in curriculum.challenges.values() for t in (c.title, c.statement)]
    texts += [t for c in curriculum.courses.values() for t in (c.title, c.summary, *c.goals)]
    for t in texts:
        assert set(t) == set(LANGUAGES)
        assert t["en"] != t["es"]
    for challenge in curriculum.challenges.values():
        assert not set(challenge.hints["en"]) & set(challenge.hints["es"])


def test_the_prerequisites_are_acyclic_and_the_order_respects_them(curriculum: Curriculum) -> None:
    graph = {concept.slug: concept.prerequisites for concept in curriculum.concepts.values()}
    assert set(TopologicalSorter(graph).static_order()) == set(graph)
    for slug, before in graph.items():
        assert all(curriculum.order.index(p) < curriculum.order.index(slug) for p in before)


def test_a_challenge_s_other_concepts_are_learnt_before_its_primary_one(curriculum: Curriculum) -> None:
    for challenge in curriculum.challenges.values():
        assert set(challenge.concepts[1:]) <= set(curriculum.prerequisites(challenge.concept))


def test_the_bank_serves_every_kind_of_goal_and_level(curriculum: Curriculum) -> None:
    bank = curriculum.challenges.values()
    of_kind = {kind: [c for c in bank if kind in c.kinds] for kind in KINDS}
    assert len(bank) == 98
    assert len(curriculum.concepts) == 19
    assert [len(c.variants) >= 3 for c in bank if c.parametric] == [True] * 14
    assert len({c.concept for c in of_kind["placement"]}) == 19
    assert len(of_kind["project"]) == 7
    assert all(len(c.subtasks) == 3 for c in of_kind["project"])
    assert min(len(of_kind[kind]) for kind in ("daily", "course", "skill", "review")) >= 10
    assert {c.concept for c in of_kind["daily"]} == set(curriculum.concepts)
    assert (min(c.difficulty for c in bank), max(c.difficulty for c in bank)) == (0.1, 0.8)


def test_loading_needs_nothing_but_shared() -> None:
    code = (
        "import sys, shared.curriculum as c; c.load(); "
        "print([m for m in sys.modules if m.split('.')[0] in ('functions', 'graph', 'goals', 'langgraph')])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=BUILT_IN.parent)
    assert done.stdout.strip() == "[]"
