"""What Go makes of values: literals, operators, elements."""

from __future__ import annotations

import math
from typing import Any

from functions.feedback.diagnosis.trees.compiled.packages import OWN
from functions.feedback.diagnosis.trees.compiled.values import (
    FLOATS,
    INTEGERS,
    Failed,
    Own,
    Table,
    arithmetic,
    in_bytes,
    number_of,
    taken_as,
    unquoted,
    zero,
)
from functions.feedback.diagnosis.trees.tree import Node
from functions.feedback.diagnosis.trees.walking.notes import Thrown, TooHard, Walk
from functions.feedback.failure import is_number

PACKAGES = frozenset({"strings", "sort", "slices", "fmt", "strconv", "math", "errors", "unicode"})


class Operations:
    def literal(self, node: Node) -> Any:
        match node.kind:
            case "number":
                return number_of(node.text)
            case "text" | "raw":
                return unquoted(node.text)
            case "rune":
                return ord(unquoted(f'"{node.text[1:-1]}"'))
            case "bool":
                return node.text == "true"
            case "nothing":
                return None
            case "name" if (
                node.sign in OWN
                or node.sign in INTEGERS
                or node.sign in FLOATS
                or node.sign in PACKAGES
                or node.sign in {"string", "bool"}
            ):
                return Own(node.sign)
            case _:
                raise TooHard

    def truth(self, value: Any) -> bool:
        if not isinstance(value, bool):
            raise TooHard
        return value

    def zero(self, kind: str) -> Any:
        return zero(kind)

    def taken(self, value: Any, kind: Node | None) -> Any:
        """As a value of this type: a float that is whole stays one."""
        text = "" if kind is None else kind.text
        if isinstance(value, tuple) and text.startswith("("):
            kinds = [one.split()[-1] for one in text.strip("()").split(",") if one.split()]
            if kinds and kinds[-1] == "error" and len(kinds) == len(value):
                if isinstance(value[-1], Failed):
                    return value
                if len(value) == 2:
                    return value[0]
            return value
        return taken_as(value, text)

    def binary(self, sign: str, left: Any, right: Any) -> Any:
        match sign:
            case "===" | "==" | "!=":
                if isinstance(left, list) and isinstance(right, list):
                    raise TooHard
                return (left == right) == (sign != "!=")
            case "<" | "<=" | ">" | ">=":
                return bool({"<": left < right, "<=": left <= right, ">": left > right, ">=": left >= right}[sign])
            case "+" if isinstance(left, str) and isinstance(right, str):
                return left + right
        if not (is_number(left) and is_number(right)):
            raise TooHard
        return arithmetic(sign, left, right)

    def unary(self, sign: str, value: Any) -> Any:
        match sign:
            case "!" if isinstance(value, bool):
                return not value
            case "-" if is_number(value):
                return -value
            case "+":
                return value
            case "whole":
                return math.floor(value)
            case _:
                raise TooHard

    def text(self, value: Any) -> str:
        match value:
            case str():
                return value
            case bool():
                return "true" if value else "false"
            case int():
                return str(value)
            case float() if value == int(value) and abs(value) < 1e6:
                return str(int(value))
            case float():
                return repr(value)
            case list():
                return f"[{' '.join(map(self.text, value))}]"
            case _:
                raise TooHard

    def member(self, trace: Walk, node: Node, of: Any, name: str) -> Any:
        if isinstance(of, Own):
            constants = {
                "math.MaxInt": (1 << 63) - 1,
                "math.MinInt": -(1 << 63),
                "math.MaxInt64": (1 << 63) - 1,
                "math.MinInt64": -(1 << 63),
                "math.Pi": math.pi,
            }
            full = f"{of.name}.{name}"
            return constants[full] if full in constants else Own(full)
        if isinstance(of, dict) and name in of:
            return of[name]
        raise TooHard

    def item(self, of: Any, at: Any) -> Any:
        match of:
            case list() | str() if isinstance(at, int):
                if not 0 <= at < len(of):
                    raise Thrown("panic", f"index out of range [{at}] with length {len(of)}")
                return of[at] if isinstance(of, list) else in_bytes(of)[at]
            case dict():
                if at in of:
                    return of[at]
                return of.default() if isinstance(of, Table) else None
            case _:  # of a nil map too: of which kind its values would be is not known here
                raise TooHard

    def put(self, of: Any, at: Any, value: Any) -> None:
        match of:
            case list() if isinstance(at, int):
                if not 0 <= at < len(of):
                    raise Thrown("panic", f"index out of range [{at}] with length {len(of)}")
                of[at] = value
            case dict():
                of[at] = value
            case None:
                raise Thrown("panic", "assignment to entry in nil map")
            case _:
                raise TooHard

    def listed(self, value: Any) -> list[Any]:
        if value is not None and not isinstance(value, list):
            raise TooHard
        return list(value or [])

    def walked(self, node: Node, over: Any) -> list[tuple[Any, ...]]:
        match over:
            case None:
                return []
            case bool():
                raise TooHard
            case int():
                return [(n,) for n in range(min(over, 7_000))]
            case list():
                return list(enumerate(over))
            case str():
                places, at = [], 0
                for one in over:
                    places.append((at, ord(one)))
                    at += len(one.encode())
                return places
            case dict() if len(over) < 2:
                return list(over.items())
            case _:  # a map has no order
                raise TooHard
