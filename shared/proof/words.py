"""A challenge's texts: all there, in every language, with true examples, without the solution."""

from __future__ import annotations

from collections.abc import Iterator

from shared.curriculum.model import LANGUAGES, RUNGS, Challenge
from shared.proof.examples import calls_shown, untrue
from shared.proof.giving_away import given_away
from shared.proof.model import Reason
from shared.proof.reasons import reason
from shared.proof.trial import Trials
from shared.sandbox import Sandbox


def missing(challenge: Challenge) -> Iterator[Reason]:
    """What is empty or not there; nothing is executed."""
    if not challenge.visible_cases:
        yield reason("no_visible_case")
    for subtask in challenge.subtasks:
        if all(case.subtask != subtask.id for case in challenge.cases):
            yield reason("subtask_without_cases", subtask=subtask.id)
    for language in LANGUAGES:
        for what, en, es in (
            (challenge.title, "the title", "el título"),
            (challenge.statement, "the statement", "el enunciado"),
        ):
            if not what.get(language, "").strip():
                yield reason("text_missing", what=en, language=language, es={"what": es})
        found = sum(bool(rung.strip()) for rung in challenge.hints.get(language, ()))
        if found != RUNGS:
            yield reason("hints_missing", found=found, rungs=RUNGS, language=language)
    if challenge.parametric or "{{" in challenge.starter + challenge.reference + "".join(challenge.statement.values()):
        yield reason("text_missing.variant")


def hints(challenge: Challenge, sandbox: Sandbox) -> Iterator[Reason]:
    """Hints whose examples (run alone) are not true, or that say too much."""
    rungs = [(language, n, rung) for language, all_ in challenge.hints.items() for n, rung in enumerate(all_, start=1)]
    for (language, number, _), problems in zip(
        rungs, untrue(Trials(sandbox, challenge.language), "", [r for *_, r in rungs]), strict=True
    ):
        for problem in problems:
            where = {"en": f"hint {number} ({language})", "es": f"la pista {number} ({language})"}
            yield reason("lying_example", where=where["en"], problem=problem, es={"where": where["es"]})
    for language, number, why in given_away(challenge, sandbox):
        yield reason("hint_gives_solution", rung=number, language=language, why=why["en"], es={"why": why["es"]})


def examples(challenge: Challenge, trials: Trials) -> Iterator[Reason]:
    """Statements whose examples (run with the reference) are not true, or are no case a learner sees."""
    languages = [language for language in LANGUAGES if challenge.statement.get(language, "").strip()]
    statements = [challenge.statement[language] for language in languages]
    told = untrue(trials, challenge.reference, statements, whole=not challenge.entry)
    for language, problems in zip(languages, told, strict=True):
        where = {"en": f"the statement ({language})", "es": f"el enunciado ({language})"}
        for problem in problems:
            yield reason("lying_example", where=where["en"], problem=problem, es={"where": where["es"]})
        if not problems:
            shown = calls_shown(challenge.statement[language], challenge.language)
            if not shown:
                yield reason("no_example.none", where=where["en"], es={"where": where["es"]})
            elif not any(one.is_case(case) for one in shown for case in challenge.visible_cases):
                yield reason("no_example.no_case", where=where["en"], es={"where": where["es"]})
