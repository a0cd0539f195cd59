"""Code of any language as tokens in which names, numbers and texts no longer count: one shape for one meaning."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

_SKIP = {True: r"\s+|#[^\n]*", False: r"\s+|//[^\n]*|/\*.*?\*/"}
"""Spaces and comments: of Python, and of the others, where `#` and `//` mean something else."""
_SIGNS = (
    r"|(?P<text>'(?:\\.|[^'\\\n])*'|\"(?:\\.|[^\"\\\n])*\"|`(?:\\.|[^`\\])*`)"
    r"|(?P<number>\d[\w.]*)"
    r"|(?P<name>[^\W\d]\w*)"
    r"|(?P<sign>=>|===|!==|==|!=|<=|>=|:=|\+=|-=|\*=|//=|/=|%=|\*\*|//|&&|\|\||\+\+|--|->|\.\.\.|[^\w\s])"
)
_TOKEN = {python: re.compile(f"(?P<skip>{skip}){_SIGNS}", re.DOTALL) for python, skip in _SKIP.items()}

_KEPT = """
and as assert await break case catch class const continue def default defer del do elif else except export extends
finally for from func function go if import in instanceof interface is lambda let map match new nil none nonlocal not
null of or pass raise range return select struct switch throw true false try type typeof undefined var while with yield
len sum min max abs sorted reversed enumerate zip any all filter set dict list tuple str int float bool print round
divmod pow ord chr isinstance math object array string number json parseint append make copy
"""
KEPT = frozenset(_KEPT.split())
"""Keywords and built-ins of the languages taught: they carry the meaning, other names do not."""

_NOISE = {";"}


def tokens(code: str, programming: str = "python") -> list[str]:
    """A name becomes `n`, except keywords, built-ins and what follows a point; a number `0`, a text `''`."""
    found: list[str] = []
    for match in _TOKEN[programming == "python"].finditer(code):
        match match.lastgroup:
            case "text":
                found.append("''")
            case "number":
                found.append("0")
            case "name":
                word = match[0]
                kept = word.lower() in KEPT or (found and found[-1] == ".")
                found.append(word if kept else "n")
            case "sign" if match[0] not in _NOISE:
                found.append(match[0])
            case _:
                continue
    return found


class Piece(NamedTuple):
    """One token where it stands. `kind`: `name`, `number`, `text` or `sign`."""

    kind: str
    text: str
    start: int
    end: int


def pieces(code: str, programming: str = "python") -> Iterator[Piece]:
    """The tokens as they are written, without spaces and comments."""
    for match in _TOKEN[programming == "python"].finditer(code):
        if match.lastgroup is not None and match.lastgroup != "skip":
            yield Piece(match.lastgroup, match[0], match.start(), match.end())
