"""How JavaScript computes and compares."""

from __future__ import annotations

import ast
import math
import re
from typing import Any

from functions.feedback.diagnosis.literals import UNDEFINED
from functions.feedback.diagnosis.trees.scripts.keyed import Keyed
from functions.feedback.diagnosis.trees.walking.notes import Closure, Promise, TooHard

NAN = float("nan")


class Global:
    __slots__ = ("name",)

    def __init__(self, name: str) -> None:
        self.name = name


def number(value: Any) -> Any:
    match value:
        case bool():
            return int(value)
        case int() | float():
            return value
        case None:
            return 0
        case str():
            text = value.strip()
            if not text:
                return 0
            if re.fullmatch(r"[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?", text, re.IGNORECASE):
                return whole(float(text))
            return NAN
        case _ if value is UNDEFINED:
            return NAN
        case Promise() | dict():
            return NAN
        case _:
            raise TooHard


def whole(value: Any) -> Any:
    if isinstance(value, float) and math.isfinite(value) and value == int(value) and abs(value) < 1 << 53:
        return int(value)
    return value


def arithmetic(sign: str, a: Any, b: Any) -> Any:
    if a != a or b != b:
        return NAN if sign not in {"|", "&", "^", ">>", "<<", ">>>"} else _bitwise(sign, a, b)
    try:
        match sign:
            case "-":
                return whole(a - b)
            case "*":
                return whole(a * b)
            case "/":
                if b == 0:
                    return NAN if a == 0 else math.copysign(math.inf, a)
                return whole(a / b)
            case "%":
                return NAN if b == 0 else whole(math.fmod(a, b))
            case "**":
                if abs(b) > 64 or abs(a) > 1 << 20:
                    raise TooHard
                return whole(a**b)
            case _:
                return _bitwise(sign, a, b)
    except (OverflowError, ValueError, ZeroDivisionError) as error:
        raise TooHard from error


def _bitwise(sign: str, a: Any, b: Any) -> Any:
    x, y = bits(a), bits(b)
    match sign:
        case "|":
            return x | y
        case "&":
            return x & y
        case "^":
            return x ^ y
        case ">>":
            return x >> (y & 31)
        case "<<":
            return bits(x << (y & 31))
        case ">>>":
            return (x & 0xFFFFFFFF) >> (y & 31)
        case _:
            raise TooHard


def bits(a: Any) -> int:
    if a != a or not math.isfinite(a):
        return 0
    value = int(a) & 0xFFFFFFFF
    return value - (1 << 32) if value >= 1 << 31 else value


def kind_of(value: Any) -> str:
    match value:
        case bool():
            return "boolean"
        case int() | float():
            return "number"
        case str():
            return "string"
        case Closure() | Global():
            return "function"
        case _:
            return "undefined" if value is UNDEFINED else "object"


def same(a: Any, b: Any) -> bool:
    if isinstance(a, list | dict | Keyed | Closure | Promise) or isinstance(b, list | dict | Keyed | Closure | Promise):
        return a is b
    if kind_of(a) != kind_of(b) or (a is None) != (b is None):
        return False
    return bool(a == b)


def alike(a: Any, b: Any) -> bool:
    nothing = (None, UNDEFINED)
    if any(a is x for x in nothing) or any(b is x for x in nothing):
        return any(a is x for x in nothing) and any(b is x for x in nothing)
    if kind_of(a) == kind_of(b):
        return same(a, b)
    if isinstance(a, list | dict | Closure) or isinstance(b, list | dict | Closure):
        raise TooHard
    return bool(number(a) == number(b))


def ordered(sign: str, a: Any, b: Any) -> bool:
    if not (isinstance(a, str) and isinstance(b, str)):
        if isinstance(a, list | dict) or isinstance(b, list | dict):
            raise TooHard
        a, b = number(a), number(b)
    return bool({"<": a < b, "<=": a <= b, ">": a > b, ">=": a >= b}[sign])


def plain(value: float) -> str:
    if value != value:
        return "NaN"
    if math.isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    if not 1e-6 <= abs(value) < 1e21:
        raise TooHard
    return repr(value)


def number_of(text: str) -> Any:
    try:
        return whole(float(text.replace("_", ""))) if not text.lower().startswith(("0x", "0b", "0o")) else int(text, 0)
    except ValueError as error:
        raise TooHard from error


def unquoted(text: str) -> str:
    try:
        found = ast.literal_eval(text.replace("\n", "\\n"))
    except (ValueError, SyntaxError) as error:
        raise TooHard from error
    if not isinstance(found, str):
        raise TooHard
    return found
