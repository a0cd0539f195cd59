"""The golden cases of feedback: a folder each, with code, the report of its run, and what is said of it.

`python -m tests.agents.golden_cases` writes the reports anew. Of a report's case `visible`, `input` and `expected` are
stated, and all a new case needs to begin with; the rest is what the sandbox saw.
"""

from __future__ import annotations

import ast
import json
import sys
from pathlib import Path
from typing import Any

from functions.api import outcome
from functions.feedback.diagnosis import literals
from functions.feedback.failure import PRINTS, RAISES, Failure
from functions.runner.agent import call_of, judge
from shared.curriculum.model import Case
from shared.sandbox import Limits, Sandbox

FOLDERS = sorted(Path(__file__).with_name("feedback_cases").iterdir())
LIMITS = Limits(cpu_seconds=1)
"""What never ends is not waited for longer."""
SAME_WORDS = sys.version_info[:2] <= (3, 13)
"""Python 3.11 to 3.13 word all messages of the reports alike (measured); a later one may not."""


LANGUAGES = {".py": "python", ".js": "javascript", ".ts": "typescript", ".go": "go"}


def code(folder: Path) -> str:
    return _program(folder).read_text("utf-8")


def language(folder: Path) -> str:
    return LANGUAGES[_program(folder).suffix]


def _program(folder: Path) -> Path:
    (only,) = folder.glob("code.*")
    return only


def wanted(folder: Path) -> dict[str, Any]:
    """What feedback should say of it: entry, input, cause, line, and pieces of the text."""
    read: dict[str, Any] = json.loads((folder / "expected.json").read_text("utf-8"))
    return read


def report(folder: Path) -> str:
    return (folder / "report.json").read_text("utf-8")


def observed(folder: Path, sandbox: Sandbox) -> str:
    """The report of a run now, as the API keeps it."""
    (stated,) = json.loads(report(folder))["cases"]
    case = _case(folder.name, stated) if language(folder) == "python" else _case_elsewhere(folder.name, stated)
    with sandbox.run(code(folder), [call_of(case)], language=language(folder)) as run:
        (seen,) = run
    told = outcome.report([judge(case, seen, language(folder)).event()])
    return json.dumps(json.loads(told), indent=1, ensure_ascii=False) + "\n"


def _case_elsewhere(name: str, stated: dict[str, Any]) -> Case:
    """As the other languages write it: `f([1, true])`, `{ a: 1 }`."""
    failure = Failure(name, stated["visible"], "wrong", input=stated["input"])
    return Case(
        id=name,
        args=literals.arguments(failure),
        kwargs={},
        expected=literals.read(stated["expected"]),
        raises=None,
        prints=None,
        compare="exact",
        tolerance=None,
        subtask="all",
        visible=stated["visible"],
        call=stated["input"].partition("(")[0],
    )


def _case(name: str, stated: dict[str, Any]) -> Case:
    call = ast.parse(stated["input"], mode="eval").body
    assert isinstance(call, ast.Call)
    assert isinstance(call.func, ast.Name)
    expected: str = stated["expected"]
    raises, prints = expected.startswith(RAISES), expected.startswith(PRINTS)
    return Case(
        id=name,
        args=tuple(ast.literal_eval(arg) for arg in call.args),
        kwargs={str(word.arg): ast.literal_eval(word.value) for word in call.keywords},
        expected=None if raises or prints else ast.literal_eval(expected),
        raises=expected.removeprefix(RAISES) if raises else None,
        prints=ast.literal_eval(expected.removeprefix(PRINTS)) if prints else None,
        compare="exact",
        tolerance=None,
        subtask="all",
        visible=stated["visible"],
        call=call.func.id,
    )


if __name__ == "__main__":
    assert SAME_WORDS, f"Python {sys.version.split()[0]} may write other messages"
    with Sandbox(limits=LIMITS) as made:
        for each in FOLDERS:
            (each / "report.json").write_text(observed(each, made), "utf-8")
