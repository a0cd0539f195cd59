"""AMQP topic patterns: words separated by dots, `*` stands for exactly one word, `#` for any number, also none.

Source: AMQP 0-9-1, section 3.1.3.3, "The Topic Exchange Type".
"""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Prepared:
    """A pattern as SQL can match it: key LIKE one of `likes`, and, where set, `words` words, and `.key` ~ `regex`."""

    likes: list[str]
    words: int | None
    regex: str | None


def prepare(pattern: str) -> Prepared:
    """Without `#` the number of dots keeps each `%` inside one word; with one `#` and no `*` two LIKEs are exact."""
    words = pattern.split(".")
    if "#" not in words:
        return Prepared([".".join("%" if word == "*" else _literal(word) for word in words)], len(words), None)
    if words.count("#") == 1 and "*" not in words:
        some = ".".join("%" if word == "#" else _literal(word) for word in words)
        none = ".".join(_literal(word) for word in words if word != "#")
        return Prepared([some, none], None, None)
    return Prepared(["%"], None, _regex(words))


def matches(pattern: str, key: str) -> bool:
    """The definition, word by word; what `prepare` must agree with."""
    return re.fullmatch(_regex(pattern.split(".")).removeprefix("^").removesuffix("$"), "." + key) is not None


def _literal(word: str) -> str:
    return re.sub(r"([\\%_])", r"\\\1", word)


def _regex(words: list[str]) -> str:
    one = r"\.[^.]*"
    return "^" + "".join({"*": one, "#": f"({one})*"}.get(word, r"\." + re.escape(word)) for word in words) + "$"
