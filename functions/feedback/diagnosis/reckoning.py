"""Operators of Python that are safe to work out here: on plain values, none of which may get large."""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Mapping
from typing import Any

SIZE = 500
"""What a value may weigh: one for each element, and for eight characters of a text or 64 bits of a number."""


class TooHard(Exception):
    """Not to be worked out here."""


_BINARY: Mapping[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv, ast.Mod: operator.mod, ast.BitAnd: operator.and_, ast.BitOr: operator.or_,
}  # fmt: skip
UNARY: Mapping[type[ast.unaryop], Callable[[Any], Any]] = {
    ast.Not: operator.not_, ast.USub: operator.neg, ast.UAdd: operator.pos,
}  # fmt: skip
COMPARE: Mapping[type[ast.cmpop], Callable[[Any, Any], bool]] = {
    ast.Eq: operator.eq, ast.NotEq: operator.ne, ast.Lt: operator.lt, ast.LtE: operator.le, ast.Gt: operator.gt,
    ast.GtE: operator.ge, ast.Is: operator.is_, ast.IsNot: operator.is_not,
    ast.In: lambda a, b: a in b, ast.NotIn: lambda a, b: a not in b,
}  # fmt: skip


def binary(op: ast.operator, left: Any, right: Any) -> Any:
    """`left op right`. Raises TooHard where the result could be large before it can be weighed."""
    numbers = isinstance(left, int | float) and isinstance(right, int | float)
    if isinstance(op, ast.Mod) and not numbers:
        raise TooHard
    if isinstance(op, ast.Mult) and not numbers:
        count, of = (left, right) if isinstance(left, int) else (right, left)
        if count > SIZE or len(of) > SIZE:
            raise TooHard
    return _BINARY[type(op)](left, right)


def weigh(value: Any) -> int:
    """How large a value is, however it is nested. Raises TooHard beyond SIZE, and for what is no plain value."""
    if isinstance(value, int) and value.bit_length() <= 64:
        return 1
    weight, left = 0, [value]
    while left:
        match left.pop():
            case str() as text:
                weight += 1 + len(text) // 8
            case bool() | float() | None:
                weight += 1
            case int() as number:
                weight += 1 + number.bit_length() // 64
            case list() | tuple() | set() as many:
                weight += 1
                left.extend(many if len(many) <= SIZE else [TooHard])
            case dict() as table:
                weight += 1
                left.extend([*table, *table.values()] if len(table) <= SIZE else [TooHard])
            case _:
                raise TooHard
        if weight + len(left) > SIZE:
            raise TooHard
    return weight
