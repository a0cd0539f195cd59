"""Tagged JSON from the sandbox into Python values, outside. Input is hostile: bounded depth, no evaluation."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from shared.sandbox.contract import JSON

DEPTH = 64


@dataclass(frozen=True, slots=True, eq=False)
class Opaque:
    """Something the learner returned that is not a value: equal to nothing, shown by its own (bounded) repr."""

    text: str
    type: str

    def __repr__(self) -> str:
        return self.text


def decode(value: JSON, depth: int = DEPTH) -> object:
    """The Python value of tagged JSON. Raises ValueError when it is not well-formed or nested deeper than `DEPTH`."""
    if depth == 0:
        raise ValueError(f"nested deeper than {DEPTH}")
    match value:
        case list():
            return [decode(item, depth - 1) for item in value]
        case {"$repr": str(text), **rest}:
            kind = rest.get("$type")
            return Opaque(text[:400], kind[:80] if isinstance(kind, str) else "object")
        case dict() if len(value) == 1 and next(iter(value)).startswith("$"):
            return _tagged(*next(iter(value.items())), depth - 1)
        case dict():
            return {key: decode(item, depth - 1) for key, item in value.items()}
        case _:
            return value


def _tagged(tag: str, content: JSON, depth: int) -> object:
    try:
        match tag, content:
            case "$tuple", list():
                return tuple(decode(item, depth) for item in content)
            case "$set", list():
                return {decode(item, depth) for item in content}
            case "$frozenset", list():
                return frozenset(decode(item, depth) for item in content)
            case "$dict", list():
                pairs = [pair for pair in content if isinstance(pair, list) and len(pair) == 2]
                if len(pairs) == len(content):
                    return {decode(k, depth): decode(v, depth) for k, v in pairs}
            case "$bytes", str():
                return bytes.fromhex(content)
            case "$int", str():
                return int(content, 0)
            case "$date", str():
                return datetime.fromisoformat(content)
            case "$float", ("nan" | "inf" | "-inf") as text:
                return float(text)
    except TypeError as error:  # a set of lists, a pair that is none
        raise ValueError(f"{tag} holds what it cannot hold") from error
    raise ValueError(f"unknown tag {tag[:20]!r}")
