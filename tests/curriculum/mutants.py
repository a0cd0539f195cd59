"""Small mistakes put into a reference solution: what a learner's slip looks like. Cases must notice each."""

from __future__ import annotations

import ast
import copy
from collections.abc import Callable, Iterator
from functools import partial
from itertools import pairwise
from typing import Any

Change = Callable[[Any], None]
COMPARISONS: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Is: ast.IsNot,
}
OPERATORS: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Add,
    ast.FloorDiv: ast.Div,
    ast.Mod: ast.FloorDiv,
}


def mutants(source: str) -> Iterator[tuple[str, str]]:
    """(what was done, mutated source): off by one, a swapped operator, a return moved into its loop, a reset."""
    tree = ast.parse(source)
    for index, node in enumerate(ast.walk(tree)):
        for what, change in _changes(node):
            mutated = copy.deepcopy(tree)
            change(list(ast.walk(mutated))[index])
            yield f"line {getattr(node, 'lineno', '?')}: {what}", ast.unparse(ast.fix_missing_locations(mutated))


def _changes(node: ast.AST) -> Iterator[tuple[str, Change]]:
    match node:
        case ast.Constant(value=int() as value) if not isinstance(value, bool):
            yield f"{value} becomes {value + 1}", lambda n: setattr(n, "value", value + 1)
            yield f"{value} becomes {value - 1}", lambda n: setattr(n, "value", value - 1)
        case ast.Compare(ops=[test]) if type(test) in COMPARISONS:
            turned = COMPARISONS[type(test)]
            yield f"{type(test).__name__} becomes {turned.__name__}", lambda n: setattr(n, "ops", [turned()])
        case ast.BinOp(op=sign) | ast.AugAssign(op=sign) if type(sign) in OPERATORS:
            other = OPERATORS[type(sign)]
            yield f"{type(sign).__name__} becomes {other.__name__}", lambda n: setattr(n, "op", other())
        case ast.FunctionDef(body=body):
            yield from _misplaced(body)
        case _:
            return


def _misplaced(body: list[ast.stmt]) -> Iterator[tuple[str, Change]]:
    for at, (first, second) in enumerate(pairwise(body)):
        loop = ast.For | ast.While
        if isinstance(first, loop) and isinstance(second, ast.Return):
            yield "the return moves into the loop", partial(_return_early, at=at)
        if isinstance(first, ast.Assign) and isinstance(second, loop):
            yield "reset at each pass", partial(_reset, at=at)


def _return_early(function: Any, at: int) -> None:
    function.body[at].body.append(function.body[at + 1])


def _reset(function: Any, at: int) -> None:
    function.body[at + 1].body.insert(0, function.body[at])
