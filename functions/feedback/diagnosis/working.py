"""Works out a call of a function that calls itself, and what would come of it with another base case."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from functions.feedback.diagnosis.evaluating import Names
from functions.feedback.diagnosis.following import Follower
from functions.feedback.diagnosis.reckoning import TooHard
from functions.feedback.diagnosis.source import parameters

__all__ = ["NOTHING", "Base", "Change", "TooHard", "Working"]

NOTHING: Final = object()


class _Sooner(BaseException):
    """Met a base case that the call at `depth` should not have been needed for. Nothing in a program catches it."""

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
class Working(Follower):
    """`met`: the base cases of the last call that was worked out. `calls`: how many there were, to tell a base by."""

    function: ast.FunctionDef = field(kw_only=True)
    met: list[Base] = field(default_factory=list)
    change: Change | None = None
    calls: int = 0
    last: bool = False
    began: dict[int, int] = field(default_factory=dict)

    def worked(self, arguments: Sequence[Any], change: Change | None = None) -> Any:
        """What comes back. Raises TooHard, also where an exception comes of it."""
        self.met, self.change, self.last, self.began = [], change, False, {}
        given: list[ast.expr] = [ast.Constant(deepcopy(argument)) for argument in arguments]
        try:
            found = self.call(ast.Call(ast.Name(self.function.name, ast.Load()), given, []))
        except _Sooner as error:
            raise TooHard from error
        if found.raised:
            raise TooHard
        return found.value

    def _within(self, body: Sequence[ast.stmt] | ast.expr, names: Names) -> Any:
        within = super(Working, self)._within
        if body is not self.function.body:
            return within(body, names)
        if self.last and self.change is not None:
            return self._value(self.change.at, names) if self.change.value is NOTHING else self.change.value
        self.calls += 1
        self.began[id(names)] = self.calls
        try:
            return within(body, names)
        except _Sooner as met:
            if met.depth == self.depth or self.change is None:
                raise
            return self._value(self.change.at, names)
        finally:
            del self.began[id(names)]

    def _answered(self, answer: ast.expr, names: Names) -> Any:
        if id(names) not in self.began:
            return self._value(answer, names)
        if isinstance(answer, ast.IfExp):
            return self._answered(answer.body if self._asked(answer.test, names) else answer.orelse, names)
        alone = self.calls == self.began[id(names)]
        if alone and self.change is not None and answer is self.change.at:
            return self._changed(self.change, names)
        found = self._value(answer, names)
        if self.calls == self.began[id(names)]:
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
