"""Puts fact, cause and next step into 280 characters: values are cut first, then the cause; never the step."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from functions.feedback import texts
from functions.feedback.diagnosis import Diagnosis
from functions.feedback.failure import PRINTS, RAISES, Failure, one_line
from shared.judging.writing import HOLDS

LIMIT = 280
WIDTHS = (120, 90, 70, 55, 45, 36, 28, 22, 17, 12)
"""How wide a value of the learner's may be, tried in turn until the text fits."""

IN_A_STEP = 24
"""How wide one may be within the next step, which is never cut."""

UNTRIED = {"not-written"}
"""Causes of programs that have nothing yet that could be followed with an input."""

KINDS = {"kind", "other"}
"""Words of a diagnosis that name a class of values: told in plain words."""


def failing(language: str, failure: Failure, diagnosis: Diagnosis, hints: int, part: str = "") -> list[str]:
    """The ways to say it, from the first to the deepest; each is complete and fits. `part`: the sub-task's title."""
    failure = replace(failure.veiled(), part=part)
    what, *own = texts.cause(language, diagnosis.cause)
    steps = [_filled(language, step, diagnosis, IN_A_STEP) for step in own]
    followed = failure.kind in {"wrong", "raised"} and diagnosis.cause not in UNTRIED
    if failure.locals and followed:
        shown = ", ".join(f"{name} = {cut(value, 16)}" for name, value in list(failure.locals.items())[:3])
        steps.append(texts.deeper(language, "locals").format(locals=cut(shown, 60)))
    if failure.input and followed:
        steps += [texts.deeper(language, "by_hand"), texts.deeper(language, "smaller")]
    if hints < 5:
        steps.append(texts.deeper(language, "hint").format(next=hints + 1))
    said = [(_filled(language, what, diagnosis, width), width) for width in WIDTHS]
    return [_fitted(language, failure, diagnosis, said, step) for step in steps]


def counted(language: str, passed: int, total: int, hints: int) -> list[str]:
    """Where the report is gone: the count and a step."""
    fact = texts.fact(language, "count").format(passed=passed, total=total)
    steps = [texts.deeper(language, "count"), texts.deeper(language, "smaller")]
    if hints < 5:
        steps.append(texts.deeper(language, "hint").format(next=hints + 1))
    return [f"{fact} {step}" for step in steps]


def tried(language: str, total: int) -> list[str]:
    """All cases pass, and it is not submitted."""
    return [form.format(total=total) for form in texts.passed(language, "tried")]


def solved(language: str, *, total: int, parts: int, runs: int, hints: int, again: bool) -> str:
    """What was achieved, with its evidence."""
    first, second = texts.passed(language, "solved")
    return (second if again else first).format(
        total=total,
        parts=texts.passed(language, "parts")[parts != 1].format(count=parts),
        runs=texts.passed(language, "runs")[runs != 1].format(number=runs),
        help=texts.passed(language, "help")[min(hints, 2)].format(hints=hints),
    )


def choose(ways: Sequence[str], recent: Sequence[str], depth: int) -> str | None:
    """The way at `depth`, or the next deeper one that was never said on this goal; None: there is nothing new to say.

    `recent`: texts on this goal.
    """
    order = [ways[(depth + i) % len(ways)] for i in range(len(ways))]
    return next((way for way in order if way not in recent), None)


def cut(text: str, width: int) -> str:
    """One line of at most `width` characters; what is left out is shown by `…`."""
    line = one_line(text)
    return line if len(line) <= width else line[: width - 1] + "…"


def _filled(language: str, what: str, diagnosis: Diagnosis, width: int) -> str:
    words = {
        name: texts.kind(language, word) or f"`{cut(word, 20)}`" if name in KINDS else cut(word, min(width, 40))
        for name, word in diagnosis.words.items()
    }
    return what.format_map(defaultdict(lambda: "…", words))


def _fitted(language: str, failure: Failure, diagnosis: Diagnosis, said: Sequence[tuple[str, int]], step: str) -> str:
    text = ""
    for what, width in said:
        text = f"{_fact(language, failure, diagnosis, width)} {_cause(language, diagnosis, what)} {step}".strip()
        if len(text) <= LIMIT:
            return text
    text = f"{_fact(language, failure, diagnosis, WIDTHS[-1])} {step}"
    return text if len(text) <= LIMIT else cut(step, LIMIT)


def _fact(language: str, failure: Failure, diagnosis: Diagnosis, width: int) -> str:
    where = ""
    if failure.line and failure.line != diagnosis.line:
        where = texts.fact(language, "at").format(line=failure.line)
    return texts.fact(language, _form(failure)).format(
        input=cut(failure.input, width),
        expected=cut(failure.expected.removeprefix(RAISES).removeprefix(PRINTS).removeprefix(HOLDS), width),
        got=cut(failure.got.removeprefix(PRINTS), width),
        type=failure.error.type if failure.error else "",
        at=where,
        part=texts.fact(language, "part").format(part=cut(failure.part, 40)) if failure.part else "",
    )


def _form(failure: Failure) -> str:
    """Which sentence tells the fact. What a hidden case expects is never in it."""
    if failure.kind in {"unread", "missing"}:
        return failure.kind
    if not failure.visible:
        return "hidden" if failure.kind == "wrong" else f"hidden_{failure.kind}"
    if not failure.input:
        return "unnamed" if failure.kind == "wrong" else "unread"
    if failure.kind == "raised" and failure.expected.startswith(RAISES):
        return "raised_other"
    if failure.kind != "wrong":
        return failure.kind
    if failure.expected.startswith(PRINTS) and failure.got:
        return "wrong_print"
    if failure.expected.startswith(RAISES):
        return "wrong_raise"
    if failure.expected.startswith(HOLDS) and failure.got:
        return "wrong_property"
    return "wrong" if failure.got else "wrong_silent"


def _cause(language: str, diagnosis: Diagnosis, what: str) -> str:
    if diagnosis.line is None:
        return what[:1].upper() + what[1:]
    return texts.fact(language, "line").format(line=diagnosis.line) + what
