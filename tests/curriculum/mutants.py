"""Small mistakes put into a reference solution: what a learner's slip looks like. Cases must notice each."""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterator

SWAPS: dict[type[ast.AST], type[ast.AST]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
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


def _changes(node: ast.AST) -> Iterator[tuple[str, object]]:
    match node:
        case ast.Constant(value=int() as value) if not isinstance(value, bool):
            for other in (value + 1, value - 1):
                yield f"{value} becomes {other}", lambda n, other=other: setattr(n, "value", other)
        case ast.Compare(ops=[op]) if type(op) in SWAPS:
            other = SWAPS[type(op)]
            yield f"{type(op).__name__} becomes {other.__name__}", lambda n: setattr(n, "ops", [other()])
        case ast.BinOp(op=op) | ast.AugAssign(op=op) if type(op) in SWAPS:
            other = SWAPS[type(op)]
            yield f"{type(op).__name__} becomes {other.__name__}", lambda n: setattr(n, "op", other())
        case ast.FunctionDef(body=body):
            for at in range(len(body) - 1):
                if isinstance(body[at], ast.For | ast.While) and isinstance(body[at + 1], ast.Return):
                    yield "the return moves into the loop", lambda n, at=at: n.body[at].body.append(n.body[at + 1])
                if isinstance(body[at], ast.Assign) and isinstance(body[at + 1], ast.For | ast.While):
                    yield "reset at each pass", lambda n, at=at: n.body[at + 1].body.insert(0, n.body[at])
        case _:
            return
