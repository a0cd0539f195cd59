"""Goes through a failing call as one would on paper: over the tree, never as a program, and notes what it meets."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from functions.feedback.diagnosis.literals import UNDEFINED
from functions.feedback.diagnosis.trees.tree import Node
from functions.feedback.diagnosis.trees.walking.expressions import copied
from functions.feedback.diagnosis.trees.walking.notes import (
    DEPTH,
    Call,
    Closure,
    Promise,
    Scope,
    Thrown,
    TooHard,
)
from functions.feedback.diagnosis.trees.walking.statements import Statements


class Trace(Statements):
    def run(self, arguments: Sequence[Any]) -> Any:
        """What comes back. Raises TooHard, Thrown. The arguments may be changed."""
        self._hoist(self.tree.root.parts, self.top)
        try:
            for statement in self.tree.root.parts:
                if statement.kind != "function":
                    self.execute(statement, self.top)
            holder = self.top.names.get(self.tree.entry)
            if not isinstance(holder, Closure):
                raise TooHard
            found = self.invoke(holder, list(arguments))
            return self._answer(found)
        except RecursionError as error:
            raise TooHard from error

    def _answer(self, found: Any) -> Any:
        """What the case sees: what was promised; an error of Go's as one that was raised."""
        if (
            self.tree.language == "go"
            and isinstance(found, tuple)
            and isinstance(found[-1], dict)
            and "message" in found[-1]
        ):
            raise Thrown("error", found[-1]["message"])
        return found.value if isinstance(found, Promise) else found

    def invoke(self, made: Closure, given: list[Any]) -> Any:
        node = made.node
        self.depth += 1
        if self.depth > DEPTH:
            raise Thrown("StackOverflow")
        if "generator" in node.flags or len(given) > 20:
            raise TooHard
        call = Call(node.sign, tuple(copied(one) for one in given), outer=self.open[-1] if self.open else None)
        for name, asked, answer in self.answers:
            if name == node.sign and list(asked) == given:
                self.depth -= 1
                return copied(answer)
        if self.closing is not None and self.closing[0] == node.sign:
            self.depth -= 1
            return copied(self.closing[1])
        for other in self.open:
            other.inner = other.inner or other.function == call.function
        self.open.append(call)
        if len(self.notes.calls) < 400:
            self.notes.calls.append(call)
        scope = Scope(made.scope, function=True)
        try:
            self._bind(node, scope, given)
            body = node.get("body")
            if body is None:
                raise TooHard
            if body.kind != "block":
                call.at = body
                call.value = self.value(body, scope)
            else:
                signal = self._block(body, scope)
                call.value = signal[1] if signal is not None and signal[0] == "return" else self.language.zero("")
            if self.tree.language == "go":
                call.value = self.language.taken(call.value, node.get("type"))
        finally:
            self.depth -= 1
            self.open.pop()
        if not self.open:
            self.notes.answered = call.at
        return Promise(call.value, node.sign) if "async" in node.flags else call.value

    def _bind(self, node: Node, scope: Scope, given: list[Any]) -> None:
        for place, parameter in enumerate(node.parts):
            if "rest" in parameter.flags:
                value: Any = list(given[place:])
            else:
                value = given[place] if place < len(given) else UNDEFINED
            default = parameter.get("value")
            if value is UNDEFINED and default is not None:
                value = self.value(default, scope)
            target = parameter.get("target")
            if self.tree.language == "go":
                value = self.language.taken(value, parameter.get("type"))
            if target is None:
                scope.names[parameter.sign] = value
            else:
                self.bind(target, value, scope, "let", scope)
