"""What Go makes of values and calls."""

from __future__ import annotations

import re
from functools import cmp_to_key
from typing import Any

from functions.feedback.diagnosis.trees.compiled.operations import Operations
from functions.feedback.diagnosis.trees.compiled.packages import OWN, SORTING
from functions.feedback.diagnosis.trees.compiled.values import (
    FLOATS,
    INTEGERS,
    Failed,
    Own,
    Table,
    after,
    ascii_only,
    converted,
    in_bytes,
    taken_as,
    zero,
)
from functions.feedback.diagnosis.trees.tree import Node
from functions.feedback.diagnosis.trees.walking.notes import Closure, Scope, Thrown, TooHard, Walk


class Compiled(Operations):
    """The language: what `walking` asks of it."""

    def call(self, trace: Walk, node: Node, scope: Scope) -> Any:
        made = trace.value(node.roles["what"], scope)
        if isinstance(made, Closure):
            return trace.invoke(made, self._given(trace, node.parts, scope))
        if not isinstance(made, Own):
            raise TooHard
        if made.name == "make":
            return self._make(trace, node, scope)
        given = self._given(trace, node.parts, scope)
        if made.name in INTEGERS or made.name in FLOATS or made.name in {"string", "bool"}:
            return converted(made.name, given[0])
        try:
            return self._own(trace, node, made.name, given)
        except (TypeError, ValueError, AttributeError, IndexError, OverflowError) as error:
            raise TooHard from error

    def _own(self, trace: Walk, node: Node, name: str, given: list[Any]) -> Any:
        match name, given:
            case "append", [of, *more]:
                return [*(of or []), *more]
            case "panic", [value]:
                raise Thrown("panic", self.text(value))
            case "copy", [list() as to, list() as of]:
                many = min(len(to), len(of))
                to[:many] = of[:many]
                trace.change(node, to)
                return many
            case "delete", [dict() as of, key]:
                of.pop(key, None)
                trace.change(node, of)
                return None
            case (("fmt.Println" | "fmt.Print" | "fmt.Printf"), _):
                trace.printed.append(self._printed(name, given))
                return None
            case "fmt.Sprintf", _:
                return self._formatted(given)
            case (("errors.New" | "fmt.Errorf"), [message, *_]):
                return Failed(message=str(message))
            case _, [list() as of, *_] if name in SORTING:
                self._sort(trace, name, given)
                trace.change(node, of)
                return None
            case _ if name in OWN:
                return OWN[name](*given)
            case _:
                raise TooHard

    def _given(self, trace: Walk, parts: list[Node], scope: Scope) -> list[Any]:
        given = trace.spread(parts, scope)
        return list(given[0]) if len(given) == 1 and isinstance(given[0], tuple) else given

    def _make(self, trace: Walk, node: Node, scope: Scope) -> Any:
        kind, *sizes = node.parts
        given = [trace.value(size, scope) for size in sizes]
        if kind.sign.startswith("map["):
            return Table(after(kind.sign))
        if kind.sign.startswith("[]") and given and isinstance(given[0], int) and 0 <= given[0] <= 2_000:
            return [zero(kind.sign[2:]) for _ in range(given[0])]
        raise TooHard

    def do_made(self, trace: Walk, node: Node, scope: Scope) -> Any:
        return self._made(trace, node, node.sign, scope)

    def _made(self, trace: Walk, node: Node, kind: str, scope: Scope) -> Any:
        if kind.startswith("[]"):
            return [self._part(trace, part, kind[2:], scope) for part in node.parts]
        if kind.startswith("map["):
            made = Table(after(kind))
            for part in node.parts:
                if part.kind != "pair":
                    raise TooHard
                made[trace.value(part.roles["key"], scope)] = self._part(trace, part.roles["value"], after(kind), scope)
            return made
        raise TooHard

    def _part(self, trace: Walk, node: Node, kind: str, scope: Scope) -> Any:
        if node.kind == "made" and not node.sign:
            return self._made(trace, node, kind, scope)
        if node.kind == "pair":
            raise TooHard
        return taken_as(trace.value(node, scope), kind)

    def do_slice(self, trace: Walk, node: Node, scope: Scope) -> Any:
        of = trace.value(node.roles["of"], scope)
        start = trace.value(node.roles["from"], scope) if "from" in node.roles else 0
        if of is None:
            of = []
        if not isinstance(of, list | str):
            raise TooHard
        text = ascii_only(of) if isinstance(of, str) else of
        end = trace.value(node.roles["to"], scope) if "to" in node.roles else len(text)
        if not 0 <= start <= end <= len(text):
            raise Thrown("panic", "slice bounds out of range")
        return text[start:end]

    def do_convert(self, trace: Walk, node: Node, scope: Scope) -> Any:
        value = trace.value(node.roles["value"], scope)
        if node.text.startswith("[]rune") and isinstance(value, str):
            return [ord(one) for one in value]
        if node.text.startswith("[]byte") and isinstance(value, str):
            return list(in_bytes(value))
        raise TooHard

    def _sort(self, trace: Walk, name: str, given: list[Any]) -> None:
        of = given[0]
        if name in {"sort.Slice", "sort.SliceStable"}:
            before = list(of)
            places: list[Any] = list(of)

            def less(a: Any, b: Any) -> int:
                of[:2] = [a, b]
                found = trace.invoke(given[1], [0, 1])
                of[:2] = [b, a]
                return -1 if found else int(bool(trace.invoke(given[1], [0, 1])))

            if len(of) > 1:
                places = sorted(before, key=cmp_to_key(less))
            of[:] = places
        elif len(given) > 1:
            of[:] = sorted(of, key=cmp_to_key(lambda a, b: int(trace.invoke(given[1], [a, b]))))
        elif name == "slices.Reverse":
            of.reverse()
        else:
            of.sort()

    def _printed(self, name: str, given: list[Any]) -> str:
        if name == "fmt.Printf":
            return self._formatted(given)
        return " ".join(map(self.text, given)) + ("\n" if name == "fmt.Println" else "")

    def _formatted(self, given: list[Any]) -> str:
        left = list(given[1:])

        def one(found: re.Match[str]) -> str:
            if found[0] == "%%":
                return "%"
            value = left.pop(0)
            match found[2]:
                case "d" if isinstance(value, int):
                    return f"%{found[1]}d" % value
                case "s" if isinstance(value, str):
                    return f"%{found[1]}s" % value
                case "v" if not found[1]:
                    return self.text(value)
                case "f" if isinstance(value, float):
                    return f"%{found[1]}f" % value
                case "q" if isinstance(value, str):
                    return f'"{value}"'
                case "t" if isinstance(value, bool):
                    return self.text(value)
                case "c" if isinstance(value, int):
                    return chr(value)
                case _:
                    raise TooHard

        return re.sub(r"%%|%([-0-9.]{0,3})([a-z])", one, given[0])
