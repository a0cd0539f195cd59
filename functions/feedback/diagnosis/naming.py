"""Rules about names: one that was given a meaning already, and is given another."""

from __future__ import annotations

import ast
import builtins

from functions.feedback.diagnosis.source import Diagnosis, Source, own, parameters, reads, written
from functions.feedback.failure import Failure

BUILTINS = frozenset(name for name in dir(builtins) if name.islower() and not name.startswith("_"))

COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


def hidden_builtin(source: Source, failure: Failure) -> Diagnosis | None:
    """A name of Python's own is used for something else, and called here as if it were Python's."""
    for function in source.at(failure.line)[:1]:
        called_here = {
            node.func.id
            for node in own(function)
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.lineno == failure.line
        }
        for node in own(function):
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store) and node.id in BUILTINS & called_here:
                return Diagnosis("shadowed-builtin", node.lineno, {"name": node.id})
    return None


def overwritten(source: Source, failure: Failure) -> Diagnosis | None:
    """A parameter is given another value before anything has looked at what was passed in."""
    for function in source.at(failure.line)[:1]:
        unread = set(parameters(function))
        for statement in function.body:
            match statement:
                case ast.Assign(targets=[ast.Name(id=name)], value=given) if name in unread - _read(given):
                    return Diagnosis("parameter-overwritten", statement.lineno, {"name": name})
                case _:
                    unread -= _read(statement)
    return None


def shadowed(source: Source, failure: Failure) -> Diagnosis | None:
    """A loop's or comprehension's own name is a parameter's, whose value is looked at nowhere else, or would be after
    the loop."""
    for function in source.at(failure.line)[:1]:
        names = set(parameters(function))
        for node in own(function):
            match node:
                case ast.For(target=ast.Name(id=name), iter=walked) if name in names:
                    if _lost(function, node, name) or _read_after(function, node, name):
                        words = {"name": name, "near": written(walked)}
                        return Diagnosis("parameter-shadowed", node.lineno, words)
                case ast.comprehension(target=ast.Name(id=name), iter=walked) if name in names:
                    if _lost_in_comprehensions(function, name):
                        words = {"name": name, "near": written(walked)}
                        return Diagnosis("parameter-shadowed", node.target.lineno, words)
                case _:
                    continue
    return None


def _read(node: ast.AST) -> set[str]:
    return reads(node) | ({node.id} if isinstance(node, ast.Name) else set())


def _loads(node: ast.AST, name: str) -> list[ast.Name]:
    return [n for n in (node, *own(node)) if isinstance(n, ast.Name) and n.id == name and isinstance(n.ctx, ast.Load)]


def _lost(function: ast.FunctionDef, loop: ast.For, name: str) -> bool:
    """Is the parameter only read within the loop that gives its name away?"""
    inside = {id(n) for s in loop.body for n in _loads(s, name)}
    read = _loads(function, name)
    return bool(read) and all(id(n) in inside for n in read)


def _read_after(function: ast.FunctionDef, loop: ast.For, name: str) -> bool:
    """After the loop, with no new value before."""
    end = loop.end_lineno or loop.lineno
    stored = any(
        isinstance(n, ast.Name) and n.id == name and isinstance(n.ctx, ast.Store) and n.lineno > end
        for n in own(function)
    )
    return not stored and any(n.lineno > end for n in _loads(function, name))


def _lost_in_comprehensions(function: ast.FunctionDef, name: str) -> bool:
    """Is the parameter only read within comprehensions that give its name away?"""
    inside: set[int] = set()
    for node in own(function):
        if isinstance(node, COMPREHENSIONS) and any(_binds(walk, name) for walk in node.generators):
            inside |= {id(n) for n in _loads(node, name)} - {id(n) for n in _loads(node.generators[0].iter, name)}
    read = _loads(function, name)
    return bool(read) and all(id(n) in inside for n in read)


def _binds(walk: ast.comprehension, name: str) -> bool:
    return isinstance(walk.target, ast.Name) and walk.target.id == name
