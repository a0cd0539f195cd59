"""Rules about printed texts, in every language: how what was printed differs from what should be, line by line."""

from __future__ import annotations

import ast
import re

from functions.feedback.diagnosis.source import Diagnosis, Source, called
from functions.feedback.failure import PRINTS, UNKNOWN, Failure, value

_RETURNS = re.compile(r"\breturn\s+[^\s;}]")
_PRINTS = re.compile(r"\bprint\s*\(|\bconsole\.\w+\s*\(|\bprocess\.stdout|\bfmt\.F?[Pp]rint|\bsys\.stdout")


def unprinted(code: str, entry: str, failure: Failure) -> Diagnosis | None:
    """Nothing was printed by a program that has no word for it, and hands a value back."""
    if failure.got not in {f"{PRINTS}''", f'{PRINTS}""'} or _PRINTS.search(code):
        return None
    found = _RETURNS.search(code)
    if found is None:
        return None
    return Diagnosis("returned-not-printed", code[: found.start()].count("\n") + 1, {"name": entry})


def in_python(source: Source, failure: Failure) -> Diagnosis | None:
    """With the line of the one `print` there is."""
    lines = {n.lineno for n in ast.walk(source.tree) if isinstance(n, ast.Call) and called(n) == "print"}
    return difference(failure, lines.pop() if len(lines) == 1 else None)


def difference(failure: Failure, line: int | None = None) -> Diagnosis | None:
    """`line`: where it is printed, if that is one place only."""
    if not (failure.got.startswith(PRINTS) and failure.expected.startswith(PRINTS)):
        return None
    got, expected = _lines(failure.got), _lines(failure.expected)
    if got is None or expected is None or got == expected:
        return None
    if not got:
        return Diagnosis("nothing-printed", line)
    short, long = sorted((got, expected), key=len)
    if len(short) < len(long) and (long[: len(short)] == short or long[-len(short) :] == short):
        words = {"count": str(len(long) - len(short))}
        return Diagnosis("lines-missing" if long is expected else "lines-too-many", line, words)
    if _bare(got) == _bare(expected):
        return Diagnosis("spaces" if len(got) == len(expected) else "line-breaks", line)
    if "\n".join(got).lower() == "\n".join(expected).lower():
        return Diagnosis("letter-case", line)
    if sorted(got) == sorted(expected):
        return Diagnosis("line-order", line)
    said, wanted = next(((g, e) for g, e in zip(got, expected, strict=False) if g != e), (got[-1], expected[-1]))
    return Diagnosis("line-differs", line, {"said": repr(said), "wanted": repr(wanted)})


def _lines(text: str) -> list[str] | None:
    """Of a text that was cut those that are whole; None where it cannot be read."""
    text = text.removeprefix(PRINTS)
    cut = text.endswith("…")
    read = value(text[:-1].rstrip("\\") + text[0] if cut else text)
    if read is UNKNOWN or not isinstance(read, str):
        return None
    lines = read.split("\n") if read else []
    return lines[:-1] or None if cut else lines


def _bare(lines: list[str]) -> str:
    return "".join("".join(lines).split())
