"""Follows one call of a learner's program, as one would on paper: over the tree, never as a program.

What is known of Python: functions, plain values, loops, `if`, comprehensions, the methods of texts, lists, dictionaries
and sets, exceptions, printing. What is beyond it, or too much, is `TooHard`. A call may be followed with parts of the
tree in another form (`Swaps`): what if that stood there?
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from functions.feedback.diagnosis.evaluating import STEPS, Names, Reckoner, Swaps, walked
from functions.feedback.diagnosis.known import MODULES
from functions.feedback.diagnosis.reckoning import TooHard, binary, weigh
from functions.feedback.diagnosis.source import own

__all__ = ["STEPS", "Followed", "Follower", "Swaps"]

AGAIN = 3
"""How much longer than the call as it is may one with another form take."""
BREAK: Final = "break"
CONTINUE: Final = "continue"


@dataclass(frozen=True, slots=True)
class Followed:
    """What came of a call: its value, or the name of the exception it `raised`; and what it printed."""

    value: Any = None
    raised: str = ""
    printed: str = ""


@dataclass(slots=True)
class Follower(Reckoner):
    """Follows calls of one program."""

    generators: dict[int, bool] = field(default_factory=dict)

    def call(self, asked: ast.expr, swaps: Swaps | None = None) -> Followed:
        """What comes of the call `asked`, in a program that has just begun. Raises TooHard."""
        self.swaps, self.depth, self.printed, self.begun = swaps or {}, 0, [], self.left
        self.module = Names({}, None)
        try:
            self._block(self.tree.body, self.module)
            found = self._value(asked, self.module)
        except TooHard:
            raise
        except RecursionError as error:
            raise TooHard from error
        except Exception as error:  # noqa: BLE001 - the program's own
            return Followed(raised=type(error).__name__, printed="".join(self.printed))
        finally:
            if self.watching:
                self.once = AGAIN * (self.begun - self.left) + 200
            self.watching = False
        weigh(found)
        return Followed(found, printed="".join(self.printed))

    def _block(self, block: Sequence[ast.stmt], names: Names) -> Any:
        """None where it ran to its end; BREAK, CONTINUE, or a tuple of what it returned."""
        for statement in block:
            other = self.swaps.get(id(statement))
            if isinstance(other, Sequence):
                for one in other:
                    left = self._statement(one, names)
                    if left is not None:
                        return left
                continue
            left = self._statement(other if isinstance(other, ast.stmt) else statement, names)
            if left is not None:
                return left
        return None

    def _statement(self, node: ast.stmt, names: Names) -> Any:
        self._step(node)
        execute = EXECUTE.get(type(node))
        if execute is None:
            raise TooHard
        return execute(self, node, names)

    def _assign(self, node: ast.Assign, names: Names) -> Any:
        found = self._value(node.value, names)
        for target in node.targets:
            self._bind(target, found, names)

    def _annotated(self, node: ast.AnnAssign, names: Names) -> Any:
        if node.value is not None:
            self._bind(node.target, self._value(node.value, names), names)

    def _augmented(self, node: ast.AugAssign, names: Names) -> Any:
        self._grow(node.target, node.op, self._value(node.value, names), names)

    def _if(self, node: ast.If, names: Names) -> Any:
        return self._block(node.body if self._asked(node.test, names) else node.orelse, names)

    def _return(self, node: ast.Return, names: Names) -> Any:
        return (None if node.value is None else self._answered(node.value, names),)

    def _answered(self, answer: ast.expr, names: Names) -> Any:
        return self._value(answer, names)

    def _expression(self, node: ast.Expr, names: Names) -> Any:
        self._value(node.value, names)

    def _for(self, node: ast.For, names: Names) -> Any:
        def bound() -> Iterator[None]:
            for one in walked(self._value(node.iter, names)):
                self._bind(node.target, one, names)
                yield

        return self._looped(bound(), node, names)

    def _while(self, node: ast.While, names: Names) -> Any:
        def held() -> Iterator[None]:
            while self._asked(node.test, names):
                yield

        return self._looped(held(), node, names)

    def _looped(self, passes: Iterator[None], node: ast.For | ast.While, names: Names) -> Any:
        for _ in passes:
            left = self._block(node.body, names)
            if left == BREAK:
                return None
            if isinstance(left, tuple):
                return left
        return self._block(node.orelse, names)

    def _define(self, node: ast.FunctionDef, names: Names) -> Any:
        if node.decorator_list or self._gives_bit_by_bit(node):
            raise TooHard
        self._store(node.name, self._function(node.name, node.args, node.body, names), names)

    def _gives_bit_by_bit(self, node: ast.FunctionDef) -> bool:
        if id(node) not in self.generators:
            self.generators[id(node)] = any(isinstance(n, ast.Yield | ast.YieldFrom) for n in own(node))
        return self.generators[id(node)]

    def _share(self, node: ast.Global, names: Names) -> Any:
        names.shared |= set(node.names)

    def _import(self, node: ast.Import, names: Names) -> Any:
        for one in node.names:
            if one.name not in MODULES:
                raise TooHard
            self._store(one.asname or one.name, MODULES[one.name], names)

    def _take(self, node: ast.ImportFrom, names: Names) -> Any:
        module = MODULES.get(node.module or "", {})
        for one in node.names:
            if one.name not in module:
                raise TooHard
            self._store(one.asname or one.name, module[one.name], names)

    def _raised(self, node: ast.Raise, names: Names) -> Any:
        found = None if node.exc is None else self._value(node.exc, names)
        if isinstance(found, Exception) or (isinstance(found, type) and issubclass(found, Exception)):
            raise found
        raise TooHard

    def _delete(self, node: ast.Delete, names: Names) -> Any:
        for target in node.targets:
            if not isinstance(target, ast.Subscript):
                raise TooHard
            del self._value(target.value, names)[self._index(target.slice, names)]

    def _assert(self, node: ast.Assert, names: Names) -> Any:
        if not self._value(node.test, names):
            raise AssertionError

    def _tried(self, node: ast.Try, names: Names) -> Any:
        if node.finalbody:
            raise TooHard
        try:
            left = self._block(node.body, names)
        except TooHard:
            raise
        except Exception as error:
            for handler in node.handlers:
                caught = Exception if handler.type is None else self._value(handler.type, names)
                if isinstance(error, caught):
                    if handler.name:
                        names[handler.name] = error
                    return self._block(handler.body, names)
            raise
        return self._block(node.orelse, names) if left is None else left

    def _grow(self, target: ast.expr, op: ast.operator, by: Any, names: Names) -> None:
        before = self._value(_loaded(target), names)
        if isinstance(before, list) and isinstance(op, ast.Add):
            before += list(walked(by))  # in place
            self._bind(target, self._weighed(before), names)
        elif isinstance(before, set | dict):
            raise TooHard
        else:
            self._bind(target, self._weighed(binary(op, before, by)), names)


def _loaded(target: ast.expr) -> ast.expr:
    match target:
        case ast.Name(id=name):
            return ast.Name(name, ast.Load())
        case ast.Subscript(value=of, slice=at):
            return ast.Subscript(of, at, ast.Load())
        case _:
            raise TooHard


EXECUTE: Mapping[type[ast.stmt], Callable[[Follower, Any, Names], Any]] = {
    ast.Assign: Follower._assign, ast.AnnAssign: Follower._annotated, ast.AugAssign: Follower._augmented,
    ast.If: Follower._if, ast.Return: Follower._return, ast.Expr: Follower._expression, ast.For: Follower._for,
    ast.While: Follower._while, ast.Pass: lambda *_: None, ast.Break: lambda *_: BREAK,
    ast.Continue: lambda *_: CONTINUE, ast.FunctionDef: Follower._define, ast.Global: Follower._share,
    ast.Import: Follower._import, ast.ImportFrom: Follower._take, ast.Raise: Follower._raised,
    ast.Try: Follower._tried, ast.Delete: Follower._delete, ast.Assert: Follower._assert,
}  # fmt: skip
