"""The golden reports are what the sandbox sees when their code runs: to the letter where Python's words are known, on a
later Python but for its words about code it cannot read. On each the cause is found in a report made there."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from functions.feedback.diagnosis import diagnose
from functions.feedback.failure import failures
from shared.sandbox import Sandbox
from tests.agents import golden_cases
from tests.agents.golden_cases import SAME_WORDS


@dataclass(frozen=True)
class Observed:
    folder: Path
    report: str


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(limits=golden_cases.LIMITS) as made:
        yield made


@pytest.fixture(scope="module", params=golden_cases.FOLDERS, ids=lambda folder: folder.name)
def observed(request: pytest.FixtureRequest, sandbox: Sandbox) -> Observed:
    return Observed(request.param, golden_cases.observed(request.param, sandbox))


def told(report: str, *, same_words: bool) -> dict[str, Any]:
    """The report's case, without how deep the calls went when there was no room for more (it depends on what called
    the first); nor, where words may differ, Python's own for that and for code it cannot read."""
    (case,) = json.loads(report)["cases"]
    error = case["error"] or {}
    deep, unread = error.get("type") == "RecursionError", case["verdict"] == "compile_error"
    if deep:
        case["locals"] = sorted(case["locals"])
    if (deep or unread) and not same_words:
        error |= {"message": "", "column": None}
    assert isinstance(case, dict)
    return case


def test_a_report_is_what_the_sandbox_sees(observed: Observed) -> None:
    golden = golden_cases.report(observed.folder)
    assert told(observed.report, same_words=SAME_WORDS) == told(golden, same_words=SAME_WORDS)


def test_a_report_made_here_leads_to_the_cause(observed: Observed) -> None:
    wanted = golden_cases.wanted(observed.folder)
    (failure,) = failures(observed.report, wanted["entry"])
    code, language = golden_cases.code(observed.folder), golden_cases.language(observed.folder)
    found = diagnose(code, wanted["entry"], failure, language)
    assert (found.cause, found.line) == (wanted["cause"], wanted["line"])


def case(**facts: Any) -> str:
    told = {"verdict": "error", "line": 2, "locals": {"n": "3"}, "error": {"type": "TypeError", "message": "a"}}
    return json.dumps({"cases": [told | facts]})


@pytest.mark.parametrize("same_words", [True, False])
def test_another_line_value_or_message_is_told_apart(same_words: bool) -> None:
    first = told(case(), same_words=same_words)
    for other in ({"line": 3}, {"locals": {"n": "4"}}, {"error": {"type": "TypeError", "message": "b"}}):
        assert told(case(**other), same_words=same_words) != first


def test_a_later_python_may_word_in_its_own_way_that_it_cannot_read_the_code() -> None:
    one, other = (
        case(verdict="compile_error", error={"type": "SyntaxError", "message": m, "column": c}) for m, c in ("a1", "b2")
    )
    assert told(one, same_words=False) == told(other, same_words=False)
    assert told(one, same_words=True) != told(other, same_words=True)


def test_how_deep_calls_went_is_not_compared_and_which_names_they_had_is() -> None:
    one, other, renamed = (
        case(error={"type": "RecursionError", "message": "too deep"}, locals=names)
        for names in ({"n": "-986"}, {"n": "-990"}, {"m": "-986"})
    )
    assert told(one, same_words=True) == told(other, same_words=True) != told(renamed, same_words=True)
