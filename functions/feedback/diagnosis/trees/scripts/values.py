"""What JavaScript and TypeScript make of values: literals, operators, properties."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from functions.feedback.diagnosis.literals import UNDEFINED
from functions.feedback.diagnosis.trees.scripts.keyed import Keyed
from functions.feedback.diagnosis.trees.scripts.methods import LISTS, TEXTS
from functions.feedback.diagnosis.trees.scripts.operators import (
    NAN,
    Global,
    alike,
    arithmetic,
    bits,
    kind_of,
    number,
    number_of,
    ordered,
    plain,
    same,
    unquoted,
    whole,
)
from functions.feedback.diagnosis.trees.tree import Node
from functions.feedback.diagnosis.trees.walking.notes import Closure, Promise, Thrown, TooHard, Walk
from functions.feedback.failure import is_number

GLOBALS = frozenset({
    "Math", "Number", "String", "Boolean", "Object", "Array", "console", "JSON", "parseInt", "parseFloat", "Error",
    "RangeError", "TypeError", "Set", "Map",
})  # fmt: skip

ERRORS = frozenset({"Error", "RangeError", "TypeError"})


CONSTANTS: Mapping[str, Any] = {
    "Math.PI": math.pi,
    "Number.MAX_SAFE_INTEGER": (1 << 53) - 1,
    "Number.MIN_SAFE_INTEGER": 1 - (1 << 53),
    "Number.POSITIVE_INFINITY": math.inf,
    "Number.NEGATIVE_INFINITY": -math.inf,
}


class Values:
    def literal(self, node: Node) -> Any:
        match node.kind:
            case "number":
                return number_of(node.text)
            case "text":
                return unquoted(node.text)
            case "piece":
                return unquoted(f'"{node.text}"') if "\\" in node.text else node.text
            case "bool":
                return node.text == "true"
            case "nothing":
                return None if node.text == "null" else UNDEFINED
            case "name" if node.sign in GLOBALS:
                return Global(node.sign)
            case "name" if node.sign in {"NaN", "Infinity", "undefined"}:
                return {"NaN": NAN, "Infinity": math.inf, "undefined": UNDEFINED}[node.sign]
            case _:
                raise TooHard

    def truth(self, value: Any) -> bool:
        if isinstance(value, float) and value != value:
            return False
        return not (
            value is None or value is UNDEFINED or value is False or value == "" or (is_number(value) and value == 0)
        )

    def zero(self, kind: str) -> Any:
        return UNDEFINED

    def taken(self, value: Any, kind: Node | None) -> Any:
        return value

    def binary(self, sign: str, left: Any, right: Any) -> Any:
        match sign:
            case "===" | "!==":
                return same(left, right) == (sign == "===")
            case "==" | "!=":
                return alike(left, right) == (sign == "==")
            case "+":
                return self._add(left, right)
            case "<" | "<=" | ">" | ">=":
                return ordered(sign, left, right)
            case "in":
                raise TooHard
            case _:
                return arithmetic(sign, number(left), number(right))

    def _add(self, left: Any, right: Any) -> Any:
        for one in (left, right):
            if isinstance(one, dict | Keyed | Closure | Global):
                raise TooHard
        if isinstance(left, str | list | Promise) or isinstance(right, str | list | Promise):
            return self.text(left) + self.text(right)
        return whole(number(left) + number(right))

    def unary(self, sign: str, value: Any) -> Any:
        match sign:
            case "!":
                return not self.truth(value)
            case "-":
                return whole(-number(value))
            case "+":
                return number(value)
            case "~":
                return ~bits(number(value))
            case "typeof":
                return kind_of(value)
            case "whole":
                found = number(value)
                return found if not math.isfinite(found) else math.floor(found)
            case _:
                raise TooHard

    def text(self, value: Any) -> str:
        match value:
            case str():
                return value
            case None:
                return "null"
            case bool():
                return "true" if value else "false"
            case int():
                return str(value)
            case float():
                return plain(value)
            case list():
                return ",".join("" if one is None or one is UNDEFINED else self.text(one) for one in value)
            case Promise():
                return "[object Promise]"
            case _ if value is UNDEFINED:
                return "undefined"
            case dict():
                return "[object Object]"
            case _:
                raise TooHard

    def member(self, trace: Walk, node: Node, of: Any, name: str) -> Any:
        match of:
            case dict():
                if name not in of and trace.notes.absent is None:
                    trace.notes.absent = node, of
                return of.get(name, UNDEFINED)
            case str() | list() if name == "length":
                return len(of)
            case Keyed() if name == "size":
                return len(of.entries)
            case str() | list() if name in TEXTS or name in LISTS:
                return Closure(node, trace.top)  # a method that is not called
            case str() | list() | int() | float():
                if trace.notes.absent is None:
                    trace.notes.absent = node, of
                return UNDEFINED
            case Global(name=what) if f"{what}.{name}" in CONSTANTS:
                return CONSTANTS[f"{what}.{name}"]
            case _ if of is UNDEFINED or of is None:
                raise Thrown("TypeError", f"Cannot read properties of {self.text(of)} (reading '{name}')")
            case _:
                raise TooHard

    def item(self, of: Any, at: Any) -> Any:
        match of:
            case list() | str():
                if isinstance(at, str) and at.isdigit():
                    at = int(at)
                if isinstance(at, float) or (isinstance(at, int) and not 0 <= at < len(of)) or at is UNDEFINED:
                    return UNDEFINED
                if not isinstance(at, int):
                    raise TooHard
                return of[at]
            case dict():
                return of.get(self.text(at), UNDEFINED)
            case _ if of is UNDEFINED or of is None:
                raise Thrown("TypeError", "Cannot read properties of undefined")
            case _:
                raise TooHard

    def put(self, of: Any, at: Any, value: Any) -> None:
        match of:
            case list() if isinstance(at, int) and 0 <= at <= len(of):
                of[at : at + 1] = [value]
            case list() if at == "length" and isinstance(value, int) and value <= len(of):
                del of[value:]
            case dict():
                of[self.text(at)] = value
            case _:
                raise TooHard

    def listed(self, value: Any) -> list[Any]:
        if isinstance(value, Keyed):
            return value.listed()
        if not isinstance(value, list | str):
            raise TooHard
        return list(value)

    def walked(self, node: Node, over: Any) -> list[tuple[Any, ...]]:
        if node.sign == "in":
            if isinstance(over, list | str):
                return [(str(place),) for place in range(len(over))]
            if isinstance(over, dict):
                return [(key,) for key in over]
            raise TooHard
        if isinstance(over, str | Keyed):
            return [(one,) for one in self.listed(over)]
        if over is None or over is UNDEFINED or isinstance(over, int | dict):
            raise Thrown("TypeError", "is not iterable")
        raise TooHard
