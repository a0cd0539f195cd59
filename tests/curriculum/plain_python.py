"""Running our own, trusted course text in this process: cases against a source, examples in Markdown."""

from __future__ import annotations

import copy
import doctest
import re
import sys
from types import FrameType
from typing import Any

from shared.curriculum import Case, Challenge, Curriculum, agrees

FENCE = re.compile(r"^```(?:python|js|ts)\n(.*?)^```", re.MULTILINE | re.DOTALL)
LINES_ALLOWED = 50_000


class RunsTooLong(Exception):
    pass


def instances(curriculum: Curriculum) -> list[Challenge]:
    """Every challenge as a learner may meet it: each variant of the parametric ones."""
    return [
        challenge.instantiate(variant.id if variant else None)
        for challenge in curriculum.challenges.values()
        for variant in (challenge.variants or (None,))
    ]


def is_plain(challenge: Challenge) -> bool:
    """Python that is called and answers with a value or an exception."""
    special = any(c.check or c.stdin or c.files or c.answer_is_printed for c in challenge.cases)
    return challenge.language == "python" and not special


def name_of(challenge: Challenge) -> str:
    return f"{challenge.slug}/{challenge.variant}" if challenge.variant else challenge.slug


def defined(source: str) -> dict[str, Any]:
    space: dict[str, Any] = {"__name__": "solution"}
    exec(compile(source, "<solution>", "exec"), space)  # noqa: S102  our own text
    return space


def passes(case: Case, space: dict[str, Any]) -> bool:
    """Whether the case holds, on fresh copies of its arguments."""
    try:
        answer = space[case.call](*copy.deepcopy(case.args), **copy.deepcopy(dict(case.kwargs)))
    except Exception as error:  # noqa: BLE001  whatever it raises is its answer
        return case.raises == type(error).__name__
    return agrees(case, answer)


def failed(challenge: Challenge, source: str) -> list[str]:
    """The ids of the cases that `source` does not pass."""
    space = defined(source)
    return [case.id for case in challenge.cases if not passes(case, space)]


def failed_within_budget(challenge: Challenge, source: str) -> list[str]:
    """As `failed`, for sources that may never end: a case that takes too many lines fails."""
    space = defined(source)
    return [case.id for case in challenge.cases if not _passes_within_budget(case, space)]


def _passes_within_budget(case: Case, space: dict[str, Any]) -> bool:
    left = LINES_ALLOWED

    def count(_frame: FrameType, event: str, _arg: object) -> Any:
        nonlocal left
        left -= event == "line"
        if left < 0:
            raise RunsTooLong
        return count

    before = sys.gettrace()
    sys.settrace(count)
    try:
        return passes(case, space)
    finally:
        sys.settrace(before)


def code_blocks(markdown: str) -> list[str]:
    return FENCE.findall(markdown)


def check_examples(markdown: str, space: dict[str, Any], name: str) -> list[str]:
    """Runs the Python blocks in order, plain ones as code and `>>>` ones as doctests; what was not true."""
    space = dict(space)
    problems: list[str] = []
    for number, block in enumerate(code_blocks(markdown), start=1):
        if ">>>" not in block:
            exec(compile(block, f"{name}, block {number}", "exec"), space)  # noqa: S102  our own text
            continue
        test = doctest.DocTestParser().get_doctest(block, space, f"{name}, block {number}", name, 0)
        doctest.DocTestRunner(verbose=False, optionflags=0).run(test, out=problems.append, clear_globs=False)
        space = test.globs
    return problems
