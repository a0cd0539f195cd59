"""Cases of every form, in every language, as the API asks for them: over HTTP, in a real sandbox."""

from __future__ import annotations

from typing import Any

import pytest

from functions.api.runner import request_of
from functions.runner.request import CODE_BYTES, RunRequest
from shared.curriculum import Challenge, load
from shared.errors import InvalidInput, TooLarge
from tests.runner.conftest import lines, request

BANK = load().challenges
SPECIAL = [
    challenge
    for challenge in BANK.values()
    if challenge.language != "python"
    or any(c.check or c.stdin or c.files or c.answer_is_printed for c in challenge.cases)
]
CHECK = {"compare": "property", "check": "ordered"}
CHECKS = "def ordered(args, answer):\n    return isinstance(answer, list) and sorted(args[0]) == answer\n"


def run(url: str, challenge: Challenge, code: str) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    asked = request_of(f"run-{challenge.slug}", challenge, code, "ana")
    *cases, last = (line for line in lines(url, asked) if line["kind"] != "printed")
    return cases, last


@pytest.mark.parametrize("challenge", SPECIAL, ids=lambda c: c.slug)
def test_the_reference_passes_every_case_and_the_starter_does_not(challenge: Challenge, url: str) -> None:
    cases, last = run(url, challenge, challenge.reference)
    assert {case["id"] for case in cases} == {case.id for case in challenge.cases}
    assert (last["kind"], last["verdict"], last["failed"]) == ("finished", "passed", 0)


def test_a_printed_answer_is_told_as_printed(url: str) -> None:
    cases, last = run(url, BANK["trail-markers"], BANK["trail-markers"].starter)
    assert last["verdict"] == "failed"
    shown = next(case for case in cases if case["id"] == "end-is-no-marker")
    assert shown["expected"] == r"prints 'km 1\nkm 4\nkm 7'"
    assert shown["got"] == r"prints 'km 1\n'"


def test_values_are_written_as_javascript_writes_them(url: str) -> None:
    cases, _ = run(url, BANK["quiet-days"], "function longestCalm() { return [true, null, undefined]; }")
    assert cases[0]["input"] == "longestCalm([20, 4, 3, 30, 9], 10)"
    assert cases[0]["got"] == "[true, null, undefined]"
    assert cases[0]["verdict"] == "failed"


@pytest.mark.parametrize("slug", ["rope-knots", "parcel-weights"])
def test_a_program_that_does_not_compile_fails_every_case_with_that_word(slug: str, url: str) -> None:
    cases, last = run(url, BANK[slug], "function (")
    assert {case["verdict"] for case in cases} == {"compile_error"}
    assert last["verdict"] == "compile_error"


CHEATS = {
    "an object equal to all": "class E(list):\n    __eq__ = lambda self, other: True\ndef total(xs):\n    return E()\n",
    "a patched sorted": "import builtins\nbuiltins.sorted = lambda _: 0\ndef total(xs):\n    return 0\n",
    "the word of a check": "def total(xs):\n    return True\ndef ordered(args, answer):\n    return True\n",
    "code as an answer": "def total(xs):\n    return '__import__(\"os\")._exit(0)'\n",
}


@pytest.mark.parametrize("cheat", CHEATS)
def test_no_learner_speaks_for_the_check(cheat: str, url: str) -> None:
    cases = [{"id": "a", "args": [[3, 1]], **CHECK}]
    for code, verdict in ((CHEATS[cheat], "failed"), ("def total(xs):\n    return sorted(xs)\n", "passed")):
        case, last = lines(url, request(code, cases, checks=CHECKS))
        assert (case["verdict"], last["verdict"]) == (verdict, verdict)


def test_checks_that_cannot_be_run_are_our_fault_and_no_verdict(url: str) -> None:
    cases = [{"id": "a", "args": [[3, 1]], **CHECK}]
    assert [line["kind"] for line in lines(url, request(cases=cases, checks="def ordered(:"))] == ["fault"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"cases": [{"id": "a", "check": "ordered"}]},
        {"cases": [{"id": "a", "compare": "custom"}]},
        {"cases": [{"id": "a", "files": {"../x": "y"}}]},
        {"language": "cobol"},
        {"checks": "#" * (CODE_BYTES + 1)},
    ],
)
def test_a_request_of_another_form_is_refused(wrong: dict[str, Any]) -> None:
    import json

    with pytest.raises((InvalidInput, TooLarge)):
        RunRequest.parse(json.dumps(request() | wrong).encode())
