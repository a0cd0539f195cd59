"""A change told in words, made to the learner's own program and run: "line 4 should end at fifteen".

A text names values, operators and names (`mentions`). Each is put wherever the like of it stands in the program, the
lines that the text names first; what then passes a case more, and none less, is given away. The run decides: a text
that only tells what happened, or asks, changes nothing that helps. A line may move further in or out; lines that come
or go are not read.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from time import monotonic
from typing import NamedTuple

from shared.proof.parsing import parsed
from shared.validators.ground import Ground, Passes
from shared.validators.mentions import CONSTANTS, OPERATORS, WORDS, Mentions, mentions
from shared.validators.reading import Reading
from shared.validators.tokens import Piece, pieces

MOST = 40
"""Programs tried for one text."""
PATIENCE = 5.0
"""Seconds for all of them; a text that could not be judged by then is not said."""
MISTYPED = 0.8
"""Likeness from which on a name is another, mistyped."""
STEP = 4
"""Spaces of one level of indentation."""
READ = 8
"""Values, operators, names of a text that are tried, of each."""

_GROUPS = (
    {"<", "<=", ">", ">=", "==", "!=", "===", "!=="},
    {"+", "-", "*", "/", "//", "%", "**"},
    {"+=", "-=", "*=", "/=", "//=", "%="},
    {"and", "or", "&&", "||"},
)
_TURNED = {
    "<": ("<=", ">", ">="), "<=": ("<", ">=", ">"), ">": (">=", "<", "<="), ">=": (">", "<=", "<"),
    "==": ("!=",), "!=": ("==",), "===": ("!==",), "!==": ("===",),
}  # fmt: skip
_ELSEWHERE = {"and": "&&", "or": "||", "True": "true", "False": "false", "None": "null"}
_SCRIPTS = {"==": "===", "!=": "!=="}


class Change(NamedTuple):
    """`rank`: the likelier meant, the lower. `start`, `end`: of the program; `text`: what stands there then."""

    rank: int
    start: int
    end: int
    text: str


def edited(reading: Reading, ground: Ground, passes: Passes | None) -> str | None:
    """Why a text gives a change away, if it does. A worked example speaks of another program. Without `passes` nothing
    is looked for; where it cannot find anything out, what might be such a change is one."""
    if (
        passes is None
        or ground.kind == "example"
        or not ground.code.strip()
        or (ground.total and ground.passed == ground.total)
    ):
        return None
    programs = list(itertools.islice(_programs(ground, mentions(reading, ground)), MOST))
    if not programs:
        return None
    own = tuple(passes(ground.code))
    if not own:
        return "could tell a change that solves it, and there is no sandbox to find out"
    end = monotonic() + PATIENCE
    for change, program in programs:
        if monotonic() > end:
            return f"could tell a change that solves it: {len(programs)} to try were too many"
        if _better(passes, program, own):
            return f"tells a change that helps: `{change}`"
    return None


def _better(passes: Passes, program: str, own: Sequence[bool]) -> bool:
    """Half or more of the cases that failed, and no other less; at the first that is lost the rest is not run."""
    gained = 0
    for before, now in zip(own, passes(program), strict=False):
        if before and not now:
            return False
        gained += now and not before
    return gained > 0 and gained * 2 >= own.count(False)


def _programs(ground: Ground, said: Mentions) -> Iterator[tuple[str, str]]:
    """(what is changed, the program), the likeliest first."""
    tokens = list(pieces(ground.code, ground.programming))
    singles = list(_singles(ground, said, tokens))
    changes: list[tuple[Change, ...]] = [(change,) for change in singles]
    changes += _pairs(ground, said, tokens, singles)
    changes += [
        (change,) for change in (*_sums(ground, said, tokens), *_arguments(said, tokens), *_moves(ground, said))
    ]
    seen = {ground.code}
    for parts in sorted(changes, key=lambda parts: sum(part.rank for part in parts)):
        program = ground.code
        for part in sorted(parts, key=lambda part: -part.start):
            program = _put(program, part)
        if program not in seen and _can_run(program, ground.programming):
            seen.add(program)
            yield ", ".join(f"{ground.code[part.start : part.end]} → {part.text}" for part in parts), program


def _put(program: str, change: Change) -> str:
    before, after = program[: change.start], program[change.end :]
    left = " " if before[-1:].isalnum() and change.text[:1].isalnum() else ""
    right = " " if after[:1].isalnum() and change.text[-1:].isalnum() else ""
    return f"{before}{left}{change.text}{right}{after}"


def _can_run(program: str, programming: str) -> bool:
    if programming != "python":
        return True
    try:
        parsed(program)
    except SyntaxError:
        return False
    return True


def _singles(ground: Ground, said: Mentions, tokens: Sequence[Piece]) -> Iterator[Change]:
    """One token for another of its kind, or with an amount to it."""
    for place in tokens:
        rank = _rank(ground, said, place)
        if rank is None:
            continue
        for text in _instead(said, place, ground.programming):
            if text != place.text and not _mistyped(ground, place, text):
                yield Change(rank, place.start, place.end, text)
        if (place.kind in {"name", "number"} and place.text not in WORDS) or place.text == ")":
            for operator, number in said.amounts:
                yield Change(rank + 2, place.start, place.end, f"{place.text} {operator} {number}")


def _sums(ground: Ground, said: Mentions, tokens: Sequence[Piece]) -> Iterator[Change]:
    """A name that is named with another that is named: "hand back heard together with last"."""
    signs = [sign for sign in said.operators if sign in {"+", "-", "*"}]
    for place in tokens:
        here = ground.code.count("\n", 0, place.start) + 1 in said.lines
        if said.told and place.kind == "name" and (place.text in said.names) and place.text not in WORDS:
            others = [name for name in said.names[:READ] if name != place.text]
            for sign, name in itertools.product(signs, others):
                yield Change(1 if here else 2, place.start, place.end, f"{place.text} {sign} {name}")


def _arguments(said: Mentions, tokens: Sequence[Piece]) -> Iterator[Change]:
    """A value more in the brackets of a call that is named: "let enumerate begin at one"."""
    for n, place in enumerate(tokens[:-1]):
        if not said.told or place.text not in said.called or tokens[n + 1].text != "(":
            continue
        depth = 0
        for piece in tokens[n + 1 :]:
            depth += (piece.text == "(") - (piece.text == ")")
            if depth == 0:
                yield from (Change(2, piece.start, piece.end, f", {value})") for value in said.values[:READ])
                break


def _moves(ground: Ground, said: Mentions) -> Iterator[Change]:
    """A line of Python's one or two levels further out or in: those that are named, else those that leave a block."""
    if not said.moved or ground.programming != "python":
        return
    start = 0
    lines = ground.code.splitlines(keepends=True)
    for number, line in enumerate(lines, 1):
        depth = len(line) - len(line.lstrip(" "))
        leaving = not said.lines and (number == len(lines) or line.strip().startswith(("return", "yield", "break")))
        if line.strip() and (number in said.lines or leaving):
            for other in (depth - STEP, depth - 2 * STEP, depth + STEP):
                if other >= STEP:
                    yield Change(0 if number in said.lines else 1, start, start + depth, " " * other)
        start += len(line)


def _pairs(
    ground: Ground, said: Mentions, tokens: Sequence[Piece], singles: Sequence[Change]
) -> Iterator[tuple[Change, Change]]:
    """An operator together with what stands right of it; without a word on the operator, its end taken in or left."""
    for operator, right in itertools.pairwise(tokens):
        if operator.text not in OPERATORS:
            continue
        written = [text for text in _operators(said, operator, ground.programming) if text != operator.text]
        written = written or list(_TURNED.get(operator.text, ())[:1])
        rank = _rank(ground, said, operator) or 0
        for value in singles:
            if value.start == right.start:
                yield from ((Change(rank, operator.start, operator.end, text), value) for text in written)


def _instead(said: Mentions, place: Piece, programming: str) -> Iterator[str]:
    values = [_spelled(value, programming) for value in said.values[:READ]]
    named = place.text in said.names
    if place.text in OPERATORS:
        yield from _operators(said, place, programming)
    elif place.kind == "text":
        yield from (value for value in values if named or not value[0].isalpha())
        yield from _other_texts(said, place.text)
    elif place.kind == "number" or place.text in CONSTANTS:
        yield from (*values, *(said.names[:READ] if place.text in said.values else ()))
    elif place.kind == "name" and place.text not in WORDS:
        yield from (*said.names[:READ], *(values if named else ()))


def _operators(said: Mentions, place: Piece, programming: str) -> Iterator[str]:
    group = next(group for group in _GROUPS if place.text in group)
    for operator in said.operators[:READ]:
        for written in (operator, operator + "=", _spelled(operator, programming)):
            if written in group:
                yield written
    if said.turned:
        yield from _TURNED.get(place.text, ())


def _other_texts(said: Mentions, written: str) -> Iterator[str]:
    """A text with another in quotes in place of one that stands in it, or is all of it."""
    texts = [text for text in said.texts[:READ] if written[0] not in text]
    yield from (written.replace(old, new) for old in texts for new in texts if old != new and old in written)


def _spelled(text: str, programming: str) -> str:
    if programming == "python":
        return text
    return _ELSEWHERE.get(text, _SCRIPTS.get(text, text) if programming != "go" else text)


def _mistyped(ground: Ground, place: Piece, text: str) -> bool:
    """A name nobody knows, for one that looks the same: Python's own message says so."""
    unknown = not {"NameError", "ReferenceError"}.isdisjoint(ground.raised)
    return unknown and place.kind == "name" and SequenceMatcher(None, place.text, text).ratio() >= MISTYPED


def _rank(ground: Ground, said: Mentions, place: Piece) -> int | None:
    """How likely this place is meant: its line is named; or the text says that something is to be done, to what stands
    there, or, where it names no line, to some value. None: it is not."""
    if ground.code.count("\n", 0, place.start) + 1 in said.lines:
        return 0
    if said.told and place.text in {*said.values, *said.operators, *said.names, *said.texts}:
        return 1
    if said.lines:
        return None
    if said.told and (place.kind in {"number", "text"} or place.text in CONSTANTS):
        return 2
    if said.turned and place.text in _TURNED:
        return 2
    return 3 if said.told and said.amounts and place.kind == "name" and place.text not in WORDS else None
