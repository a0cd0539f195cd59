"""Rules about conditions: boundaries, branches that are never reached, comparisons that do not compare."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Any

from functions.feedback.diagnosis.source import Diagnosis, Source, own, parameters, written
from functions.feedback.failure import UNKNOWN, Failure, value

ORDER = (ast.Lt, ast.LtE, ast.Gt, ast.GtE)
SIGNS: Mapping[type[ast.cmpop], str] = {ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">="}


def boundary(source: Source, failure: Failure) -> Diagnosis | None:
    """A comparison whose two sides were equal for this input: the one place where `<` and `<=` differ."""
    function = source.functions.get(source.entry)
    if function is None:
        return None
    known = dict(zip(parameters(function), failure.arguments, strict=False))
    for node in own(function):
        match node:
            case ast.Compare(left=left, ops=[ast.Lt() | ast.LtE() | ast.Gt() | ast.GtE() as sign], comparators=[right]):
                found = _equal(function, known, left, right)
                if found is not UNKNOWN:
                    words = {"test": written(node), "value": repr(found), "sign": SIGNS[type(sign)]}
                    return Diagnosis("boundary", node.lineno, words)
            case _:
                continue
    return None


def shadowed_branch(source: Source, failure: Failure) -> Diagnosis | None:
    """An `elif` that asks for less than the branch before it: it is never reached."""
    for function in source.at(failure.line):
        for node in own(function):
            if isinstance(node, ast.If):
                for before, after in pairwise(_chain(node)):
                    if _covers(before.test, after.test):
                        words = {"test": written(after.test), "before": str(before.lineno)}
                        return Diagnosis("branch-order", after.test.lineno, words)
    return None


def always_true(source: Source, failure: Failure) -> Diagnosis | None:
    """`x == "a" or "b"`: a text on its own counts as true."""
    for function in source.at(failure.line):
        for node in own(function):
            match node:
                case ast.BoolOp(op=ast.Or(), values=[ast.Compare(), *rest]):
                    for part in rest:
                        if isinstance(part, ast.Constant) and part.value:
                            return Diagnosis("always-true", node.lineno, {"value": written(part)})
                case _:
                    continue
    return None


def identity(source: Source, failure: Failure) -> Diagnosis | None:
    """`is` between values: it asks for the same object, not for an equal one."""
    for function in source.at(failure.line):
        for node in own(function):
            match node:
                case ast.Compare(left=left, ops=[ast.Is() | ast.IsNot()], comparators=[right]) if _is_value(
                    left
                ) or _is_value(right):
                    return Diagnosis("is-comparison", node.lineno, {"test": written(node)})
                case _:
                    continue
    return None


def _equal(function: ast.FunctionDef, known: Mapping[str, Any], left: ast.expr, right: ast.expr) -> Any:
    """The value both sides had: at the call, or for one element of a list a `for` walks over. UNKNOWN if none."""
    a, b = _value(left, known), _value(right, known)
    if a is not UNKNOWN and b is not UNKNOWN:
        return a if _same(a, b) else UNKNOWN
    for name, elements in _walked(function, known):
        for element in elements:
            here = {**known, name: element}
            a, b = _value(left, here), _value(right, here)
            if a is not UNKNOWN and b is not UNKNOWN and _same(a, b):
                return a
    return UNKNOWN


def _walked(function: ast.FunctionDef, known: Mapping[str, Any]) -> Iterator[tuple[str, list[Any]]]:
    for node in own(function):
        match node:
            case ast.For(target=ast.Name(id=name), iter=ast.Name(id=of)):
                if isinstance(known.get(of), list | tuple | str):
                    yield name, list(known[of])
            case ast.For(
                target=ast.Tuple(elts=[_, ast.Name(id=name)]),
                iter=ast.Call(func=ast.Name(id="enumerate"), args=[ast.Name(id=of), *_]),
            ):
                if isinstance(known.get(of), list | tuple | str):
                    yield name, list(known[of])
            case _:
                continue


def _value(node: ast.expr, known: Mapping[str, Any]) -> Any:
    """Constants, names, their length and their arithmetic with + and −. Assigned names are not followed."""
    match node:
        case ast.Name(id=name):
            return known.get(name, UNKNOWN)
        case ast.Call(func=ast.Name(id="len"), args=[ast.Name(id=name)]):
            of = known.get(name, UNKNOWN)
            return len(of) if isinstance(of, list | tuple | str | dict) else UNKNOWN
        case ast.BinOp(left=left, op=ast.Add() | ast.Sub() as op, right=right):
            a, b = _value(left, known), _value(right, known)
            if _number(a) and _number(b):
                return a + b if isinstance(op, ast.Add) else a - b
            return UNKNOWN
        case _:
            return value(ast.unparse(node))


def _chain(node: ast.If) -> list[ast.If]:
    chain = [node]
    while len(chain[-1].orelse) == 1 and isinstance(chain[-1].orelse[0], ast.If):
        chain.append(chain[-1].orelse[0])
    return chain


def _covers(first: ast.expr, second: ast.expr) -> bool:
    match first, second:
        case (
            ast.Compare(left=ast.Name(id=a), ops=[op], comparators=[x]),
            ast.Compare(left=ast.Name(id=b), ops=[other], comparators=[y]),
        ) if a == b and isinstance(op, ORDER):
            low, high = value(ast.unparse(x)), value(ast.unparse(y))
            if not (_number(low) and _number(high)):
                return False
            if isinstance(op, ast.Gt | ast.GtE) and isinstance(other, ast.Gt | ast.GtE):
                return bool(high > low)
            return isinstance(op, ast.Lt | ast.LtE) and isinstance(other, ast.Lt | ast.LtE) and bool(high < low)
        case _:
            return False


def _is_value(node: ast.expr) -> bool:
    if isinstance(node, ast.Constant):
        return node.value is not None and not isinstance(node.value, bool) and node.value is not ...
    return isinstance(node, ast.List | ast.Dict | ast.Tuple | ast.Set)


def _same(a: Any, b: Any) -> bool:
    return _number(a) and _number(b) and bool(a == b)


def _number(x: object) -> bool:
    return isinstance(x, int | float) and not isinstance(x, bool)
