"""Rules about values: their kinds, what is thrown away or shared, and how the answer differs from the expected one."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Any

from functions.feedback.diagnosis.answering import counts
from functions.feedback.diagnosis.source import Diagnosis, Source, assigned, called, own, parameters, written
from functions.feedback.diagnosis.trying import Trial, WhatIf, fresh, number
from functions.feedback.failure import UNKNOWN, Failure, is_number, value

GIVES_NEW = {
    "replace", "strip", "lstrip", "rstrip", "upper", "lower", "title", "capitalize", "join", "split",
    "sorted", "reversed", "removeprefix", "removesuffix",
}  # fmt: skip
GIVES_NONE = {"append", "extend", "sort", "reverse", "insert", "clear", "remove", "update", "add"}
METHODS = {
    "isalpha", "isdigit", "isalnum", "isupper", "islower", "isspace", "isnumeric", "isdecimal", "upper", "lower",
    "strip", "lstrip", "rstrip", "split", "title", "capitalize", "startswith", "endswith", "append", "sort", "reverse",
    "items", "keys", "values", "swapcase", "splitlines",
}  # fmt: skip
"""Names that hardly anything else has than a method of Python's own."""
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
                case ast.Expr(value=ast.BinOp() as made):
                    return Diagnosis("result-dropped", node.lineno, {"made": written(made)})
                case ast.Assign(targets=[ast.Name(id=name)], value=ast.UnaryOp(op=ast.UAdd())):
                    return Diagnosis("sign-after-equals", node.lineno, {"name": name, "sign": "=+"})
                case ast.Assign(
                    targets=[ast.Name(id=name)], value=ast.UnaryOp(op=ast.USub(), operand=ast.Constant() as of) as less
                ) if of.col_offset - less.col_offset == 2:  # `x =- 1` is written so, `x = -1` is not
                    return Diagnosis("sign-after-equals", node.lineno, {"name": name, "sign": "=-"})
                case _:
                    continue
    return None


def uncalled(source: Source, failure: Failure) -> Diagnosis | None:
    """`if mark.isalpha:`: a method that is named, and not called."""
    for function in source.at(failure.line):
        called_ones = {id(node.func) for node in own(function) if isinstance(node, ast.Call)}
        given = {
            id(arg)
            for node in own(function)
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)  # `map(word.count, …)`
            for arg in node.args
        }
        given |= {id(word.value) for node in own(function) if isinstance(node, ast.Call) for word in node.keywords}
        for node in own(function):
            match node:
                case ast.Attribute(value=of, attr=name, ctx=ast.Load()) if name in METHODS:
                    own_kind = isinstance(of, ast.Name) and of.id in {"self", "str", "list", "dict", "set"}
                    if id(node) not in called_ones | given and not own_kind:
                        return Diagnosis("uncalled-method", node.lineno, {"name": written(node)})
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


def changed_arguments(trial: Trial) -> Iterator[WhatIf]:
    """The caller's own list is changed, and looked at again: what if a copy were changed, or the old one looked at?"""
    for function in trial.functions():
        for name in parameters(function):
            line = _changed(function, name)
            if not line or name in assigned(function):
                continue
            found = Diagnosis("mutated-argument", line, {"name": name})
            undone: dict[int, ast.AST | list[ast.stmt]] = {}
            for node in own(function):
                match node:
                    case ast.Call(func=ast.Attribute(value=ast.Name(id=n) as of, attr=method)) if (
                        n == name and method in CHANGES
                    ):
                        undone[id(of)] = ast.Call(ast.Attribute(fresh(of), "copy", ast.Load()), [], [])
                    case ast.Assign(targets=[ast.Subscript(value=ast.Name(id=n))]) if n == name:
                        undone[id(node)] = []
                    case ast.AugAssign(target=ast.Subscript(value=ast.Name(id=n))) if n == name:
                        undone[id(node)] = []
                    case _:
                        continue
            yield WhatIf(found, undone)
            yield WhatIf(found, _from_the_old(function, name))


def rounded(trial: Trial) -> Iterator[WhatIf]:
    """A division, and what becomes of its remainder."""
    for _, node in trial.nodes:
        match node:
            case ast.BinOp(
                left=ast.BinOp(op=ast.FloorDiv()) as part, op=ast.Add() | ast.Sub(), right=ast.Constant(value=1)
            ):
                others = [_up(part.left, part.right), fresh(part)]
            case ast.BinOp(left=left, op=ast.FloorDiv(), right=right):
                others = [_up(left, right)]
            case ast.Call(func=ast.Name(id="int" | "round"), args=[of]) if not isinstance(of, ast.Name):
                others = [_up(of, number(1)), ast.BinOp(of, ast.FloorDiv(), number(1))]
            case ast.Call(func=ast.Attribute(attr="ceil" | "floor"), args=[of]):
                others = [_up(of, number(1)), ast.BinOp(of, ast.FloorDiv(), number(1))]
            case _:
                continue
        for other in others:
            yield WhatIf(Diagnosis("rounding", node.lineno, {"name": written(node)}), {id(node): other})


def other_letters(trial: Trial) -> Iterator[WhatIf]:
    """A text in the program that the input has with other letters or spaces."""
    given = set(_texts(trial.failure.arguments))
    for _, node in trial.nodes:
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value not in given:
            for other in given:
                if other.strip().lower() == node.value.strip().lower():
                    found = Diagnosis("other-letters", node.lineno, {"text": written(node)})
                    yield WhatIf(found, {id(node): ast.Constant(other)})


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
    if not (is_number(got) and is_number(expected)):
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
    if isinstance(got, str) and is_number(expected):
        return Diagnosis("text-for-number", failure.line)
    if is_number(got) and isinstance(expected, str):
        return Diagnosis("number-for-text", failure.line)
    same = type(got) is type(expected) or (is_number(got) and is_number(expected))
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


def _from_the_old(function: ast.FunctionDef, name: str) -> dict[int, ast.AST | list[ast.stmt]]:
    """What is written is worked out from the argument as it was passed in."""
    old = f"{name} as it was"
    copied = ast.Assign(
        [ast.Name(old, ast.Store())],
        ast.Call(ast.Attribute(ast.Name(name, ast.Load()), "copy", ast.Load()), [], []),
    )
    first = function.body[0]
    swaps: dict[int, ast.AST | list[ast.stmt]] = {id(first): [copied, fresh(first)]}
    for node in own(function):
        match node:
            case ast.Assign(targets=[ast.Subscript(value=ast.Name(id=n))], value=given) if n == name:
                for read in (given, *own(given)):
                    if isinstance(read, ast.Name) and read.id == name:
                        swaps[id(read)] = ast.Name(old, ast.Load())
            case _:
                continue
    return swaps


def _up(left: ast.expr, right: ast.expr) -> ast.expr:
    """The quotient, rounded up."""
    return ast.UnaryOp(ast.USub(), ast.BinOp(ast.UnaryOp(ast.USub(), left), ast.FloorDiv(), right))


def _texts(of: Any) -> Iterator[str]:
    match of:
        case str():
            yield of
        case list() | tuple() | set():
            for one in of:
                yield from _texts(one)
        case dict():
            yield from _texts([*of, *of.values()])
        case _:
            return


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
