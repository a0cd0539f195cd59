"""Failures of JavaScript, TypeScript and Go programs are told in their own words; nothing of Python's is advised."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from functions.feedback import texts
from functions.feedback.diagnosis import CAUSES, diagnose, elsewhere
from functions.feedback.failure import Failure, Raised, failures
from functions.feedback.wording import LIMIT, failing
from tests.agents import golden_cases

CASES = tomllib.loads(Path(__file__).with_name("elsewhere_cases.toml").read_text("utf-8"))["case"]
ELSEWHERE = [folder for folder in golden_cases.FOLDERS if golden_cases.language(folder) != "python"]
PYTHONS = re.compile(r"\bPython\b|\bNone\b|`def`|\bdef\b|`?len\(|repr\(|`type\(|\belif\b|IndentationError|\bpip\b")


def failure_of(case: dict[str, str]) -> Failure:
    raised = Raised(case["type"], case["message"], case.get("line")) if "type" in case else None  # type: ignore[arg-type]
    return Failure(
        "c", True, case["kind"], case.get("verdict", ""), case["input"], case.get("expected", ""), case.get("got", ""),  # type: ignore[arg-type]
        case.get("line"), {}, raised,  # type: ignore[arg-type]
    )  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['language']}-{case['cause']}")
def test_each_case_is_answered_with_its_cause_line_and_words(case: dict[str, str]) -> None:
    failure = failure_of(case)
    found = diagnose(case["code"], "f", failure, case["language"])
    assert (found.cause, found.line) == (case["cause"], case.get("at"))
    for language in ("en", "es"):
        for way in failing(language, failure, found, 0):
            assert len(way) <= LIMIT
            assert not PYTHONS.search(way), way
            assert case["says"] in way or language == "es"


def test_every_cause_of_these_languages_has_a_case() -> None:
    golden = {golden_cases.wanted(folder)["cause"] for folder in ELSEWHERE}
    assert set(elsewhere.CAUSES) <= {case["cause"] for case in CASES} | golden
    assert {case["cause"] for case in CASES} <= set(CAUSES)
    assert {case["language"] for case in CASES} == {"javascript", "typescript", "go"}


@pytest.mark.parametrize("cause", elsewhere.CAUSES)
def test_no_cause_of_these_languages_speaks_of_python(cause: str) -> None:
    for language in ("en", "es"):
        assert not any(PYTHONS.search(text) for text in texts.cause(language, cause))


@pytest.mark.parametrize("folder", ELSEWHERE, ids=lambda folder: folder.name)
def test_no_golden_case_of_these_languages_is_told_of_python(folder: Path) -> None:
    entry, programming = golden_cases.wanted(folder)["entry"], golden_cases.language(folder)
    (failure,) = failures(golden_cases.report(folder), entry)
    found = diagnose(golden_cases.code(folder), entry, failure, programming)
    for language in ("en", "es"):
        for way in failing(language, failure, found, 0):
            word = PYTHONS.search(way)  # but its own: Go has a `len(`, too
            assert word is None or word[0].strip("`") in golden_cases.code(folder), way


@pytest.mark.parametrize("language", ["javascript", "typescript", "go"])
@pytest.mark.parametrize("kind", ["wrong", "raised", "time", "limit", "unread", "missing", "ended"])
@pytest.mark.parametrize("code", ["", "function f(", "if (x = 1) {}", "\x00 ” ñ {{}}", "x" * 5_000])
def test_any_program_gets_a_cause_whose_words_exist(language: str, kind: str, code: str) -> None:
    failure = Failure(
        "c", True, kind, "memory", "f(1)", "[1, 2]", "undefined", 1, {}, Raised("TypeError", code[:99], 1)
    )  # type: ignore[arg-type]
    found = diagnose(code, "f", failure, language)
    assert all(0 < len(way) <= LIMIT for way in failing("en", failure, found, 0))


def test_a_whole_program_is_told_by_what_it_reads_and_prints() -> None:
    report = (
        '{"cases": [{"id": "a", "visible": true, "verdict": "failed", "input": "\\"3\\\\n4\\"", '
        '"expected": "prints \\"7\\"", "got": "prints \\"34\\"", "line": null}]}'
    )
    (failure,) = failures(report, "")
    (first, *_) = failing("en", failure, diagnose("console.log(1)", "", failure, "javascript"), 0)
    assert first.startswith('"3\\n4" should print "7", it printed "34".')
