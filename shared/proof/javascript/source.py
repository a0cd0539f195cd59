"""A JavaScript or TypeScript program, read."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from shared.proof.inputs import Constants
from shared.proof.javascript.node import analysed
from shared.proof.mutate import Mutant, changed
from shared.proof.parsing import BYTES
from shared.proof.telling import tells


@dataclass(frozen=True, slots=True)
class ScriptFunction:
    name: str
    text: str
    parameters: int
    token_list: tuple[str, ...]
    kinds: tuple[str, ...]

    def tokens(self) -> list[str]:
        return list(self.token_list)

    def build(self) -> list[str]:
        return list(self.kinds)


class ScriptSource:
    def __init__(self, text: str, found: Mapping[str, Any]) -> None:
        self.text, self._found = text, found

    @property
    def broken(self) -> str | None:
        error: str | None = self._found["broken"]
        return error

    @property
    def functions(self) -> Sequence[ScriptFunction]:
        return [
            ScriptFunction(f["name"], f["text"], f["parameters"], tuple(f["tokens"]), tuple(f["build"]))
            for f in self._found["functions"]
        ]

    def mutants(self) -> tuple[Mutant, ...]:
        return tuple(_mutant(**found) for found in self._found["mutants"])

    def constants(self) -> Constants:
        return tuple(sorted(self._found["numbers"])), tuple(sorted(self._found["texts"]))

    def turned(self) -> str | None:
        """Sets and maps of JavaScript keep the order of insertion: there is nothing to turn."""
        return None

    def telling(self) -> list[str]:
        lines = ("".join(line.split("//")[0].split()).rstrip(";{") for line in self.text.splitlines())
        return [line for line in lines if tells(line) and not line.startswith(HEADS)]


HEADS = ("function", "exportfunction", "asyncfunction", "import")


def read(texts: Sequence[str], language: str) -> list[ScriptSource]:
    """Raises Unavailable: see `node.analysed`. What was read lately is not read again."""
    new = [text for text in dict.fromkeys(texts) if (text, language) not in _read and _fits(text)]
    if len(_read) + len(new) > KEPT:
        _read.clear()
        new = [text for text in dict.fromkeys(texts) if _fits(text)]
    if new:
        _read.update(((text, language), found) for text, found in zip(new, analysed(new, language), strict=True))
    too_long = {"broken": f"longer than {BYTES} bytes"}
    return [ScriptSource(text, _read.get((text, language), too_long)) for text in texts]


KEPT = 200
_read: dict[tuple[str, str], Mapping[str, Any]] = {}


def _fits(text: str) -> bool:
    return len(text.encode("utf-8", "surrogatepass")) <= BYTES


def _mutant(operator: str, line: int, before: str, after: str, key: str, source: str) -> Mutant:
    digest = hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()[:8]
    words = changed(before, after)
    return Mutant(id=f"L{line}-{operator}-{digest}", operator=operator, line=line, words=words, source=source)
