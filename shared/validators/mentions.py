"""What a text names that could be put into a program: values, operators and names, as code or in words (edits.toml).

What only tells of the run is none of it: the call that failed, what it gave, what it should give.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TypeVar

from shared.validators.claims import cited, told_of_the_run
from shared.validators.ground import Ground
from shared.validators.numerals import numerals
from shared.validators.reading import Reading, squeezed
from shared.validators.tokens import KEPT, Piece, pieces

T = TypeVar("T")

_OPERATORS = "< <= > >= == != === !== + - * / // % ** && || and or += -= *= /= //= %="
_BUILT_IN = "len sum min max abs sorted reversed any all set dict list tuple str int float round"
OPERATORS = frozenset(_OPERATORS.split())
BUILT_IN = frozenset(_BUILT_IN.split())
WORDS = (KEPT | OPERATORS) - BUILT_IN
"""Words of the languages, which no name takes the place of; those that are built in it may: `max` for `min`."""
_CONSTANTS = "True False None true false null undefined nil"
CONSTANTS = frozenset(_CONSTANTS.split())

_QUOTED = re.compile(r"`([^`\n]+)`|“([^”\n]+)”|«([^»\n]+)»|\"([^\"\n]+)\"|(?<!\w)'([^'\n]+)'(?!\w)")
_DIGITS = re.compile(r"(?<![\w.])-?\d+(?:\.\d+)?(?!\w)")
_SIGNS = re.compile(r"(?<![<>=!+*/&|-])(?:===|!==|<=|>=|==|!=|\*\*|//|&&|\|\||\+=|-=|<|>|%|\+|\*)(?![<>=!+*/&|])")
_CALL = re.compile(r"[A-Za-z_]\w*\((?:[^()]|\([^()]*\))*\)")
_CALLED = re.compile(r"\b([A-Za-z_]\w*)\(")
_SENTENCE = re.compile(r"(?<=[.!?;])\s+|\n+")
_NAME = re.compile(r"[^\W\d]\w*")
AMOUNTS_REACH = 6
"""Characters between an operator in words and its number: "multiply by 2"."""
SHORTEST = 2
"""Letters of a word in prose from which on it may be a name of the program: "a" and "I" are words first."""


@dataclass(frozen=True, slots=True)
class Mentions:
    """`values`: literals as code. `amounts`: an operator with its number: "plus 1". `texts`: what stands in quotes.
    `turned`: it speaks of a comparison's end, or of turning it round. `told`: it says that something is to be done.
    `lines`: those it names, from 1. `called`: functions of the program that it names. `moved`: it speaks of
    how far in a line stands."""

    values: tuple[str, ...]
    operators: tuple[str, ...]
    names: tuple[str, ...]
    texts: tuple[str, ...]
    amounts: tuple[tuple[str, str], ...]
    turned: bool
    told: bool
    lines: frozenset[int]
    called: tuple[str, ...] = ()
    moved: bool = False


def mentions(reading: Reading, ground: Ground) -> Mentions:
    """Of a text, against the program that it speaks of."""
    text, lines = cited(reading.text)
    known = squeezed(ground.known)
    text = _CALL.sub(lambda call: " " if squeezed(call[0]) in known else call[0], text)
    text = told_of_the_run(text, ground)
    texts = _unique("".join(found) for found in _QUOTED.findall(text))
    own = squeezed(ground.code)
    new = [piece for inner in texts for piece in _new(inner, own, ground.programming)]
    prose = _QUOTED.sub(" ", text)
    return Mentions(
        values=_unique([*_values(new), *_DIGITS.findall(prose), *_worded("literals", prose), *_spelled(prose)]),
        operators=_unique([*_operators(new), *_SIGNS.findall(prose), *_worded("operators", prose)]),
        names=_unique(_names(text, ground)),
        texts=texts,
        amounts=_unique(_amounts(text)),
        turned=any(pattern.search(text) for pattern in _patterns("turned")),
        called=_unique(found[1] for found in _CALLED.finditer(ground.code) if re.search(rf"\b{found[1]}\b", text)),
        moved=any(pattern.search(text) for pattern in _tables("moved")["patterns"]),
        told=any(pattern.search(text) for pattern in _patterns("verbs")),
        lines=lines,
    )


def _new(inner: str, own: str, programming: str) -> list[Piece]:
    """The tokens of code that a text quotes; of several that stand so in the program none is new."""
    found = list(pieces(inner, programming))
    return found if len(found) == 1 or squeezed(inner) not in own else []


def _values(code: list[Piece]) -> Iterator[str]:
    return (
        piece.text
        for piece in code
        if piece.kind == "text" or piece.text in CONSTANTS or (piece.kind == "number" and _DIGITS.fullmatch(piece.text))
    )


def _operators(code: list[Piece]) -> Iterator[str]:
    return (piece.text for piece in code if piece.text in OPERATORS)


def _names(text: str, ground: Ground) -> Iterator[str]:
    """Of sentences that say something is to be done: names in quotes, and words that are names of the program."""
    own = {piece.text for piece in pieces(ground.code, ground.programming) if piece.kind == "name"} - WORDS
    for sentence in _SENTENCE.split(text):
        if not any(pattern.search(sentence) for pattern in _patterns("verbs")):
            continue
        for found in _QUOTED.findall(sentence):
            code = list(pieces("".join(found), ground.programming))
            if len(code) == 1 and code[0].kind == "name" and code[0].text not in CONSTANTS | WORDS:
                yield code[0].text
        prose = _QUOTED.sub(" ", sentence)
        yield from (word for word in _NAME.findall(prose) if len(word) >= SHORTEST and word in own)


def _spelled(text: str) -> Iterator[str]:
    return (str(number) for _, number in numerals(text))


def _worded(table: str, text: str) -> Iterator[str]:
    for written, found in _tables(table).items():
        if any(pattern.search(text) for pattern in found):
            yield written


def _amounts(text: str) -> Iterator[tuple[str, str]]:
    """An operator with the number that follows it; one more and one less."""
    for pattern in _patterns("one"):
        if pattern.search(text):
            yield from (("+", "1"), ("-", "1"))
    numbers = [(found.start(), found[0]) for found in _DIGITS.finditer(text)]
    numbers += [(start, str(number)) for start, number in numerals(text)]
    for written in ("+", "-", "*", "//"):
        ends = [found.end() for pattern in _tables("operators")[written] for found in pattern.finditer(text)]
        ends += [found.end() for found in re.finditer(re.escape(written) + r"(?=\s*\d)", text)]
        yield from ((written, number) for end in ends for start, number in numbers if 0 <= start - end <= AMOUNTS_REACH)


@cache
def _read() -> dict[str, dict[str, list[str]]]:
    return tomllib.loads(Path(__file__).with_name("edits.toml").read_text("utf-8"))


@cache
def _tables(table: str) -> dict[str, tuple[re.Pattern[str], ...]]:
    return {name: tuple(re.compile(p, re.IGNORECASE) for p in found) for name, found in _read()[table].items()}


def _patterns(table: str) -> tuple[re.Pattern[str], ...]:
    return _tables(table)["patterns"]


def _unique(found: Iterable[T]) -> tuple[T, ...]:
    return tuple(dict.fromkeys(found))
