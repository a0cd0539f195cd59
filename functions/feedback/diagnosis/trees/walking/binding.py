"""Gives names, elements and properties their values."""

from __future__ import annotations

from typing import Any

from functions.feedback.diagnosis.literals import UNDEFINED
from functions.feedback.diagnosis.trees.tree import Node
from functions.feedback.diagnosis.trees.walking.expressions import Expressions
from functions.feedback.diagnosis.trees.walking.notes import (
    Scope,
    Thrown,
    TooHard,
)


class Binding(Expressions):
    def _declare(self, node: Node, scope: Scope) -> None:
        given = node.get("value")
        kind = node.get("type")
        if given is not None:
            value = self.value(given, scope)
            if kind is not None and self.tree.language == "go":
                value = self.language.taken(value, kind)
        else:
            value = self.language.zero(kind.text) if kind is not None and self.tree.language == "go" else UNDEFINED
        of_function = node.sign == "var" and self.tree.language != "go"
        where = scope.of_function() if of_function else scope
        if of_function and given is None and node.roles["target"].sign in where.names:
            return
        self.bind(node.roles["target"], value, where, node.sign, scope)

    def bind(self, target: Node, value: Any, where: Scope, word: str, scope: Scope) -> None:
        """Gives names their values: one, or the parts of a pattern."""
        match target.kind:
            case "name":
                if target.sign != "_" or self.tree.language != "go":
                    where.names[target.sign] = value
                    if word == "const":
                        where.fixed.add(target.sign)
            case "several" | "pattern-list":
                self._bind_each(target, value, where, word, scope)
            case "pattern-record":
                for part in target.parts:
                    self._of_record(part, value, where, word, scope)
            case "default":
                given = self.value(target.roles["value"], scope) if value is UNDEFINED else value
                self.bind(target.roles["target"], given, where, word, scope)
            case _:
                raise TooHard

    def _bind_each(self, target: Node, value: Any, where: Scope, word: str, scope: Scope) -> None:
        if target.kind == "several":
            parts = list(value) if isinstance(value, tuple) else [value]
            if len(parts) != len(target.parts):
                raise TooHard
            for part, one in zip(target.parts, parts, strict=True):
                self.bind(part, one, where, word, scope)
            return
        if not isinstance(value, list | str):
            raise TooHard
        for place, part in enumerate(target.parts):
            if part.kind == "rest":
                self.bind(part.roles["value"], list(value[place:]), where, word, scope)
            else:
                self.bind(part, value[place] if place < len(value) else UNDEFINED, where, word, scope)

    def _of_record(self, part: Node, value: Any, where: Scope, word: str, scope: Scope) -> None:
        if isinstance(value, str):  # one character or more: it has no such parts
            value = {}
        if not isinstance(value, dict):
            raise TooHard
        match part:
            case Node(kind="name", sign=name):
                where.names[name] = value.get(name, UNDEFINED)
            case Node(kind="pair", roles={"key": Node(kind="name", sign=name), "value": inner}):
                self.bind(inner, value.get(name, UNDEFINED), where, word, scope)
            case Node(kind="default", roles={"target": Node(kind="name", sign=name)}):
                self.bind(part, value.get(name, UNDEFINED), where, word, scope)
            case _:
                raise TooHard

    def assign(self, node: Node, scope: Scope) -> Any:
        target, given = node.roles["target"], node.get("value")
        if node.sign == "=":
            value = self.value(given, scope) if given is not None else UNDEFINED
            self._store(target, value, scope, node)
            return value
        before = self.value(target, scope)
        if node.sign in {"++", "--"}:
            after = self.operate(node, node.sign[0], before, 1)
            self._store(target, after, scope, node)
            return after if "prefix" in node.flags else before
        if given is None:
            raise TooHard
        sign = node.sign[:-1]
        if sign in {"&&", "||", "??"}:
            keep = {
                "&&": not self.language.truth(before),
                "||": self.language.truth(before),
                "??": before is not None and before is not UNDEFINED,
            }[sign]
            if keep:
                return before
            after = self.value(given, scope)
        else:
            after = self.operate(node, sign, before, self.value(given, scope))
        self._store(target, after, scope, node)
        return after

    def _store(self, target: Node, value: Any, scope: Scope, by: Node) -> None:
        match target.kind:
            case "name":
                if target.sign == "_" and self.tree.language == "go":
                    return
                holder = scope.holder(target.sign)
                if holder is None:
                    if self.tree.language == "go":
                        raise TooHard
                    holder = self.top
                if target.sign in holder.fixed:
                    raise Thrown("TypeError", "Assignment to constant variable.")
                before = holder.names.get(target.sign)
                if (
                    self.tree.language == "go"
                    and isinstance(before, float)
                    and isinstance(value, int)
                    and not isinstance(value, bool)
                ):
                    value = float(value)
                holder.names[target.sign] = value
            case "index":
                of = self.value(target.roles["of"], scope)
                self.language.put(of, self.value(target.roles["at"], scope), value)
                self.change(by, of)
            case "member":
                of = self.value(target.roles["of"], scope)
                self.language.put(of, target.sign, value)
                self.change(by, of)
            case "several" | "pattern-list":
                parts = list(value) if isinstance(value, tuple | list) else []
                if len(parts) != len(target.parts):
                    raise TooHard
                for part, one in zip(target.parts, parts, strict=True):
                    self._store(part, one, scope, by)
            case _:
                raise TooHard
