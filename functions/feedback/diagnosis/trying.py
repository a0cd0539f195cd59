"""What if one place of the program were another? Asked of the failing case, by following its call again.

Only what turns the wrong answer of this case into the right one explains it. Where the call cannot be followed, or does
not come to what the run gave, nothing can be told.
"""

from __future__ import annotations

import ast
import copy
import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from functions.feedback.diagnosis.following import STEPS, Followed, Follower, Swaps
from functions.feedback.diagnosis.reckoning import TooHard
from functions.feedback.diagnosis.source import LOOPS, Diagnosis, Loop, Source, assigned, own
from functions.feedback.failure import PRINTS, RAISES, UNKNOWN, Failure, value

MOST = 6
"""Other cases that are asked too, in STEPS of their own."""
FEW = 2_500


@dataclass(frozen=True, slots=True)
class WhatIf:
    """What would be said of a place, and the program in which it is another."""

    diagnosis: Diagnosis
    swaps: Swaps


@dataclass(frozen=True, slots=True)
class Asked:
    """A failing case: the call, what came of it, what should have."""

    call: ast.expr
    follower: Follower
    came: Followed
    failure: Failure
    right: bool

    def turns_out(self, swaps: Swaps) -> str:
        """`right`, `same` (as it was), `wrong` (in another way), or nothing: it cannot be told."""
        try:
            found = self.follower.call(self.call, swaps)
        except TooHard:
            return ""
        if _right(found, self.failure):
            return "right"
        return "same" if found == self.came else "wrong"


@dataclass(slots=True)
class Trial:
    """`nodes`: what the failing call looked at, in the order of the text, with the function it stands in. `others`: the
    other cases, once there is an explanation to be held against them."""

    source: Source
    failure: Failure
    asked: Asked
    nodes: list[tuple[ast.FunctionDef, ast.AST]]
    others: list[Asked] | None = field(default=None)

    def explains(self, swaps: Swaps) -> int:
        """How many failing cases come out right with it; 0 where this one does not, or another is spoilt: it was right
        before, or turns wrong in a new way."""
        if self.asked.turns_out(swaps) != "right":
            return 0
        if self.others is None:
            cases = [other for other in self.source.others if other.input != self.failure.input][:MOST]
            self.others = [case for case in (_asked(self.source, other, FEW) for other in cases) if case is not None]
        turned = [(other.turns_out(swaps), other.right) for other in self.others]
        if any(now == "wrong" for now, _ in turned):
            return 0
        return 1 + sum(now == "right" and not before for now, before in turned)

    @property
    def wrong(self) -> int:
        """Cases there are, as far as is known, to which a wrong answer is given."""
        return 1 + sum(not (other.right or other.came.raised) for other in self.others or ())

    def functions(self) -> list[ast.FunctionDef]:
        """Those that the call went through."""
        return list({id(function): function for function, _ in self.nodes}.values())

    def loops(self) -> Iterator[tuple[ast.FunctionDef, Loop]]:
        return ((function, node) for function, node in self.nodes if isinstance(node, LOOPS))


def trial(source: Source, failure: Failure) -> Trial | None:
    """None where the call cannot be followed to what the run gave."""
    case = _asked(source, failure)
    if case is None:
        return None
    reached = case.follower.reached
    nodes = [
        (function, node)
        for function in source.at(failure.line)
        if not reached.isdisjoint(map(id, function.body))
        for node in own(function)
        if id(node) in reached or not isinstance(node, ast.expr | ast.stmt)
    ]
    return Trial(source, failure, case, nodes)


def fresh(node: Any, **parts: Any) -> Any:
    """A node like it, that is no longer the same one; with some of its parts."""
    made = copy.copy(node)
    for name, part in parts.items():
        setattr(made, name, part)
    return made


def number(n: int) -> ast.expr:
    return ast.Constant(n) if n >= 0 else ast.UnaryOp(ast.USub(), ast.Constant(-n))


def read(of: str) -> ast.Name:
    return ast.Name(of, ast.Load())


def plus(node: ast.expr, n: int) -> ast.expr:
    return ast.BinOp(fresh(node), ast.Add(), number(n))


def inside(block: ast.AST) -> Iterator[ast.stmt]:
    """Every statement below, without those of nested functions."""
    return (node for node in own(block) if isinstance(node, ast.stmt))


def set_before(function: ast.FunctionDef, loop: ast.stmt) -> Iterator[tuple[str, ast.Assign]]:
    """Names that get their value before `loop` and another within it."""
    within = assigned(loop)
    for node in own(function):
        match node:
            case ast.Assign(targets=[ast.Name(id=one)]) if node.lineno < loop.lineno and one in within:
                yield one, node
            case _:
                continue


def _asked(source: Source, failure: Failure, steps: int = STEPS) -> Asked | None:
    if not failure.visible or not failure.expected or failure.kind not in ("wrong", "raised"):
        return None
    if not failure.expected.startswith((RAISES, PRINTS)) and value(failure.expected) is UNKNOWN:
        return None
    try:
        call = ast.parse(failure.input, mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    follower = Follower(source.tree, steps)
    try:
        came = follower.call(call)
    except TooHard:
        return None
    right = _right(came, failure)
    return Asked(call, follower, came, failure, right) if right or _as_seen(came, failure) else None


def _as_seen(came: Followed, failure: Failure) -> bool:
    """Is it what the run gave, where that is known?"""
    if not failure.got and failure.error is None:
        return True
    if failure.error is not None:
        return came.raised == failure.error.type
    if failure.got.startswith(PRINTS):
        return bool(came.printed == value(failure.got.removeprefix(PRINTS)))
    return not came.raised and same(came.value, value(failure.got))


def _right(came: Followed, failure: Failure) -> bool:
    if failure.expected.startswith(RAISES):
        return came.raised == failure.expected.removeprefix(RAISES)
    if came.raised:
        return False
    if failure.expected.startswith(PRINTS):
        return _lines(came.printed) == _lines(value(failure.expected.removeprefix(PRINTS)))
    return same(came.value, value(failure.expected))


def _lines(printed: Any) -> list[str]:
    return [line.rstrip() for line in str(printed).rstrip().split("\n")]


def same(a: Any, b: Any) -> bool:
    """As cases compare: a tuple is a list, and True is not 1."""
    if isinstance(a, list | tuple) and isinstance(b, list | tuple):
        return len(a) == len(b) and all(map(same, a, b))
    if isinstance(a, dict) and isinstance(b, dict):
        return a.keys() == b.keys() and all(same(a[key], b[key]) for key in a)
    if isinstance(a, float) and isinstance(b, int | float) and not isinstance(b, bool):
        return math.isclose(a, b, rel_tol=1e-9)
    return bool(a == b) and isinstance(a, bool) == isinstance(b, bool)
