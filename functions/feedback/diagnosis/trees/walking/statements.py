"""Goes through statements."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from functions.feedback.diagnosis.trees.tree import Node, targets
from functions.feedback.diagnosis.trees.walking.binding import Binding
from functions.feedback.diagnosis.trees.walking.notes import (
    NOT_YET,
    Closure,
    Language,
    Scope,
    Thrown,
    TooHard,
)

Signal = tuple[str, Any] | None

BREAK: Final[Signal] = ("break", None)

CONTINUE: Final[Signal] = ("continue", None)

FALL: Final[Signal] = ("fallthrough", None)


class Statements(Binding):
    def _hoist(self, block: Sequence[Node], scope: Scope) -> None:
        for one in block:
            statement = self.edits.get(one, one)
            if statement.kind == "function" and statement.sign:
                scope.names[statement.sign] = Closure(statement, scope)
            elif statement.kind == "declare" and statement.sign in {"let", "const"}:
                scope.names |= dict.fromkeys(targets(statement), NOT_YET)

    def _block(self, block: Node, scope: Scope) -> Signal:
        self._hoist(block.parts, scope)
        return self._several(block.parts, scope)

    def _several(self, parts: Sequence[Node], scope: Scope) -> Signal:
        for statement in parts:
            signal = self.execute(statement, scope)
            if signal is not None:
                return signal
        return None

    def execute(self, node: Node, scope: Scope) -> Signal:
        """Gives what leads out of the block, if anything does."""
        if self.edits:
            node = self.edits.get(node, node)
        self._step()
        act = STATEMENTS.get(node.kind)
        if act is None:
            raise TooHard
        found: Signal = act(self, node, scope)
        return found

    def _only(self, node: Node, scope: Scope) -> None:
        self.value(node.roles["value"], scope)

    def _set(self, node: Node, scope: Scope) -> None:
        self.assign(node, scope)

    def _return(self, node: Node, scope: Scope) -> Signal:
        given = node.get("value")
        self.open[-1].at = node
        return "return", (self.value(given, scope) if given is not None else self.language.zero(""))

    def _throw(self, node: Node, scope: Scope) -> Signal:
        raise self._thrown(self.value(node.roles["value"], scope))

    def _each_of(self, node: Node, scope: Scope) -> None:
        for one in node.parts:
            self.execute(one, scope)

    def _thrown(self, value: Any) -> Thrown:
        if isinstance(value, dict) and "name" in value and "message" in value:
            return Thrown(str(value["name"]), str(value["message"]), value)
        raise TooHard

    def _if(self, node: Node, scope: Scope) -> Signal:
        inner = scope
        start = node.get("start")
        if start is not None:
            inner = Scope(scope)
            self.execute(start, inner)
        held = self.test(node.roles["test"], inner)
        branch = node.get("then" if held else "else")
        self.notes.values.setdefault(node, held)
        if branch is None:
            return None
        return self.execute(branch, inner)

    def _loop(self, node: Node, scope: Scope) -> Signal:
        self.walking.append(node)
        signal = self._looped(node, scope)
        self.walking.pop()
        return signal

    def _looped(self, node: Node, scope: Scope) -> Signal:
        inner = Scope(scope)
        start, test, then, body = node.get("start"), node.get("test"), node.get("next"), node.roles["body"]
        if start is not None:
            start = self.edits.get(start, start)
            self.execute(start, inner)
        own = set(inner.names) if start is not None and start.sign != "var" else set()
        first = node.kind == "do"
        passes = 0
        while first or test is None or self.test(test, inner):
            first = False
            passes += 1
            signal = self.execute(body, inner)
            if signal is not None and signal[0] not in {"continue", "break"}:
                self._passed(node, passes, 1)
                return signal
            if signal == BREAK:
                break
            if own:  # each pass has its own
                fresh = Scope(scope)
                fresh.names, fresh.fixed = dict(inner.names), inner.fixed
                inner = fresh
            if then is not None:
                self._statement_or_value(then, inner)
        self._passed(node, passes, 0)
        return None

    def _statement_or_value(self, node: Node, scope: Scope) -> None:
        if node.kind in {"assign", "declare", "expression"}:
            self.execute(node, scope)
        else:
            self.value(node, scope)

    def _each(self, node: Node, scope: Scope) -> Signal:
        over = self.value(node.roles["over"], scope)
        target = node.get("target")
        one_name = "var" in node.flags or not node.flags
        passes, outer = 0, Scope(scope)
        for values in Passes(self.language, node, over):
            passes += 1
            self._step()
            inner = outer if one_name and node.sign != "range" else Scope(scope)
            if target is not None:
                parts = target.parts if target.kind == "several" else [target]
                for part, value in zip(parts, values, strict=False):
                    if node.flags:
                        where = scope.of_function() if "var" in node.flags else inner
                        self.bind(part, value, where, "const" if "const" in node.flags else "let", inner)
                    else:
                        self._store(part, value, scope, node)
            signal = self.execute(node.roles["body"], inner)
            if signal is not None and signal[0] not in {"continue", "break"}:
                left = len(over) - passes if isinstance(over, list | str | dict) else 0
                self._passed(node, passes, left)
                return signal
            if signal == BREAK:
                break
        self._passed(node, passes, 0)
        return None

    def _passed(self, node: Node, passes: int, left: int) -> None:
        self.notes.passes.setdefault(node, []).append((passes, left))

    def _switch(self, node: Node, scope: Scope) -> Signal:
        over = node.get("over")
        inner = Scope(scope)
        if (start := node.get("start")) is not None:
            self.execute(start, inner)
        value = self.value(over, inner) if over is not None else True
        chosen = next((at for at, case in enumerate(node.parts) if self._meets(case, value, inner)), None)
        if chosen is None:
            chosen = next((at for at, case in enumerate(node.parts) if case.get("values") is None), None)
        falls = self.tree.language != "go"
        while chosen is not None and chosen < len(node.parts):
            case = node.parts[chosen]
            signal = self._several(case.parts, inner)
            if signal == FALL:
                chosen += 1
                continue
            if signal is not None:
                return None if signal == BREAK else signal
            if not falls or case in self.edits:
                return None
            if case.parts and chosen + 1 < len(node.parts):
                self.notes.fell.append(case)
            chosen += 1
        return None

    def _meets(self, case: Node, value: Any, scope: Scope) -> bool:
        values = case.get("values")
        if values is None:
            return False
        return any(
            self.language.truth(self.operate(values, "===", value, self.value(one, scope))) for one in values.parts
        )


class Passes:
    """What a loop walks over, looked at anew on each pass: a list may change meanwhile."""

    def __init__(self, language: Language, node: Node, over: Any) -> None:
        self.language, self.node, self.over, self.at = language, node, over, 0
        self.fixed = None if isinstance(over, list) and node.sign == "of" else language.walked(node, over)

    def __iter__(self) -> Passes:
        return self

    def __next__(self) -> tuple[Any, ...]:
        self.at += 1
        if self.fixed is not None:
            if self.at > len(self.fixed):
                raise StopIteration
            return self.fixed[self.at - 1]
        if self.at > len(self.over):
            raise StopIteration
        return (self.over[self.at - 1],)


STATEMENTS: Mapping[str, Callable[[Any, Node, Scope], Signal]] = {
    "expression": Statements._only,
    "declare": Statements._declare,
    "declares": Statements._each_of,
    "assign": Statements._set,
    "if": Statements._if,
    "return": Statements._return,
    "block": lambda self, node, scope: self._block(node, Scope(scope)),
    "for": Statements._loop,
    "while": Statements._loop,
    "do": Statements._loop,
    "each": Statements._each,
    "switch": Statements._switch,
    "break": lambda _, node, _scope: _plain(node, BREAK),
    "continue": lambda _, node, _scope: _plain(node, CONTINUE),
    "fallthrough": lambda *_: FALL,
    "throw": Statements._throw,
    "function": lambda *_: None,
    "empty": lambda *_: None,
    "name": lambda *_: None,
}
"""`name`: what `export default f` leaves of itself."""


def _plain(node: Node, signal: Signal) -> Signal:
    if node.text.strip(" ;") not in {"break", "continue"}:  # to a label
        raise TooHard
    return signal
