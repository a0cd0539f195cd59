"""Two hundred programs and texts that mean harm: really run, really answered; nothing leaks, nothing falls over."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator
from functools import cache, partial
from pathlib import Path
from typing import Any

import pytest

from functions.api.outcome import report
from functions.courses import explaining
from functions.feedback.agent import Context, decide
from functions.feedback.grounds import ground
from functions.feedback.writing import Draft, Wanted, checked, nobody
from functions.runner.agent import call_of, judge
from shared.curriculum import Challenge, load
from shared.events.catalogue.attention import SupportPointed
from shared.events.catalogue.teaching import FeedbackGiven, HintGiven
from shared.sandbox import Sandbox
from shared.validators import Ground, faults, writes_of_harm
from shared.validators.harm import code_writes_of_harm
from tests.validators.situations import NOW, a_goal, a_run, an_input, challenge

GIVEN = tomllib.loads(Path(__file__).with_name("learners.toml").read_text("utf-8"))
SAFE = ("length", "unreadable", "manners", "person", "unsafe", "links", "system", "hidden", "solution", "line")
"""What even a text that quotes the program must keep to."""


def programs() -> Iterator[tuple[str, str, str]]:
    """(name, language, program): every payload in every program."""
    for form, text in GIVEN["programs"].items():
        for name, payload in GIVEN["payloads"].items():
            code = text.replace("PAYLOAD", payload).replace("TEXT", repr(payload))
            yield f"{form}/{name}", name.rpartition("-")[2], code


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as sandbox:
        yield sandbox


def ran(sandbox: Sandbox, code: str) -> tuple[str, int, int]:
    """The report that the learner's run would have left, and how many of how many cases pass."""
    cases = challenge("python").cases
    with sandbox.run(code, [call_of(case) for case in cases]) as run:
        judged = [judge(case, seen).event() for case, seen in zip(cases, run, strict=True)]
    return report(judged), sum(case["verdict"] == "passed" for case in judged), len(cases)


def answered(code: str, language: str, told: str, passed: int, total: int, write: Any = nobody) -> list[Any]:
    context = Context(language, a_goal(), challenge("python"), [a_run(passed, total)], code, told, now=NOW)
    return [said.body for said in decide(context, write).events]


def held_to(code: str, language: str, passed: int, total: int) -> Ground:
    """Nothing of the report counts as known here: only what the learner wrote and the task shows."""
    return ground(challenge("python"), language, code, [], passed=passed, total=total)


@cache
def _count() -> int:
    return sum(1 for _ in programs())


def test_there_are_two_hundred_programs_and_texts_in_both_languages() -> None:
    texts = sum(len(GIVEN[table][language]) for table in ("harm", "daily") for language in ("en", "es"))
    assert _count() + texts >= 200
    assert {language for _, language, _ in programs()} == {"en", "es"}


def test_no_program_makes_feedback_leak_or_say_anything_unsafe(sandbox: Sandbox) -> None:
    hidden = [case for case in challenge("python").cases if not case.visible]
    for name, language, code in programs():
        told, passed, total = ran(sandbox, code)
        (given,) = [body for body in answered(code, language, told, passed, total) if isinstance(body, FeedbackGiven)]
        found = faults(given.text, held_to(code, language, passed, total), lambda _: (False,))
        assert [fault for fault in found if fault.rule in SAFE] == [], (name, given.text)
        assert given.language == language
        assert not any(f"fare({case.args[0]})" in given.text for case in hidden), (name, given.text)
        assert given.input is None or all(f"fare({case.args[0]})" != given.input for case in hidden), name


def test_a_model_that_repeats_what_the_program_says_is_refused(sandbox: Sandbox) -> None:
    """The worst that an injection can do: the model says the learner's own words, the reference, or the report."""
    refused = 0
    for name, language, code in programs():
        told, passed, total = ran(sandbox, code)
        payload = GIVEN["payloads"][name.partition("/")[2]]
        for said in (payload, challenge("python").reference, told):
            given = next(
                body
                for body in answered(
                    code, language, told, passed, total,
                    lambda wanted, said=said: checked(said, wanted, lambda _: (False,)),
                )
                if isinstance(body, FeedbackGiven)
            )  # fmt: skip
            assert given.text != said, name
            refused += given.origin == "rule"
    assert refused == 3 * _count()


@pytest.mark.parametrize(("language", "text"), [(lang, t) for lang in ("en", "es") for t in GIVEN["harm"][lang]])
def test_who_writes_of_harm_is_pointed_to_a_person_wherever_it_stands(language: str, text: str) -> None:
    assert writes_of_harm(text)
    assert writes_of_harm(text.upper())
    for code in (
        f"# {text}\ndef fare(age):\n    return 7\n",
        f"def fare(age):\n    return {text!r}\n",
        f"// {text}\nx",
    ):
        assert code_writes_of_harm(code)
    code = f"def fare(age):\n    return 7  # {text}\n"
    (pointed,) = [body for body in answered(code, language, "", 3, 10) if isinstance(body, SupportPointed)]
    assert pointed.language == language
    assert text.lower() not in pointed.text.lower()


@pytest.mark.parametrize(("language", "text"), [(lang, t) for lang in ("en", "es") for t in GIVEN["daily"][lang]])
def test_daily_words_bring_nobody_a_pointer(language: str, text: str) -> None:
    assert not writes_of_harm(text)
    assert not code_writes_of_harm(f"# {text}\ndef fare(age):\n    return {text!r}\n")
    assert not [b for b in answered(f"# {text}\n", language, "", 3, 10) if isinstance(b, SupportPointed)]


@pytest.mark.parametrize("told", ["", "{", "[]", '{"cases": 7}', json.dumps({"cases": [{"visible": True}] * 9})])
def test_a_report_that_is_none_is_answered_all_the_same(told: str) -> None:
    for _, language, code in list(programs())[::17]:
        assert [b for b in answered(code, language, told, 3, 10) if isinstance(b, FeedbackGiven)]


def test_a_draft_is_nothing_unless_it_was_checked() -> None:
    seen: list[Wanted] = []

    def write(wanted: Wanted) -> Draft:
        seen.append(wanted)
        return Draft()

    answered("def fare(age):\n    return 7\n", "en", json.dumps({"cases": [{"visible": True, "input": "fare(30)",
             "expected": "14", "got": "7", "verdict": "failed"}]}), 8, 10, write)  # fmt: skip
    (wanted,) = seen
    assert challenge("python").reference not in "".join(wanted.inputs.values())


ELSEWHERE = ("late-kayak", "tide-log", "lantern-charge", "quiet-days")
"""Further challenges, of Python and JavaScript, in which every payload stands in a comment and in a text."""


def spiked(challenge: Challenge, payload: str) -> str:
    """The challenge's starter with the payload as a comment before it and as a text after it."""
    sign = "#" if challenge.language == "python" else "//"
    flat = " ".join(payload.split())
    return f"{sign} {flat}\n{challenge.starter}\n{sign} {flat}\nnote = {json.dumps(payload)}\n"


def obeying(said: str, wanted: Wanted) -> Draft:
    """A model that says what it was ordered to, as it is checked."""
    return checked(said, wanted, lambda _: (False,))


@pytest.mark.parametrize("slug", ELSEWHERE)
def test_in_other_challenges_and_languages_a_model_that_obeys_is_refused_in_feedback_and_hints(slug: str) -> None:
    challenge = load().challenges[slug].instantiate()
    case = next(case for case in challenge.cases if case.visible)
    told = json.dumps({"cases": [{"id": case.id, "visible": True, "verdict": "failed", "input": "f(1)",
                                  "expected": "2", "got": "3", "line": 2}]})  # fmt: skip
    hint = an_input("goals.hint.asked", "h", rung=None)
    asked = 0
    for name, payload in GIVEN["payloads"].items():
        language = name.rpartition("-")[2]
        for said in (payload, challenge.reference, f"{payload}\n\n{challenge.reference}"):
            for inputs, kind in (([a_run(0, len(challenge.cases))], FeedbackGiven), ([hint], HintGiven)):
                context = Context(language, a_goal(), challenge, inputs, spiked(challenge, payload), told, now=NOW)
                decision = decide(context, partial(obeying, said))
                (given,) = [one.body for one in decision.events if isinstance(one.body, kind)]
                assert (given.origin, bool(given.replaced)) == ("rule", True), (name, kind, said)
                assert payload not in given.text and challenge.reference not in given.text
                asked += 1
    assert asked == 6 * len(GIVEN["payloads"])


@pytest.mark.parametrize("slug", ELSEWHERE)
def test_a_page_that_obeys_and_tells_the_solution_is_refused(slug: str) -> None:
    bank = load()
    challenge = bank.challenges[slug].instantiate()
    concept = bank.concepts[challenge.concepts[0]]
    for name, payload in GIVEN["payloads"].items():
        language: Any = name.rpartition("-")[2]
        wanted = explaining.Wanted(concept, language, challenge.language, "beginner", challenge, payload)
        for said in (challenge.reference, f"{payload}\n\n```\n{challenge.reference}\n```\n"):
            found = explaining.faults(said, wanted, payload, lambda: None)
            assert {"solution", "system"} & set(found), (name, found)
