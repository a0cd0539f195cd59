"""What JavaScript and TypeScript make of values and calls."""

from __future__ import annotations

import re
from typing import Any

from functions.feedback.diagnosis.literals import UNDEFINED
from functions.feedback.diagnosis.trees.scripts.keyed import METHODS, Keyed, made
from functions.feedback.diagnosis.trees.scripts.methods import CHANGING, CONVERTING, LISTS, MATH, TEXTS, Steps
from functions.feedback.diagnosis.trees.scripts.operators import (
    NAN,
    Global,
    number,
    whole,
)
from functions.feedback.diagnosis.trees.scripts.values import ERRORS, Values
from functions.feedback.diagnosis.trees.tree import Node
from functions.feedback.diagnosis.trees.walking.notes import SIZE, Closure, Scope, Thrown, TooHard, Walk


class Scripts(Values):
    """The language: what `walking` asks of it."""

    def call(self, trace: Walk, node: Node, scope: Scope) -> Any:
        what = node.roles["what"]
        if what.kind == "member":
            of = trace.value(what.roles["of"], scope)
            if "optional" in what.flags and (of is None or of is UNDEFINED):
                return UNDEFINED
            given = trace.spread(node.parts, scope)
            if isinstance(of, Global):
                return self._of_global(trace, of.name, what.sign, given)
            if isinstance(of, dict):
                held = of.get(what.sign, UNDEFINED)
                if isinstance(held, Closure) and held.node.kind == "function":
                    return trace.invoke(held, given)
                raise TooHard
            return self._method(trace, node, of, what.sign, given)
        called = trace.value(what, scope)
        given = trace.spread(node.parts, scope)
        if isinstance(called, Closure) and called.node.kind == "function":
            return trace.invoke(called, given)
        if isinstance(called, Global):
            return self._plain(called.name, given)
        raise TooHard

    def do_new(self, trace: Walk, node: Node, scope: Scope) -> Any:
        what = node.roles["what"]
        given = trace.spread(node.parts, scope)
        if what.sign in ERRORS:
            return {"name": what.sign, "message": self.text(given[0]) if given else ""}
        if what.sign in {"Map", "Set"}:
            return made(what.sign == "Set", given)
        if what.sign == "Array" and len(given) == 1 and isinstance(given[0], int):
            return [UNDEFINED] * min(given[0], 5_000)
        raise TooHard

    def do_sequence(self, trace: Walk, node: Node, scope: Scope) -> Any:
        found: Any = UNDEFINED
        for part in node.parts:
            found = trace.value(part, scope)
        return found

    def _plain(self, name: str, given: list[Any]) -> Any:
        one = given[0] if given else UNDEFINED
        if name in CONVERTING:
            return CONVERTING[name](self, one) if given else {"Number": 0, "String": "", "Boolean": False}[name]
        match name:
            case "parseInt":
                found = re.match(r"\s*[+-]?\d+", self.text(one))
                return int(found[0]) if found and given[1:] in ([], [10]) else NAN
            case "parseFloat":
                found = re.match(r"\s*[+-]?\d+(\.\d+)?", self.text(one))
                return whole(float(found[0])) if found else NAN
            case _ if name in ERRORS:
                return {"name": name, "message": self.text(one)}
            case _:
                raise TooHard

    def _of_global(self, trace: Walk, what: str, name: str, given: list[Any]) -> Any:
        one = given[0] if given else UNDEFINED
        match what, name:
            case "console", "log":
                trace.printed.append(" ".join(x if isinstance(x, str) else self._logged(x) for x in given) + "\n")
                return UNDEFINED
            case "Math", _:
                return self._of_math(name, [number(x) for x in given])
            case "Object", ("keys" | "values" | "entries") if isinstance(one, dict):
                return {"keys": list(one), "values": [*one.values()], "entries": [[*pair] for pair in one.items()]}[
                    name
                ]
            case "Array", "isArray":
                return isinstance(one, list)
            case "Array", "from":
                return self._from(trace, one, given[1:])
            case "Number", "isInteger":
                return isinstance(one, int) and not isinstance(one, bool)
            case "Number", "isNaN":
                return isinstance(one, float) and one != one
            case "Number", ("parseInt" | "parseFloat"):
                return self._plain(name, given)
            case _:
                raise TooHard

    def _of_math(self, name: str, numbers: list[Any]) -> Any:
        if any(x != x for x in numbers):
            return NAN
        if name not in MATH:
            raise TooHard
        try:
            return whole(MATH[name](*numbers))
        except (ValueError, OverflowError, TypeError) as error:
            raise TooHard from error

    def _from(self, trace: Walk, of: Any, by: list[Any]) -> list[Any]:
        if isinstance(of, dict) and isinstance(of.get("length"), int) and by:
            return [trace.invoke(by[0], [UNDEFINED, at]) for at in range(min(of["length"], SIZE + 1))]
        parts = self.listed(of)
        return [trace.invoke(by[0], [one, at]) for at, one in enumerate(parts)] if by else parts

    def _logged(self, value: Any) -> str:
        if isinstance(value, list | dict | Keyed | Closure):
            raise TooHard
        return self.text(value)

    def _method(self, trace: Walk, node: Node, of: Any, name: str, given: list[Any]) -> Any:
        if of is UNDEFINED or of is None:
            raise Thrown("TypeError", f"Cannot read properties of {self.text(of)} (reading '{name}')")
        try:
            if isinstance(of, str) and name in TEXTS:
                return TEXTS[name](of, *given)
            if isinstance(of, Keyed):
                return self._keyed(trace, of, name, given)
            if isinstance(of, list) and name in LISTS:
                before = list(of)
                found = LISTS[name](Steps(trace, self), of, *given)
                if name in CHANGING:
                    trace.change(node, of)
                    if name == "sort" or name == "reverse":
                        trace.notes.values.setdefault(node, before)
                return found
        except (TypeError, ValueError, AttributeError, IndexError, OverflowError) as error:
            raise TooHard from error
        if isinstance(of, int | float) and not isinstance(of, bool):
            match name, given:
                case "toString", []:
                    return self.text(of)
                case "toFixed", [int() as places] if 0 <= places <= 20:
                    return f"{of:.{places}f}"
                case _:
                    raise TooHard
        raise TooHard

    def _keyed(self, trace: Walk, of: Keyed, name: str, given: list[Any]) -> Any:
        if name == "forEach":
            for key, value in list(of.entries.values()):
                trace.invoke(given[0], [value, key][: max(1, len(given[0].node.parts))])
            return UNDEFINED
        if name not in METHODS:
            raise TooHard
        return METHODS[name](of, *given)
