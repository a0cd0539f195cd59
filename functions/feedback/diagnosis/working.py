"""Works out a call of a function that calls itself, as one would on paper: over the tree, never as a program.

Only a small part of Python is known: plain values and names, arithmetic, comparing, slices, `if`, `return`. What is
beyond it, or too much, is `TooHard`.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from functions.feedback.diagnosis.reckoning import COMPARE, FAILS, FUNCTIONS, KINDS, UNARY, TooHard, binary, weigh
from functions.feedback.diagnosis.source import parameters

__all__ = ["NOTHING", "Base", "Change", "TooHard", "Working"]

STEPS = 4_000
"""For all that is asked about one failing case."""
DEPTH = 100
"""Calls one inside another."""

Names = dict[str, Any]
NOTHING: Final = object()


class _Sooner(Exception):
    """Met a base case that the call at `depth` should not have been needed for."""

    def __init__(self, depth: int) -> None:
        self.depth = depth


@dataclass(frozen=True, slots=True)
class Base:
    """A base case that was met: the expression that answered without another call, for which arguments, with what."""

    answer: ast.expr
    arguments: tuple[Any, ...]
    value: Any


@dataclass(frozen=True, slots=True)
class Change:
    """What if, where `at` answers as a base case, …

    `value` came back, or the call's first argument (`asked`); the calls went once `further`: the expression `by`
    answers, and the call in it gives `value` (NOTHING: what `at` says with that call's names); the call before had been
    the last (`sooner`)?
    """

    at: ast.expr
    to: Literal["value", "asked", "further", "sooner"]
    value: Any = None
    by: ast.expr | None = None


@dataclass(slots=True)
class Working:
    """`met`: the base cases of the last call that was worked out. `calls`: how many there were, to tell a base by."""

    function: ast.FunctionDef
    steps: int = 0
    met: list[Base] = field(default_factory=list)
    change: Change | None = None
    depth: int = -1
    calls: int = 0
    last: bool = False

    def call(self, arguments: Sequence[Any], change: Change | None = None) -> Any:
        """What comes back. Raises TooHard."""
        self.met, self.change, self.depth, self.last = [], change, -1, False
        try:
            return self._call(self._bound(list(arguments)))
        except (*FAILS, _Sooner) as error:
            raise TooHard from error

    def _bound(self, arguments: list[Any]) -> Names:
        a, names = self.function.args, parameters(self.function)
        if a.vararg or a.kwarg or a.kwonlyargs or len(arguments) > len(names):
            raise TooHard
        missing = names[len(arguments) :]
        if len(missing) > len(a.defaults):
            raise TooHard
        given = [self._value(default, {}) for default in a.defaults[len(a.defaults) - len(missing) :]]
        return dict(zip(names, [*map(self._weighed, arguments), *given], strict=True))

    def _call(self, names: Names) -> Any:
        self.depth += 1
        self.calls += 1
        if self.depth > DEPTH:
            raise TooHard
        try:
            found = self._block(self.function.body, names, self.calls)
        except _Sooner as met:
            if met.depth == self.depth or self.change is None:
                raise
            return self._value(self.change.at, names)
        finally:
            self.depth -= 1
        return None if found is NOTHING else found

    def _block(self, block: Sequence[ast.stmt], names: Names, calls: int) -> Any:
        """What the block returns; NOTHING where it ends without `return`. `calls`: when this call began."""
        for statement in block:
            match statement:
                case ast.Return(value=ast.expr() as answer):
                    return self._answer(answer, names, calls)
                case ast.If(test=test, body=body, orelse=other):
                    found = self._block(body if self._value(test, names) else other, names, calls)
                    if found is not NOTHING:
                        return found
                case ast.Assign(targets=[ast.Name(id=name)], value=given):
                    names[name] = self._value(given, names)
                case ast.Pass() | ast.Expr(value=ast.Constant()):
                    continue
                case _:
                    raise TooHard
        return NOTHING

    def _answer(self, answer: ast.expr, names: Names, calls: int) -> Any:
        if isinstance(answer, ast.IfExp):
            return self._answer(answer.body if self._value(answer.test, names) else answer.orelse, names, calls)
        if self.change is not None and answer is self.change.at and self.calls == calls:
            return self._changed(self.change, names)
        found = self._value(answer, names)
        if self.calls == calls:
            self.met.append(Base(answer, tuple(names[name] for name in parameters(self.function)), found))
        return found

    def _changed(self, change: Change, names: Names) -> Any:
        match change.to:
            case "value":
                return change.value
            case "asked":
                return names[parameters(self.function)[0]]
            case "sooner":
                raise _Sooner(self.depth)
            case "further":
                self.last = True
                try:
                    return self._value(change.by, names) if change.by else None
                finally:
                    self.last = False

    def _value(self, node: ast.expr, names: Names) -> Any:
        self.steps += 1
        if self.steps > STEPS:
            raise TooHard
        match node:
            case ast.Constant(value=found):
                return found
            case ast.Name(id=name):
                return names[name] if name in names else KINDS[name]
            case ast.BinOp(left=left, op=op, right=right):
                return self._weighed(binary(op, self._value(left, names), self._value(right, names)))
            case ast.UnaryOp(op=sign, operand=of):
                return UNARY[type(sign)](self._value(of, names))
            case ast.BoolOp(op=word, values=parts):
                return self._either(isinstance(word, ast.Or), parts, names)
            case ast.Compare(left=left, ops=ops, comparators=others):
                return self._compared(self._value(left, names), ops, others, names)
            case ast.IfExp(test=test, body=body, orelse=other):
                return self._value(body if self._value(test, names) else other, names)
            case ast.Call(func=ast.Name(id=name), args=given, keywords=[]):
                return self._called(name, [self._value(one, names) for one in given])
            case ast.Subscript(value=of, slice=at):
                return self._weighed(self._value(of, names)[self._index(at, names)])
            case ast.List() | ast.ListComp() | ast.GeneratorExp():
                return self._weighed(list(self._elements(node, names)))
            case _:
                raise TooHard

    def _index(self, at: ast.expr, names: Names) -> Any:
        if isinstance(at, ast.Slice):
            return slice(*(None if x is None else self._value(x, names) for x in (at.lower, at.upper, at.step)))
        return self._value(at, names)

    def _called(self, name: str, given: list[Any]) -> Any:
        if name == self.function.name:
            bound = self._bound(given)
            if self.last and self.change is not None:
                return self._value(self.change.at, bound) if self.change.value is NOTHING else self.change.value
            return self._call(bound)
        return self._weighed(FUNCTIONS[name](*given))

    def _either(self, stops_at: bool, parts: list[ast.expr], names: Names) -> Any:
        found = None
        for part in parts:
            found = self._value(part, names)
            if bool(found) is stops_at:
                break
        return found

    def _compared(self, left: Any, ops: list[ast.cmpop], others: list[ast.expr], names: Names) -> bool:
        for op, other in zip(ops, others, strict=True):
            right = self._value(other, names)
            if not COMPARE[type(op)](left, right):
                return False
            left = right
        return True

    def _elements(self, node: ast.List | ast.ListComp | ast.GeneratorExp, names: Names) -> Iterator[Any]:
        match node:
            case ast.List(elts=parts):
                yield from (self._value(part, names) for part in parts)
            case ast.ListComp(elt=each, generators=[walk]) | ast.GeneratorExp(elt=each, generators=[walk]):
                for one in self._value(walk.iter, names):
                    inside = {**names, _name(walk.target): one}
                    if all(self._value(test, inside) for test in walk.ifs):
                        yield self._value(each, inside)
            case _:
                raise TooHard

    def _weighed(self, found: Any) -> Any:
        """The value; what is made of itself again and again soon costs more than there are steps."""
        if not isinstance(found, bool | float | None):
            self.steps += weigh(found) // 8
        return found


def _name(target: ast.expr) -> str:
    if not isinstance(target, ast.Name):
        raise TooHard
    return target.id
