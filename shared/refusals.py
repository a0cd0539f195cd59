"""What is said to whoever is refused something, in their own language: one table by code (`refusals.toml`).

Who refuses names a code and what to put into its words; the words are chosen where they are told, by whoever knows the
language. English is what goes into logs.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Protocol

from shared.spoken import Words


class Told(Protocol):
    def detail(self, language: Words) -> str: ...


@cache
def table() -> Mapping[str, Mapping[str, Any]]:
    """Read with the first refusal, not at start."""
    return tomllib.loads(Path(__file__).with_name("refusals.toml").read_text("utf-8"))


@dataclass(frozen=True, slots=True)
class Saying:
    """`values`: by the names in the words of `code`; a value may be a saying itself, or several of them."""

    code: str
    values: Mapping[str, object]

    def detail(self, language: Words) -> str:
        return self._said(table()[self.code], language) or ""

    def hint(self, language: Words) -> str | None:
        entry = table()[self.code]
        return self._said(entry.get("hint"), language) or self.remedy(language)

    def remedy(self, language: Words) -> str | None:
        return self._said(table()[self.code].get("remedy"), language)

    def _said(self, words: Mapping[str, Any] | None, language: Words) -> str | None:
        if words is None:
            return None
        given = {name: self._value(name, value, language) for name, value in self.values.items()}
        return str(words[language]).format(**given)

    def _value(self, name: str, value: object, language: Words) -> object:
        match value:
            case str():
                words = table()[self.code].get(name)
                return words[value][language] if isinstance(words, Mapping) and value in words else value
            case list() | tuple():
                return "; ".join(one.detail(language) for one in value)
            case _ if hasattr(value, "detail"):
                return value.detail(language)
            case _:
                return value


def say(code: str, **values: object) -> Saying:
    return Saying(code, values)


@dataclass(frozen=True, slots=True)
class FieldFault:
    """What is wrong with one field, as pydantic found it. The value itself is left out: it may be a password, or the
    learner's own words."""

    at: str
    type: str
    english: str
    context: Mapping[str, object]

    def detail(self, language: Words) -> str:
        if language == "en":
            return self.english
        words = table()["fields"]
        told = dict(self.context)
        if "expected" in told:  # pydantic lists what may be, in English
            told["expected"] = str(told["expected"]).replace(" or ", " o ")
        return str(words.get(self.type, words["other"])).format(**told)

    def problem(self, language: Words) -> dict[str, str]:
        """As a member of `errors`."""
        return {"at": self.at, "problem": self.detail(language)}


def fault(error: Mapping[str, Any], at: str | None = None) -> FieldFault:
    """`error`: of pydantic's `errors()`. `at`: what the field is called, where not by its path."""
    where = ".".join(map(str, error["loc"])) if at is None else at
    context = error.get("ctx") or {}
    if context.get("field_type") == "Value":  # a secret text, which pydantic counts as a list
        from pydantic_core import PydanticKnownError

        known = PydanticKnownError(f"string_{error['type']}", context)  # type: ignore[arg-type]
        return FieldFault(where, known.type, known.message(), context)
    return FieldFault(where, error["type"], error["msg"], context)


def listed(faults: Iterable[FieldFault]) -> list[Saying]:
    """Field and problem, to be put into a sentence."""
    return [say("field", at=one.at, problem=one) for one in faults]


def title(kind: str, english: str, language: Words) -> str:
    """`kind`: the last word of a problem's type; `english`: where the table has no title for it."""
    words = table()["titles"].get(kind)
    return str(words[language]) if words and language != "en" else english
