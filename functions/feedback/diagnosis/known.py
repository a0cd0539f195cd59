"""The functions and methods of Python that a followed call may use: on plain values, none of which may get large."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from typing import Any

from functions.feedback.diagnosis.reckoning import SIZE, TooHard

VIEWS: tuple[type, ...] = (type({}.keys()), type({}.values()), type({}.items()))
WALKED = (str, list, tuple, dict, set, range, *VIEWS)
WIDE = 200
"""Characters of a text that is made wider."""
_SPEC = re.compile(r"[^0-9]*(\d{0,3})[^0-9]*(\d{0,2})[^0-9]*")


def power(base: Any, exponent: Any) -> Any:
    if not isinstance(base, int | float) or not isinstance(exponent, int | float) or abs(exponent) > 20:
        raise TooHard
    return base**exponent


def shown(value: Any, form: str) -> str:
    """`{value:form}` of an f-string."""
    if not _SPEC.fullmatch(form):
        raise TooHard
    return format(value, form)


def _few(made: Callable[..., Any], *, unordered: bool = False) -> Callable[..., Any]:
    """`made`, of things that can be gone through and are not many. `unordered`: also of a set of texts, whose order is
    another in each run."""

    def of(*given: Any, **named: Any) -> Any:
        for one in given:
            if isinstance(one, Iterable) and not isinstance(one, WALKED):
                raise TooHard
            if isinstance(one, range | str) and len(one) > SIZE:
                raise TooHard
            if isinstance(one, set) and not unordered and not all(isinstance(x, int) for x in one):
                raise TooHard
        return made(*given, **named)

    return of


def _listed(made: Callable[..., Iterable[Any]]) -> Callable[..., list[Any]]:
    return _few(lambda *given, **named: list(made(*given, **named)))


def _mapped(function: Callable[..., Any], *over: Any) -> list[Any]:
    return [function(*given) for given in zip(*map(_few(list), over), strict=False)]


def _filtered(function: Callable[..., Any] | None, over: Any) -> list[Any]:
    return [one for one in _few(list)(over) if (one if function is None else function(one))]


def _reversed(over: Any) -> list[Any]:
    if not isinstance(over, list | tuple | str | range):
        raise TypeError("not reversible")
    return list(over)[::-1]


def _is_kind(value: Any, kinds: Any) -> bool:
    given = kinds if isinstance(kinds, tuple) else (kinds,)
    return isinstance(value, tuple(_KINDS.get(kind, kind) for kind in given))


def _rounded(value: Any, digits: int | None = None) -> Any:
    if digits is not None and abs(digits) > WIDE:
        raise TooHard
    return round(value, digits)


FUNCTIONS: Mapping[str, Callable[..., Any]] = {
    "len": len, "abs": abs, "str": str, "int": int, "float": float, "bool": bool, "round": _rounded, "repr": repr,
    "ord": ord, "chr": chr, "divmod": divmod, "isinstance": _is_kind, "range": range,
    "max": _few(max, unordered=True), "min": _few(min, unordered=True), "sum": _few(sum, unordered=True),
    "any": _few(any, unordered=True), "all": _few(all, unordered=True), "sorted": _few(sorted, unordered=True),
    "set": _few(set, unordered=True), "list": _few(list), "tuple": _few(tuple), "dict": _few(dict),
    "enumerate": _listed(enumerate), "zip": _listed(zip), "reversed": _few(_reversed), "map": _mapped,
    "filter": _filtered,
}  # fmt: skip
_KINDS: Mapping[Any, type] = {FUNCTIONS[kind.__name__]: kind for kind in (list, tuple, dict, set)}
EXCEPTIONS: Mapping[str, type[Exception]] = {
    kind.__name__: kind
    for kind in (
        Exception, ArithmeticError, AssertionError, AttributeError, IndexError, KeyError, LookupError, NameError,
        NotImplementedError, RuntimeError, StopIteration, TypeError, ValueError, ZeroDivisionError,
    )
}  # fmt: skip
MODULES: Mapping[str, Mapping[str, Any]] = {
    "math": MappingProxyType(
        {
            "ceil": math.ceil,
            "floor": math.floor,
            "sqrt": math.sqrt,
            "trunc": math.trunc,
            "inf": math.inf,
            "gcd": math.gcd,
        }
    )
}


def _widened(method: str) -> Callable[..., str]:
    def of(text: str, width: int, *fill: str) -> str:
        if width > WIDE:
            raise TooHard
        made: str = getattr(text, method)(width, *fill)
        return made

    return of


def _replaced(text: str, old: str, new: str, *count: int) -> str:
    if (len(text) + 1) * (len(new) + 1) > WIDE * WIDE:
        raise TooHard
    return text.replace(old, new, *count)


def _joined(text: str, parts: Any) -> str:
    listed = _few(list)(parts)
    if len(text) * len(listed) > WIDE * WIDE:
        raise TooHard
    return text.join(listed)


_PLAIN: Mapping[type, str] = {
    str: "capitalize casefold count endswith find index isalnum isalpha isascii isdecimal isdigit islower isnumeric "
    "isspace istitle isupper lower lstrip partition removeprefix removesuffix rfind rindex rpartition rsplit rstrip "
    "split splitlines startswith strip swapcase title upper",
    list: "append clear copy count extend index insert pop remove reverse sort",
    dict: "clear copy get items keys pop setdefault update values",
    set: "add clear copy difference discard intersection isdisjoint issubset issuperset remove "
    "symmetric_difference union update",
    tuple: "count index",
}
METHODS: Mapping[tuple[Any, str], Callable[..., Any]] = {
    **{(kind, name): getattr(kind, name) for kind, names in _PLAIN.items() for name in names.split()},
    (list, "extend"): _few(list.extend),
    (dict, "update"): _few(dict.update),
    **{
        (set, name): _few(getattr(set, name), unordered=True)
        for name in _PLAIN[set].split()
        if name not in ("add", "discard", "remove")  # of one thing
    },
    **{(str, name): _widened(name) for name in ("center", "ljust", "rjust", "zfill")},
    (str, "replace"): _replaced,
    (str, "join"): _joined,
}
