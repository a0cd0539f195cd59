"""JavaScript's `Map` and `Set`: in the order of insertion, keys apart by kind, objects by which one they are."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from functions.feedback.diagnosis.literals import UNDEFINED
from functions.feedback.diagnosis.trees.walking.notes import TooHard


@dataclass(slots=True, eq=False)
class Keyed:
    """`entries`: of a Map key and value, of a Set the value twice."""

    single: bool
    entries: dict[tuple[str, Any], tuple[Any, Any]] = field(default_factory=dict)

    def listed(self) -> list[Any]:
        """What a loop walks over."""
        return [value if self.single else [key, value] for key, value in self.entries.values()]


def made(single: bool, given: list[Any]) -> Keyed:
    """`new Set(…)`, `new Map(…)`. Raises TooHard for what neither is made from."""
    found = Keyed(single)
    of = given[0] if given else None
    parts = of.listed() if isinstance(of, Keyed) else [] if of is None or of is UNDEFINED else of
    if not isinstance(parts, list | str):
        raise TooHard
    for one in parts:
        if single:
            found.entries[_key(one)] = one, one
        elif isinstance(one, list) and len(one) == 2:
            found.entries[_key(one[0])] = one[0], one[1]
        else:
            raise TooHard
    return found


def _key(value: Any) -> tuple[str, Any]:
    if isinstance(value, bool):
        return "bool", value
    if isinstance(value, int | float):
        return "number", value
    return ("text", value) if isinstance(value, str) else ("object", id(value))


def _put(of: Keyed, key: Any, value: Any) -> Keyed:
    of.entries[_key(key)] = key, value
    return of


METHODS: Mapping[str, Callable[..., Any]] = {
    "get": lambda of, key: of.entries.get(_key(key), (None, UNDEFINED))[1],
    "has": lambda of, key: _key(key) in of.entries,
    "set": _put,
    "add": lambda of, value: _put(of, value, value),
    "delete": lambda of, key: of.entries.pop(_key(key), None) is not None,
    "clear": lambda of: of.entries.clear() or UNDEFINED,
    "keys": lambda of: [key for key, _ in of.entries.values()],
    "values": lambda of: [value for _, value in of.entries.values()],
    "entries": lambda of: [[key, value] for key, value in of.entries.values()],
}
