"""The methods of JavaScript's texts and lists, and its Math."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from functools import cmp_to_key
from typing import Any

from functions.feedback.diagnosis.literals import UNDEFINED
from functions.feedback.diagnosis.trees.scripts.operators import Global, arithmetic, number, same
from functions.feedback.diagnosis.trees.walking.notes import SIZE, Closure, Language, Thrown, TooHard, Walk


class Steps:
    """How a method of a list calls the function it was given."""

    def __init__(self, trace: Walk, language: Language) -> None:
        self.trace, self.language = trace, language

    def of(self, made: Any, *given: Any) -> Any:
        if isinstance(made, Global) and made.name in CONVERTING:
            return CONVERTING[made.name](self.language, given[0])
        if not isinstance(made, Closure) or made.node.kind != "function":
            raise TooHard
        return self.trace.invoke(made, list(given)[: max(1, len(made.node.parts))])

    def holds(self, made: Any, *given: Any) -> bool:
        return self.language.truth(self.of(made, *given))


def _part(of: Any, start: Any = 0, end: Any = UNDEFINED) -> Any:
    first = 0 if start is UNDEFINED else int(number(start))
    return of[first:] if end is UNDEFINED else of[slice(first, int(number(end)))]


def _substring(of: str, start: Any = 0, end: Any = UNDEFINED) -> str:
    a = max(0, int(number(start)))
    b = len(of) if end is UNDEFINED else max(0, int(number(end)))
    return of[min(a, b) : max(a, b)]


def _split(of: str, by: Any = UNDEFINED) -> list[str]:
    if not isinstance(by, str):
        raise TooHard
    return list(of) if by == "" else of.split(by)


def _replace(of: str, what: Any, by: Any, count: int = 1) -> str:
    if not isinstance(what, str) or not isinstance(by, str) or "$" in by:
        raise TooHard
    return of.replace(what, by, count)


def _padded(of: str, size: int, fill: str, start: bool) -> str:
    if len(fill) != 1 or size > SIZE:
        raise TooHard
    return of.rjust(size, fill) if start else of.ljust(size, fill)


def _repeat(of: str, count: Any) -> str:
    if not isinstance(count, int) or not 0 <= count * max(1, len(of)) <= SIZE:
        raise TooHard
    return of * count


TEXTS: Mapping[str, Callable[..., Any]] = {
    "charAt": lambda of, at=0: of[at] if 0 <= at < len(of) else "",
    "at": lambda of, at=0: of[at] if -len(of) <= at < len(of) else UNDEFINED,
    "slice": _part, "substring": _substring, "split": _split,
    "indexOf": lambda of, what: of.find(what), "lastIndexOf": lambda of, what: of.rfind(what),
    "includes": lambda of, what: what in of, "startsWith": lambda of, what: of.startswith(what),
    "endsWith": lambda of, what: of.endswith(what), "toUpperCase": lambda of: of.upper(),
    "toLowerCase": lambda of: of.lower(), "trim": lambda of: of.strip(), "trimStart": lambda of: of.lstrip(),
    "trimEnd": lambda of: of.rstrip(), "repeat": _repeat, "concat": lambda of, *more: of + "".join(more),
    "padStart": lambda of, size, fill=" ": _padded(of, size, fill, True),
    "padEnd": lambda of, size, fill=" ": _padded(of, size, fill, False),
    "replace": _replace, "replaceAll": lambda of, what, by: _replace(of, what, by, -1),
    "charCodeAt": lambda of, at=0: ord(of[at]), "toString": lambda of: of,
}  # fmt: skip


def _sorted(steps: Steps, of: list[Any], by: Any = UNDEFINED) -> list[Any]:
    if by is UNDEFINED:
        return sorted(of, key=steps.language.text)
    return sorted(of, key=cmp_to_key(lambda a, b: _sign(number(steps.of(by, a, b)))))


def _sign(value: float) -> int:
    return (value > 0) - (value < 0)  # of what is no number: 0


def _sort(steps: Steps, of: list[Any], by: Any = UNDEFINED) -> list[Any]:
    of[:] = _sorted(steps, of, by)
    return of


def _push(_: Steps, of: list[Any], *more: Any) -> int:
    of.extend(more)
    return len(of)


def _unshift(_: Steps, of: list[Any], *more: Any) -> int:
    of[:0] = more
    return len(of)


def _splice(_: Steps, of: list[Any], start: Any, count: Any = UNDEFINED, *more: Any) -> list[Any]:
    at = max(0, len(of) + start) if start < 0 else min(start, len(of))
    many = len(of) - at if count is UNDEFINED else max(0, count)
    taken = of[at : at + many]
    of[at : at + many] = more
    return taken


def _reverse(_: Steps, of: list[Any]) -> list[Any]:
    of.reverse()
    return of


def _fill(_: Steps, of: list[Any], value: Any) -> list[Any]:
    of[:] = [value] * len(of)
    return of


def _for_each(steps: Steps, of: list[Any], made: Any) -> Any:
    for at, one in enumerate(list(of)):
        steps.of(made, one, at, of)
    return UNDEFINED


def _reduce(steps: Steps, of: list[Any], made: Any, *first: Any) -> Any:
    if not of and not first:
        raise Thrown("TypeError", "Reduce of empty array with no initial value")
    kept, rest = (first[0], 0) if first else (of[0], 1)
    for at in range(rest, len(of)):
        kept = steps.of(made, kept, of[at], at, of)
    return kept


def _find(steps: Steps, of: list[Any], made: Any) -> Any:
    return next((one for at, one in enumerate(of) if steps.holds(made, one, at, of)), UNDEFINED)


def _index(_: Steps, of: list[Any], what: Any) -> int:
    return next((at for at, one in enumerate(of) if same(one, what)), -1)


def _concat(_: Steps, of: list[Any], *more: Any) -> list[Any]:
    found = list(of)
    for one in more:
        found += one if isinstance(one, list) else [one]
    return found


def _join(steps: Steps, of: list[Any], by: Any = ",") -> str:
    return by.join("" if one is None or one is UNDEFINED else steps.language.text(one) for one in of)  # type: ignore[no-any-return]


def _flat(of: list[Any]) -> list[Any]:
    return [inner for one in of for inner in (one if isinstance(one, list) else [one])]


LISTS: Mapping[str, Callable[..., Any]] = {
    "push": _push, "pop": lambda _, of: of.pop() if of else UNDEFINED,
    "shift": lambda _, of: of.pop(0) if of else UNDEFINED, "unshift": _unshift, "splice": _splice,
    "sort": _sort, "reverse": _reverse, "fill": _fill, "toSorted": _sorted,
    "toReversed": lambda _, of: of[::-1], "slice": lambda _, of, *given: _part(of, *given), "concat": _concat,
    "includes": lambda _, of, what: _index(_, of, what) >= 0, "indexOf": _index,
    "lastIndexOf": lambda _, of, what: next((at for at in range(len(of) - 1, -1, -1) if same(of[at], what)), -1),
    "join": _join, "flat": lambda _, of: _flat(of),
    "at": lambda _, of, at=0: of[at] if -len(of) <= at < len(of) else UNDEFINED,
    "map": lambda s, of, made: [s.of(made, one, at, of) for at, one in enumerate(of)],
    "flatMap": lambda s, of, made: _flat([s.of(made, one, at, of) for at, one in enumerate(of)]),
    "filter": lambda s, of, made: [one for at, one in enumerate(of) if s.holds(made, one, at, of)],
    "forEach": _for_each, "reduce": _reduce, "find": _find,
    "findIndex": lambda s, of, made: next((at for at, one in enumerate(of) if s.holds(made, one, at, of)), -1),
    "some": lambda s, of, made: any(s.holds(made, one, at, of) for at, one in enumerate(of)),
    "every": lambda s, of, made: all(s.holds(made, one, at, of) for at, one in enumerate(of)),
    "entries": lambda _, of: [[at, one] for at, one in enumerate(of)], "keys": lambda _, of: list(range(len(of))),
}  # fmt: skip

CHANGING = frozenset({"push", "pop", "shift", "unshift", "splice", "sort", "reverse", "fill"})


def _nearest(value: float) -> int:
    return math.floor(value + 0.5)


CONVERTING: Mapping[str, Callable[[Language, Any], Any]] = {
    "Number": lambda _, one: number(one),
    "String": lambda language, one: language.text(one),
    "Boolean": lambda language, one: language.truth(one),
}

MATH: Mapping[str, Callable[..., Any]] = {
    "floor": lambda x: x if math.isinf(x) else math.floor(x), "ceil": lambda x: x if math.isinf(x) else math.ceil(x),
    "round": _nearest, "trunc": math.trunc, "abs": abs, "sqrt": math.sqrt, "pow": lambda a, b: arithmetic("**", a, b),
    "max": lambda *xs: max(xs, default=-math.inf), "min": lambda *xs: min(xs, default=math.inf),
    "sign": _sign, "hypot": math.hypot,
}  # fmt: skip
