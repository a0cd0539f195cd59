"""What may go wrong at one place: a table from kinds of nodes to the slips that learners make there."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from typing import Literal

from shared.proof.places import OPPOSITE, Replacement

Telling = Literal["becomes", "left_out", "into_loop", "each_pass", "one_pass", "skips_first"]
Slip = tuple[str, Replacement, Telling]
"""The operator's name, what stands there instead, how to tell it."""

ARITHMETIC: dict[type[ast.operator], tuple[type[ast.operator], ...]] = {
    ast.Add: (ast.Sub,),
    ast.Sub: (ast.Add,),
    ast.Mult: (ast.Add, ast.FloorDiv),
    ast.Div: (ast.FloorDiv, ast.Mult),
    ast.FloorDiv: (ast.Div, ast.Mod),
    ast.Mod: (ast.FloorDiv,),
    ast.Pow: (ast.Mult,),
    ast.BitAnd: (ast.BitOr,),
    ast.BitOr: (ast.BitAnd,),
    ast.BitXor: (ast.BitAnd,),
    ast.LShift: (ast.RShift,),
    ast.RShift: (ast.LShift,),
}
BOUNDARY: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
}
CALLS = {"max": "min", "min": "max", "any": "all", "all": "any", "sorted": "list", "upper": "lower", "lower": "upper"}
DROPPED_CALLS = {"strip", "lstrip", "rstrip", "abs", "round", "reversed"}


def number(value: int) -> ast.expr:
    return ast.Constant(value) if value >= 0 else ast.UnaryOp(ast.USub(), ast.Constant(-value))


def shifted(node: ast.expr, by: int) -> ast.expr:
    """`node + by`, written as a person would."""
    match node:
        case ast.Constant(value=int() as value) if not isinstance(value, bool):
            return number(value + by)
        case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int() as value)):
            return number(by - value)
    return ast.BinOp(node, ast.Add() if by > 0 else ast.Sub(), ast.Constant(abs(by)))


def _binary(node: ast.BinOp) -> Iterator[Slip]:
    for other in ARITHMETIC.get(type(node.op), ()):
        yield "arithmetic", ast.BinOp(node.left, other(), node.right), "becomes"
    if not isinstance(node.op, ast.Add | ast.Mult | ast.BitAnd | ast.BitOr | ast.BitXor):
        yield "operand", ast.BinOp(node.right, node.op, node.left), "becomes"
    yield "operand", node.left, "becomes"
    yield "operand", node.right, "becomes"


def _display(node: ast.List | ast.Tuple) -> Iterator[Slip]:
    if isinstance(node.ctx, ast.Load) and len(node.elts) > 1:
        yield "order", type(node)(node.elts[::-1], node.ctx), "becomes"


def _augmented(node: ast.AugAssign) -> Iterator[Slip]:
    for other in ARITHMETIC.get(type(node.op), ()):
        yield "augmented", ast.AugAssign(node.target, other(), node.value), "becomes"
    yield "augmented", ast.Assign([node.target], node.value), "becomes"


def _compare(node: ast.Compare) -> Iterator[Slip]:
    for at, sign in enumerate(node.ops):
        for name, table in (("boundary", BOUNDARY), ("comparison", OPPOSITE)):
            if other := table.get(type(sign)):
                yield (
                    name,
                    ast.Compare(node.left, [*node.ops[:at], other(), *node.ops[at + 1 :]], node.comparators),
                    ("becomes"),
                )


def _boolean(node: ast.BoolOp) -> Iterator[Slip]:
    other = ast.Or() if isinstance(node.op, ast.And) else ast.And()
    yield "boolean", ast.BoolOp(other, node.values), "becomes"
    for at in range(len(node.values)):
        left = [value for i, value in enumerate(node.values) if i != at]
        yield "boolean", left[0] if len(left) == 1 else ast.BoolOp(node.op, left), "becomes"


def _unary(node: ast.UnaryOp) -> Iterator[Slip]:
    if isinstance(node.op, ast.Not | ast.USub) and not isinstance(node.operand, ast.Constant):
        yield "negation", node.operand, "becomes"


def _constant(node: ast.Constant) -> Iterator[Slip]:
    match node.value:
        case bool():
            yield "constant", ast.Constant(not node.value), "becomes"
        case int():
            yield "constant", number(node.value + 1), "becomes"
            yield "constant", number(node.value - 1), "becomes"
        case float():
            yield "constant", ast.Constant(node.value + 1), "becomes"
            yield "constant", ast.Constant(node.value / 2), "becomes"
        case str():
            yield "constant", ast.Constant("" if node.value else "x"), "becomes"


def _conditions(test: ast.expr, *, may_stay_true: bool = True) -> Iterator[ast.expr]:
    yield ast.UnaryOp(ast.Not(), test)
    yield ast.Constant(False)
    if may_stay_true:
        yield ast.Constant(True)


def _if(node: ast.If) -> Iterator[Slip]:
    for test in _conditions(node.test):
        yield "condition", ast.If(test, node.body, node.orelse), "becomes"


def _if_expression(node: ast.IfExp) -> Iterator[Slip]:
    yield "condition", ast.IfExp(node.test, node.orelse, node.body), "becomes"
    yield "condition", node.body, "becomes"
    yield "condition", node.orelse, "becomes"


def _comprehension(node: ast.comprehension) -> Iterator[Slip]:
    for at, test in enumerate(node.ifs):
        for other in _conditions(test):
            ifs = [*node.ifs[:at], other, *node.ifs[at + 1 :]]
            yield "condition", ast.comprehension(node.target, node.iter, ifs, node.is_async), "becomes"


def _while(node: ast.While) -> Iterator[Slip]:
    leaves = any(isinstance(inner, ast.Break | ast.Return | ast.Raise) for inner in ast.walk(node))
    for test in _conditions(node.test, may_stay_true=leaves):  # a loop without a way out tells nothing about the cases
        yield "condition", ast.While(test, node.body, node.orelse), "becomes"
    yield from _loop(node)


def _for(node: ast.For) -> Iterator[Slip]:
    yield from _loop(node)
    if isinstance(node.iter, ast.Name):
        later = ast.Subscript(node.iter, ast.Slice(ast.Constant(1)), ast.Load())
        yield "loop", ast.For(node.target, later, node.body, node.orelse), "skips_first"


def _loop(node: ast.For | ast.While) -> Iterator[Slip]:
    yield "statement", [ast.Pass()], "left_out"
    if not isinstance(node.body[-1], ast.Break | ast.Return | ast.Raise):
        yield "loop", _with_body(node, [*node.body, ast.Break()]), "one_pass"


def _with_body(node: ast.For | ast.While, body: list[ast.stmt]) -> ast.stmt:
    if isinstance(node, ast.For):
        return ast.For(node.target, node.iter, body, node.orelse)
    return ast.While(node.test, body, node.orelse)


def _function(node: ast.FunctionDef) -> Iterator[Slip]:
    """A return moved into the loop before it; a start value set again at each pass."""
    for at in range(len(node.body) - 1):
        first, second = node.body[at : at + 2]
        if isinstance(first, ast.For | ast.While) and isinstance(second, ast.Return):
            inside = [*node.body[:at], _with_body(first, [*first.body, second]), *node.body[at + 1 :]]
            yield "loop", _function_of(node, inside), "into_loop"
        if isinstance(first, ast.Assign) and isinstance(second, ast.For | ast.While):
            again = [*node.body[: at + 1], _with_body(second, [first, *second.body]), *node.body[at + 2 :]]
            yield "loop", _function_of(node, again), "each_pass"


def _function_of(node: ast.FunctionDef, body: list[ast.stmt]) -> ast.stmt:
    return ast.FunctionDef(node.name, node.args, body, node.decorator_list, node.returns, node.type_comment)


def _return(node: ast.Return) -> Iterator[Slip]:
    if node.value is None or (isinstance(node.value, ast.Constant) and node.value.value is None):
        yield "statement", ast.Pass(), "left_out"
        return
    yield "return", ast.Return(ast.Constant(None)), "becomes"
    match node.value:
        case ast.Compare() | ast.BoolOp() | ast.UnaryOp(op=ast.Not()) | ast.Constant(value=bool()):
            yield "return", ast.Return(ast.UnaryOp(ast.Not(), node.value)), "becomes"
        case ast.BinOp(op=ast.Sub() | ast.Mult() | ast.Div() | ast.FloorDiv() | ast.Mod()):
            yield "return", ast.Return(ast.UnaryOp(ast.USub(), node.value)), "becomes"
    yield "statement", ast.Pass(), "left_out"


def _statement(_node: ast.stmt) -> Iterator[Slip]:
    yield "statement", ast.Pass(), "left_out"


def _jump(node: ast.Break | ast.Continue) -> Iterator[Slip]:
    yield "loop", ast.Continue() if isinstance(node, ast.Break) else ast.Break(), "becomes"
    yield "statement", ast.Pass(), "left_out"


def _call(node: ast.Call) -> Iterator[Slip]:
    match node.func:
        case ast.Name(id="range") if 1 <= len(node.args) <= 3 and not node.keywords:
            yield from _range(node)
        case ast.Name(id=name) if name in CALLS:
            yield "call", ast.Call(ast.Name(CALLS[name], ast.Load()), node.args, node.keywords), "becomes"
        case ast.Attribute(value=of, attr=name) if name in CALLS and name not in ("any", "all"):
            yield "call", ast.Call(ast.Attribute(of, CALLS[name], ast.Load()), node.args, node.keywords), "becomes"
        case ast.Attribute(value=of, attr=name) if name in DROPPED_CALLS:
            yield "call", of, "becomes"
        case ast.Name(id=name) if name in DROPPED_CALLS and node.args:
            yield "call", node.args[0], "becomes"


def _range(node: ast.Call) -> Iterator[Slip]:
    starts = [] if len(node.args) == 1 else [0]
    for at in (*starts, 0 if len(node.args) == 1 else 1):
        for by in (1, -1):
            args = [shifted(a, by) if i == at else a for i, a in enumerate(node.args)]
            yield "off_by_one", ast.Call(node.func, args, []), "becomes"
    if len(node.args) == 1:
        yield "off_by_one", ast.Call(node.func, [ast.Constant(1), *node.args], []), "becomes"


def _slice(node: ast.Slice) -> Iterator[Slip]:
    for by in (1, -1):
        if node.lower is not None:
            yield "off_by_one", ast.Slice(shifted(node.lower, by), node.upper, node.step), "becomes"
        if node.upper is not None:
            yield "off_by_one", ast.Slice(node.lower, shifted(node.upper, by), node.step), "becomes"
    if node.lower is not None:
        yield "off_by_one", ast.Slice(None, node.upper, node.step), "becomes"
    if node.upper is not None:
        yield "off_by_one", ast.Slice(node.lower, None, node.step), "becomes"


def _subscript(node: ast.Subscript) -> Iterator[Slip]:
    """`xs[i - 1]`: a computed index is a place in a list; what a bare name holds may be any key."""
    if isinstance(node.slice, ast.BinOp) and isinstance(node.ctx, ast.Load):
        for by in (1, -1):
            yield "off_by_one", ast.Subscript(node.value, shifted(node.slice, by), node.ctx), "becomes"


TABLE: dict[type[ast.AST], Callable[..., Iterator[Slip]]] = {
    ast.BinOp: _binary,
    ast.AugAssign: _augmented,
    ast.Compare: _compare,
    ast.BoolOp: _boolean,
    ast.UnaryOp: _unary,
    ast.Constant: _constant,
    ast.If: _if,
    ast.IfExp: _if_expression,
    ast.comprehension: _comprehension,
    ast.While: _while,
    ast.For: _for,
    ast.FunctionDef: _function,
    ast.Return: _return,
    ast.Assign: _statement,
    ast.Expr: _statement,
    ast.Raise: _statement,
    ast.Delete: _statement,
    ast.Break: _jump,
    ast.Continue: _jump,
    ast.Call: _call,
    ast.Slice: _slice,
    ast.List: _display,
    ast.Tuple: _display,
    ast.Subscript: _subscript,
}


def slips(node: ast.AST) -> Iterator[Slip]:
    """All that may go wrong at `node` itself (its parts have their own)."""
    if (operator := TABLE.get(type(node))) is not None:
        yield from operator(node)
    if isinstance(node, ast.AugAssign):
        yield "statement", ast.Pass(), "left_out"
