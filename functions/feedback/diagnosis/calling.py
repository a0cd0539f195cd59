"""A function that calls itself, as its tree shows it: what it makes of its calls' answers, and which ways make none."""

from __future__ import annotations

import ast
from typing import Literal

from functions.feedback.diagnosis.source import Block, own, returns

Chain = Literal["sum", "product", "all", "any", "max", "min", "calls", ""]
"""What is made of a call's answer: `x + f(…)` is a sum, `x and f(…)` all; `calls`: `f(…) + f(…)` and nothing else."""


def chain(function: ast.FunctionDef) -> Chain:
    """Of the first answer with a call in it. A name that holds the answer of a call counts as one."""
    holds = {
        target.id
        for node in own(function)
        if isinstance(node, ast.Assign) and _is_call(node.value, function.name)
        for target in node.targets
        if isinstance(target, ast.Name)
    }

    def inner(node: ast.AST) -> bool:
        return _is_call(node, function.name) or (isinstance(node, ast.Name) and node.id in holds)

    for answer in (leaf for r in returns(function) if r.value for leaf in _leaves(r.value)):
        count = sum(inner(node) for node in (answer, *own(answer)))
        if not count:
            continue
        match answer:
            case ast.BinOp(op=ast.Add() as op) if all(map(inner, _operands(answer, op))):
                return "calls"
            case ast.BinOp(op=ast.Add() | ast.Mult() as op) if count == 1 and any(map(inner, _operands(answer, op))):
                return "sum" if isinstance(op, ast.Add) else "product"
            case ast.BoolOp(op=word, values=parts) if count == 1 and any(map(inner, parts)):
                return "any" if isinstance(word, ast.Or) else "all"
            case ast.Call(func=ast.Name(id="max" | "min" as name), args=parts) if count == 1 and any(map(inner, parts)):
                return "max" if name == "max" else "min"
            case _:
                return ""
    return ""


def steps(function: ast.FunctionDef) -> list[ast.expr]:
    """The answers that need another call."""
    return [leaf for r in returns(function) if r.value for leaf in _leaves(r.value) if calls(leaf, function.name)]


def always(block: Block, name: str) -> int | None:
    """The line of a call that every way through `block` comes to; None where one may leave before."""
    for statement in block:
        if isinstance(statement, ast.If):
            body, other = always(statement.body, name), always(statement.orelse, name)
            if body and other:
                return body
        elif isinstance(statement, ast.Return | ast.Assign | ast.AugAssign | ast.Expr):
            line = _unguarded(statement, name)
            if line:
                return line
        if any(isinstance(n, ast.Return | ast.Raise) for n in (statement, *own(statement))):
            return None
    return None


def _unguarded(node: ast.AST, name: str) -> int | None:
    """The line of a call that is made whatever a condition says, or however many elements there are."""
    left = [node]
    while left:
        here = left.pop()
        if _is_call(here, name):
            return getattr(here, "lineno", None)
        if not isinstance(here, ast.IfExp | ast.BoolOp | ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp):
            left.extend(ast.iter_child_nodes(here))
    return None


def answers(block: Block, name: str) -> bool:
    """Does the block give an answer without another call?"""
    found = [s for s in block if isinstance(s, ast.Return)]
    return bool(found) and not any(calls(s, name) for s in block)


def calls(node: ast.AST, name: str) -> bool:
    return any(_is_call(n, name) for n in (node, *own(node)))


def _is_call(node: ast.AST, name: str) -> bool:
    """Of the function itself; a method of the same name is another thing."""
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == name


def _operands(node: ast.expr, op: ast.operator) -> list[ast.expr]:
    """`a + b + c` as three."""
    found, left = [], [node]
    while left:
        match left.pop():
            case ast.BinOp(left=one, op=same, right=other) if type(same) is type(op):
                left += [one, other]
            case operand:
                found.append(operand)
    return found


def _leaves(answer: ast.expr) -> list[ast.expr]:
    """`a if … else b` as two."""
    if isinstance(answer, ast.IfExp):
        return [*_leaves(answer.body), *_leaves(answer.orelse)]
    return [answer]
