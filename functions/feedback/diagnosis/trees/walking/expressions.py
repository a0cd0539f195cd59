"""Works out expressions."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from functions.feedback.diagnosis.literals import UNDEFINED
from functions.feedback.diagnosis.trees.tree import Node, Tree
from functions.feedback.diagnosis.trees.walking.notes import (
    KEPT,
    NOT_YET,
    SIZE,
    STEPS,
    Call,
    Closure,
    Language,
    Notes,
    Promise,
    Scope,
    Thrown,
    TooHard,
)

CONSTANTS: Mapping[str, Any] = {
    "high": float("inf"),
    "low": float("-inf"),
    "0": 0,
    "1": 1,
    "true": True,
    "false": False,
    "text": "",
    "list": [],
}


LITERALS = frozenset({"number", "text", "raw", "rune", "bool", "nothing", "piece"})


class Expressions:
    """`edits`: what stands in the place of a node: the same call with something else there."""

    def __init__(self, tree: Tree, language: Language, edits: Mapping[Node, Node] | None = None) -> None:
        self.tree, self.language, self.edits = tree, language, edits or {}
        self.notes = Notes()
        self.steps = self.depth = 0
        self.printed: list[str] = []
        self.walking: list[Node] = []
        self.answers: Sequence[tuple[str, tuple[Any, ...], Any]] = ()
        self.closing: tuple[str, Any] | None = None
        self.top = Scope(None, function=True)
        self.open: list[Call] = []

    def value(self, node: Node, scope: Scope) -> Any:
        if self.edits:
            node = self.edits.get(node, node)
        self._step()
        if node.kind in LITERALS:
            return self.language.literal(node)
        act = VALUES.get(node.kind)
        return self._of_language(node, scope) if act is None else act(self, node, scope)

    def invoke(self, made: Closure, given: list[Any]) -> Any:
        """Calls one of the program's functions."""
        raise NotImplementedError

    def assign(self, node: Node, scope: Scope) -> Any:
        """Gives something a value, and gives it back."""
        raise NotImplementedError

    def _index(self, node: Node, scope: Scope) -> Any:
        of = self.value(node.roles["of"], scope)
        return self.language.item(of, self.value(node.roles["at"], scope))

    def _choice(self, node: Node, scope: Scope) -> Any:
        held = self.test(node.roles["test"], scope)
        return self.value(node.roles["then" if held else "else"], scope)

    def _template(self, node: Node, scope: Scope) -> Any:
        return self._weighed("".join(self.language.text(self.value(part, scope)) for part in node.parts))

    def _awaited(self, node: Node, scope: Scope) -> Any:
        found = self.value(node.roles["value"], scope)
        return found.value if isinstance(found, Promise) else found

    def _further(self, node: Node, scope: Scope) -> Any:
        """The answer with one call more, which gives the constant."""
        self.closing = node.sign, CONSTANTS[node.roles["by"].sign]
        try:
            return self.value(node.roles["value"], scope)
        finally:
            self.closing = None

    def _of_language(self, node: Node, scope: Scope) -> Any:
        made: Callable[[Expressions, Node, Scope], Any] | None = getattr(self.language, f"do_{node.kind}", None)
        if made is None:
            raise TooHard
        return self._weighed(made(self, node, scope))

    def _named(self, node: Node, scope: Scope) -> Any:
        holder = scope.holder(node.sign)
        if holder is not None:
            found = holder.names[node.sign]
            if found is NOT_YET:
                raise Thrown("ReferenceError", f"Cannot access '{node.sign}' before initialization")
            return found
        return self.language.literal(node)

    def _member(self, node: Node, scope: Scope) -> Any:
        of = self.value(node.roles["of"], scope)
        if "optional" in node.flags and (of is None or of is UNDEFINED):
            return UNDEFINED
        return self.language.member(self, node, of, node.sign)

    def _binary(self, node: Node, scope: Scope) -> Any:
        sign = node.sign
        left = self.value(node.roles["left"], scope)
        if sign == "&&":
            return self.value(node.roles["right"], scope) if self.language.truth(left) else left
        if sign == "||":
            return left if self.language.truth(left) else self.value(node.roles["right"], scope)
        if sign == "??":
            return self.value(node.roles["right"], scope) if left is None or left is UNDEFINED else left
        return self.operate(node, sign, left, self.value(node.roles["right"], scope))

    def operate(self, node: Node, sign: str, left: Any, right: Any) -> Any:
        pairs = self.notes.pairs.setdefault(node, [])
        if len(pairs) < KEPT:
            pairs.append((kept(left), kept(right)))
        found = self.language.binary(sign, left, right)
        if isinstance(found, float) and found != found and self.notes.lost is None and left == left and right == right:
            self.notes.lost = node
        return self._weighed(found)

    def _unary(self, node: Node, scope: Scope) -> Any:
        if (
            node.sign == "typeof"
            and node.roles["value"].kind == "name"
            and scope.holder(node.roles["value"].sign) is None
        ):
            raise TooHard
        return self.language.unary(node.sign, self.value(node.roles["value"], scope))

    def spread(self, parts: Sequence[Node], scope: Scope) -> list[Any]:
        """The values of the parts; what is spread is laid out."""
        found: list[Any] = []
        for part in parts:
            if part.kind == "spread":
                found += self.language.listed(self.value(part.roles["value"], scope))
            else:
                found.append(self.value(part, scope))
        return found

    def _record(self, node: Node, scope: Scope) -> dict[str, Any]:
        made: dict[str, Any] = {}
        for part in node.parts:
            match part:
                case Node(kind="pair", roles={"key": key, "value": given}):
                    if key.kind == "name":
                        made[key.sign] = self.value(given, scope)
                    elif key.kind in {"text", "number"}:
                        made[self.language.text(self.language.literal(key))] = self.value(given, scope)
                    elif key.kind == "other" and key.parts:
                        made[self.language.text(self.value(key.parts[0], scope))] = self.value(given, scope)
                    else:
                        raise TooHard
                case Node(kind="name", sign=name):
                    made[name] = self._named(part, scope)
                case Node(kind="spread", roles={"value": inner}):
                    found = self.value(inner, scope)
                    if not isinstance(found, dict):
                        raise TooHard
                    made |= found
                case _:
                    raise TooHard
        return made

    def test(self, node: Node, scope: Scope) -> bool:
        return self.language.truth(self.value(node, scope))

    def change(self, node: Node, of: Any) -> None:
        if node not in self.notes.changed:
            self.notes.changed[node] = of

    def _step(self) -> None:
        self.steps += 1
        if self.steps > STEPS:
            self.notes.stuck = self.walking[-1] if self.walking else None
            raise TooHard

    def _weighed(self, value: Any) -> Any:
        if isinstance(value, str | list | dict) and len(value) > SIZE:
            raise TooHard
        if isinstance(value, int) and not isinstance(value, bool) and abs(value) > 1 << 53:
            raise TooHard
        return value


def copied(value: Any) -> Any:
    return list(value) if isinstance(value, list) else dict(value) if isinstance(value, dict) else value


VALUES: Mapping[str, Callable[[Any, Node, Scope], Any]] = {
    "name": Expressions._named,
    "binary": Expressions._binary,
    "call": lambda self, node, scope: self._weighed(self.language.call(self, node, scope)),
    "member": Expressions._member,
    "index": Expressions._index,
    "unary": Expressions._unary,
    "assign": lambda self, node, scope: self.assign(node, scope),
    "choice": Expressions._choice,
    "list": lambda self, node, scope: self._weighed(self.spread(node.parts, scope)),
    "record": Expressions._record,
    "template": Expressions._template,
    "function": lambda _, node, scope: Closure(node, scope),
    "several": lambda self, node, scope: tuple(self.value(part, scope) for part in node.parts),
    "await": Expressions._awaited,
    "constant": lambda _, node, _scope: copied(CONSTANTS[node.sign]),
    "copy": lambda self, node, scope: copied(self.value(node.roles["value"], scope)),
    "whole": lambda self, node, scope: self.language.unary("whole", self.value(node.roles["value"], scope)),
    "further": Expressions._further,
}
"""What each kind of expression comes to. The last four stand in no program: a trial puts them there."""


def kept(value: Any) -> Any:
    return (
        value
        if isinstance(value, str | int | float | bool | list | dict) or value is None or value is UNDEFINED
        else type(value)
    )
