"""Rules on truth: lines that exist, results that happened, numbers that stand somewhere. Patterns: claims.toml."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from shared.validators import tallies
from shared.validators.ground import Ground, numbers
from shared.validators.reading import Reading, squeezed

SMALL = frozenset({"0", "1", "2", "3"})
"""Numbers anybody may name: "the first two", "for a list of three"."""

LINE = "¶"
"""Stands where a text named a line."""

_VALUE = (
    r"(?:(?:the|an?|el|la|una?|valor|value|number|n[uú]mero|texto|text|list|lista|as|only|solo) |[:=] ?)*"
    r"(`[^`]+`|'[^'\n]*'|\"[^\"\n]*\"|“[^”]*”|«[^»]*»|-?\d+(?:[.,]\d+)?|None|True|False|null|undefined|nil|NaN|true"
    r"|false|\[(?:[^\[\]]|\[[^\[\]]*\])*\]|\{(?:[^{}]|\{[^{}]*\})*\}|\([^)]*\))"
)
_LITERAL = re.compile(
    r"-?\d+(?:[.,]\d+)?|None|True|False|null|undefined|nil|NaN|true|false|'.*'|\".*\"|\[.*\]|\{.*\}|\(.*\)"
)
_OF = re.compile(r"(\d+)\s*(?:of|out of|/|de(?: los| las)?)\s*(\d+)", re.IGNORECASE)
_THERE = re.compile(r"\b\w+ = ('[^'\n]*'|\"[^\"\n]*\"|\[[^\]\n]*\]|[^\s,.;]+)")
_CONDITION = re.compile(r"\b(?:if|when|for which|si|cuando|which|what|qué|cuál)\b", re.IGNORECASE)
_EXCEPTION = re.compile(r"\b(?:[A-Z]\w*(?:Error|Exception|Warning)|StopIteration|KeyboardInterrupt|panic)\b")
_NAMES = {
    "zero": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
    "ten": 10, "cero": 0, "un": 1, "dos": 2, "tres": 3, "cuatro": 4, "cinco": 5, "seis": 6, "siete": 7, "ocho": 8,
    "nueve": 9, "diez": 10, "both": 2, "ambos": 2,
}  # fmt: skip


@cache
def _patterns(table: str) -> tuple[re.Pattern[str], ...]:
    given = tomllib.loads(Path(__file__).with_name("claims.toml").read_text("utf-8"))[table]
    return tuple(re.compile(p.replace("{VALUE}", _VALUE), re.IGNORECASE) for p in given)


def _found(table: str, text: str) -> Iterator[re.Match[str]]:
    for pattern in _patterns(table):
        yield from pattern.finditer(text)


def _without(table: str, text: str) -> str:
    for pattern in _patterns(table):
        text = pattern.sub(" ", text)
    return text


def no_such_line(reading: Reading, ground: Ground) -> str | None:
    """A line beyond the learner's program, or an empty one. An example's lines are its own."""
    if ground.kind == "example":
        return None
    lines = ground.code.splitlines()
    for found in _found("lines", reading.text):
        for number in (int(digits[:9]) for digits in re.findall(r"\d+", found[1])):
            if not 1 <= number <= len(lines):
                return f"names line {number} of {len(lines)}"
            if not lines[number - 1].strip():
                return f"names line {number}, which is empty"
    return None


def never_happened(reading: Reading, ground: Ground) -> str | None:
    """A result, a count, a value or an exception that contradicts the run."""
    if ground.kind == "example":
        return None
    rules = (_verdict, _counted, _shared_out, _valued, _there, _passes, _raised)
    return next((why for rule in rules if (why := rule(reading, ground)) is not None), None)


def unknown_number(reading: Reading, ground: Ground) -> str | None:
    """A number that stands neither in the run, nor in the task, nor in the program."""
    if ground.kind in {"example", "hint"}:  # inputs to try are a hint's own; those of hidden cases have their rule
        return None
    known = ground.numbers | SMALL
    for number in numbers(_without("lines", reading.text)):
        if number not in known and number.lstrip("-") not in known:
            return f"names the number {number}, which stands nowhere"
    return None


def cited(text: str) -> tuple[str, frozenset[int]]:
    """The text with a sign (`LINE`) where it names lines, and which those are."""
    named = [number for found in _found("lines", text) for number in re.findall(r"\d{1,9}", found[1])]
    for pattern in _patterns("lines"):
        text = pattern.sub(LINE, text)
    return text, frozenset(map(int, named))


def told_of_the_run(text: str, ground: Ground) -> str:
    """A text of `cited` without what is only told of this run: counts, values there, and what it gave and should have
    given. What a line should be is no such thing."""
    text = _THERE.sub(lambda found: " " if found[1] in ground.shown else found[0], _without("counts", text))
    for table, values in (("expected", ground.expected), ("gave", ground.gave)):
        true = {bare(value) for value in values}
        for pattern in _patterns(table):
            text = _thinned(pattern, text, true)
    return text.replace(LINE, " ")


def _thinned(pattern: re.Pattern[str], text: str, true: set[str]) -> str:
    def kept(found: re.Match[str]) -> str:
        return " " if _is(found[1], true) and not _of_line(found) else found[0]

    return pattern.sub(kept, text)


def _of_line(found: re.Match[str]) -> bool:
    return found.string[: found.start()].rstrip().endswith(LINE)


def _verdict(reading: Reading, ground: Ground) -> str | None:
    passed_all = ground.total is not None and 0 < ground.total == ground.passed
    for sentence in reading.sentences:
        if sentence.rstrip("`*_ )").endswith("?"):
            continue
        for table, untrue in (("success", not passed_all), ("failure", passed_all)):
            claims = _found(table, sentence) if untrue else iter(())
            claim = next((c for c in claims if not any(_found("unclaimed", _before(sentence, c)))), None)
            if claim is not None:
                return f"claims {table}: `{claim[0]}`"
    return None


def _before(sentence: str, claim: re.Match[str]) -> str:
    """What may make it no claim: all that stands before it, and within it unless it is itself a denial."""
    denies = claim[0].lower().startswith(("no", "nada", "ning"))
    return sentence[: claim.start() if denies else claim.end()]


def _counted(reading: Reading, ground: Ground) -> str | None:
    told = _without("lines", reading.told)
    for found in _found("counts", told):
        stated = _OF.findall(told[: found.end()])
        number = int(stated[-1][0]) if stated else _number(found["number"])
        if number is None:
            continue
        if ground.passed is None or ground.total is None:
            return f"counts cases where nothing ran: `{found[0]}`"
        failing = found["verb"].lower().startswith(("fail", "fall"))
        if number != (ground.total - ground.passed if failing else ground.passed):
            return f"counts `{found[0]}`; {ground.passed} of {ground.total} pass"
    if ground.passed is None or ground.total is None:
        return None
    true = {ground.passed, ground.total - ground.passed}
    for few, many in _OF.findall(told):
        if int(many) == ground.total and int(few) not in true:
            return f"counts {few} of {many}; {ground.passed} of {ground.total} pass"
    return None


def _shared_out(reading: Reading, ground: Ground) -> str | None:
    return tallies.shares(reading, ground, _patterns)


def _there(reading: Reading, ground: Ground) -> str | None:
    return tallies.named_values(reading, ground, _patterns, _is)


def _passes(reading: Reading, ground: Ground) -> str | None:
    return tallies.passes(reading, ground, _patterns)


def _number(word: str) -> int | None:
    return int(word) if word.isdecimal() else _NAMES.get(word.lower())


def _valued(reading: Reading, ground: Ground) -> str | None:
    text = reading.text
    should = {bare(value) for value in ground.expected}
    gave = {bare(value) for value in ground.gave}
    known = squeezed(ground.known)
    for found in _found("expected", text):
        if _plain(found[1]) and not _is(found[1], should) and not _general(found, text):
            return f"says {found[1]} was expected"
    text = _without("expected", text)
    for found in _found("gave", text):
        value = bare(found[1])
        if not _plain(found[1]) or _is(found[1], gave) or _general(found, text):
            continue
        number = value.lstrip("-").replace(".", "").isdigit()
        if number or value not in known or value in should:
            return f"says it gave {found[1]}"
    return None


def _general(found: re.Match[str], text: str) -> bool:
    """Part of a question, or of a condition: no claim about this run."""
    after = re.search(r"[.!?\n]", text[found.end() :])
    before = re.split(r"[.!?\n]", text[: found.start()])[-1]
    return (after is not None and after[0] == "?") or _CONDITION.search(before) is not None


def _is(written: str, values: set[str]) -> bool:
    """One of the values, or the beginning of one that was cut."""
    begin, cut, _ = bare(written).partition("…")
    return begin in values or (bool(cut) and any(value.startswith(begin) for value in values))


def _plain(written: str) -> bool:
    """A value, and not a name or an expression, which a sentence may use freely."""
    inner = written.strip("`“”«» ")
    return _LITERAL.fullmatch(inner) is not None or written[0] in "“«'\""


def bare(value: str) -> str:
    """A value without quotes, ticks and spaces, so that each way to write it is the same."""
    return squeezed(value).strip("`'\"“”«».,;:")


def _raised(reading: Reading, ground: Ground) -> str | None:
    for name in _EXCEPTION.findall(reading.text):
        if name not in ground.known:
            return f"names {name}, which was not raised"
    return None
