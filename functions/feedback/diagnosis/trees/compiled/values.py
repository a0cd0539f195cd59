"""Go's values: types, zero values, conversions, arithmetic."""

from __future__ import annotations

import ast
import math
from typing import Any

from functions.feedback.diagnosis.trees.walking.notes import Thrown, TooHard
from functions.feedback.failure import is_number

INTEGERS = frozenset(
    {"int", "int64", "int32", "uint", "uint64", "uint32", "rune", "byte", "int8", "uint8", "int16", "uint16"}
)

FLOATS = frozenset({"float64", "float32"})


class Own:
    """A function of the language or of a package."""

    __slots__ = ("name",)

    def __init__(self, name: str) -> None:
        self.name = name


class Failed(dict[str, Any]):
    """An error value."""


class Table(dict[Any, Any]):
    """A map; `kind` of its values."""

    def __init__(self, kind: str) -> None:
        super().__init__()
        self.kind = kind

    def default(self) -> Any:
        return zero(self.kind)


def zero(kind: str) -> Any:
    """What a variable of this type begins with. Raises TooHard for types that are not known here."""
    if kind in INTEGERS:
        return 0
    if kind in FLOATS:
        return 0.0
    if kind == "string":
        return ""
    if kind == "bool":
        return False
    if kind.startswith(("[]", "map[")) or kind in {"error", ""}:
        return None
    raise TooHard


def after(kind: str) -> str:
    """Of `map[string][]int` the type of its values."""
    return kind[kind.index("]") + 1 :]


def taken_as(value: Any, kind: str) -> Any:
    if kind in FLOATS and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if kind.startswith("[]") and isinstance(value, list) and kind[2:] in FLOATS:
        value[:] = [taken_as(one, kind[2:]) for one in value]
    if kind.startswith("[][]") and isinstance(value, list):
        for one in value:
            taken_as(one, kind[2:])
    if kind in FLOATS or kind in INTEGERS or kind in {"string", "bool", "", "error"} or kind.startswith(("[]", "map[")):
        if kind.startswith("map[") and isinstance(value, dict) and not isinstance(value, Table):
            made = Table(after(kind))
            made.update(value)
            return made
        return value
    if isinstance(value, int | float | str | bool):
        raise TooHard
    return value


def converted(kind: str, value: Any) -> Any:
    if kind in FLOATS and is_number(value):
        return float(value)
    if kind in INTEGERS and is_number(value):
        return math.trunc(value)
    if kind == "string":
        match value:
            case str():
                return value
            case int():
                return chr(value)
            case list() if all(isinstance(one, int) for one in value):
                return "".join(map(chr, value))
    raise TooHard


def arithmetic(sign: str, a: Any, b: Any) -> Any:
    whole = isinstance(a, int) and isinstance(b, int)
    match sign:
        case "+":
            return a + b
        case "-":
            return a - b
        case "*":
            return a * b
        case "/" if whole:
            if b == 0:
                raise Thrown("panic", "integer divide by zero")
            return int(math.copysign(1, a) * math.copysign(1, b)) * (abs(a) // abs(b))
        case "/" if b != 0:
            return a / b
        case "fraction" if b != 0:
            return a / b
        case "%" if whole:
            if b == 0:
                raise Thrown("panic", "integer divide by zero")
            return int(math.fmod(a, b))
        case "&" | "|" | "^" | "<<" | ">>" if whole and b >= 0 and (sign != "<<" or b < 50):
            made = {"&": a & b, "|": a | b, "^": a ^ b, ">>": a >> min(b, 64), "<<": a << min(b, 50)}
            return made[sign]
        case _:
            raise TooHard


def ascii_only(text: str) -> str:
    if not text.isascii():
        raise TooHard
    return text


def in_bytes(text: str) -> bytes:
    return ascii_only(text).encode()


def number_of(text: str) -> Any:
    try:
        if text.startswith(("0x", "0b", "0o")):
            return int(text, 0)
        return float(text) if any(sign in text for sign in ".eE") else int(text.replace("_", ""))
    except ValueError as error:
        raise TooHard from error


def unquoted(text: str) -> str:
    if text.startswith("`"):
        return text[1:-1]
    try:
        return str(ast.literal_eval(text))
    except (ValueError, SyntaxError) as error:
        raise TooHard from error
