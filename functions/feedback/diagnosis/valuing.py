"""Rules about values: their kinds, what is thrown away or shared, and how the answer differs from the expected one."""

from __future__ import annotations

import ast
from typing import Any

from functions.feedback.diagnosis.answering import counts
from functions.feedback.diagnosis.source import Diagnosis, Source, assigned, called, own, parameters, written
from functions.feedback.failure import UNKNOWN, Failure, value

GIVES_NEW = {
    "replace", "strip", "lstrip", "rstrip", "upper", "lower", "title", "capitalize", "join", "split",
    "sorted", "reversed", "removeprefix", "removesuffix",
}  # fmt: skip
GIVES_NONE = {"append", "extend", "sort", "reverse", "insert", "clear", "remove", "update", "add"}
CHANGES = GIVES_NONE | {"pop", "setdefault", "discard", "popitem"}


def thrown_away(source: Source, failure: Failure) -> Diagnosis | None:
    """A statement that makes a new value and keeps it nowhere, or compares where it should assign."""
    for function in source.at(failure.line):
        for node in own(function):
            match node:
                case ast.Expr(value=ast.Call() as call) if called(call) in GIVES_NEW:
                    return Diagnosis("ignored-result", node.lineno, {"name": called(call)})
                case ast.Expr(value=ast.Compare(ops=[ast.Eq()]) as test):
                    return Diagnosis("comparison-statement", node.lineno, {"test": written(test)})
                case _:
                    continue
    return None


def none_from_method(source: Source, failure: Failure) -> Diagnosis | None:
    """`x = x.sort()`: a method that changes its list gives None."""
    for function in source.at(failure.line):
        for node in own(function):
            match node:
                case ast.Assign(value=call) | ast.Return(value=call) if (
                    isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and called(call) in GIVES_NONE
                ):
                    return Diagnosis("none-from-method", node.lineno, {"name": called(call)})
                case _:
                    continue
    return None


def shared_default(source: Source, failure: Failure) -> Diagnosis | None:
    """A list or dict as a default value is made once, and kept between calls."""
    for function in source.at(failure.line):
        a = function.args
        names = [arg.arg for arg in (*a.posonlyargs, *a.args)]
        defaults = dict(zip(names[len(names) - len(a.defaults) :], a.defaults, strict=True))
        defaults |= {arg.arg: d for arg, d in zip(a.kwonlyargs, a.kw_defaults, strict=True) if d is not None}
        for name, default in defaults.items():
            if isinstance(default, ast.List | ast.Dict | ast.Set) and _changed(function, name):
                return Diagnosis("mutable-default", default.lineno, {"name": name})
    return None


def changed_argument(source: Source, failure: Failure) -> Diagnosis | None:
    """The caller's own list is changed (the name is the parameter's, and is not bound anew)."""
    for function in source.at(failure.line):
        for name in parameters(function):
            line = _changed(function, name)
            if line and name not in assigned(function):
                return Diagnosis("mutated-argument", line, {"name": name})
    return None


def one_list(source: Source, failure: Failure) -> Diagnosis | None:
    """`b = a`, and then `b` is changed in place: both names mean the same list or dictionary, `a` changes too."""
    containers = {
        name
        for function in source.at(failure.line)[:1]
        for name, given in zip(parameters(function), failure.arguments, strict=False)
        if isinstance(given, list | dict)
    }
    for function in source.at(failure.line)[:1]:
        for node in own(function):
            match node:
                case ast.Assign(targets=[ast.Name(id=copy)], value=ast.Name(id=name)) if name in containers:
                    if _changed(function, copy) or _changed(function, name):
                        return Diagnosis("shared-list", node.lineno, {"name": copy, "near": name})
                case _:
                    continue
    return None


def division(source: Source, failure: Failure) -> Diagnosis | None:
    """`//` where the fraction was wanted, `/` where a whole number was."""
    got, expected = _first_difference(*_pair(failure))
    if not (_number(got) and _number(expected)):
        return None
    for function in source.at(failure.line):
        for node in own(function):
            match node:
                case ast.BinOp(op=ast.FloorDiv()) | ast.AugAssign(op=ast.FloorDiv()):
                    if int(expected) != expected and int(got) == got:
                        return Diagnosis("integer-division", node.lineno, {"sign": "//"})
                case ast.BinOp(op=ast.Div()) | ast.AugAssign(op=ast.Div()):
                    if int(expected) == expected and int(got) != got and abs(got - expected) <= 1:
                        return Diagnosis("true-division", node.lineno, {"sign": "/"})
                case _:
                    continue
    return None


def _first_difference(got: Any, expected: Any) -> tuple[Any, Any]:
    """Of two lists of equal length the first elements that differ; else the two as they are."""
    if isinstance(got, list | tuple) and isinstance(expected, list | tuple) and len(got) == len(expected):
        return next(((g, e) for g, e in zip(got, expected, strict=True) if g != e), (got, expected))
    return got, expected


def kinds(source: Source, failure: Failure) -> Diagnosis | None:
    """The answer is of another kind than the expected one."""
    got, expected = _pair(failure)
    if UNKNOWN in (got, expected) or got is None or expected is None:
        return None
    if isinstance(got, str) and _number(expected):
        return Diagnosis("text-for-number", failure.line)
    if _number(got) and isinstance(expected, str):
        return Diagnosis("number-for-text", failure.line)
    same = type(got) is type(expected) or (_number(got) and _number(expected))
    if same or (isinstance(got, tuple) and isinstance(expected, list)):
        return None
    words = {"kind": type(got).__name__, "other": type(expected).__name__}
    return Diagnosis("other-kind", failure.line, words)


def difference(source: Source, failure: Failure) -> Diagnosis | None:
    """What the two values themselves say: letter case, spaces, order, a missing end, off by one."""
    got, expected = _pair(failure)
    if UNKNOWN in (got, expected):
        return None
    match got, expected:
        case str(), str() if got != expected:
            if got.lower() == expected.lower():
                return Diagnosis("letter-case", failure.line)
            if "".join(got.split()) == "".join(expected.split()):
                return Diagnosis("spaces", failure.line)
        case [*a], [*b] if a != b:
            if a and (b[: len(a)] == a or b[-len(a) :] == a) and len(a) < len(b):
                return Diagnosis("elements-missing", failure.line, {"count": str(len(b) - len(a))})
            if sorted(map(repr, a)) == sorted(map(repr, b)):
                return Diagnosis("element-order", failure.line)
        case int(), int() if abs(got - expected) == 1 and not isinstance(got, bool) and not isinstance(expected, bool):
            if any(counts(function) for function in source.functions.values()):
                return Diagnosis("one-too-many" if got > expected else "one-too-few", failure.line)
        case _:
            return None
    return None


def _changed(function: ast.FunctionDef, name: str) -> int | None:
    """The line where something is done to `name` in place."""
    for node in own(function):
        match node:
            case ast.Call(func=ast.Attribute(value=ast.Name(id=n), attr=method)) if n == name and method in CHANGES:
                return node.lineno
            case ast.Subscript(value=ast.Name(id=n), ctx=ast.Store() | ast.Del()) if n == name:
                return node.lineno
            case _:
                continue
    return None


def _pair(failure: Failure) -> tuple[Any, Any]:
    if not failure.expected:
        return UNKNOWN, UNKNOWN
    return value(failure.got), value(failure.expected)


def _number(x: object) -> bool:
    return isinstance(x, int | float) and not isinstance(x, bool)
