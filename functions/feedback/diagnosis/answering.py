"""Where no misconception shows: what is certain about the line that answered. Facts for the learner to go on from."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from itertools import pairwise

from functions.feedback.diagnosis.source import Diagnosis, Source, blocks, ends, own, written
from functions.feedback.diagnosis.trying import Trial, WhatIf, fresh
from functions.feedback.failure import Failure


def forced(trial: Trial) -> Iterator[WhatIf]:
    """A condition that, had it turned out the other way, would have led to the right answer."""
    asked = trial.asked.follower
    for function, node in trial.nodes:
        if isinstance(node, ast.If | ast.IfExp) and (id(node.test) in asked.held) != (id(node.test) in asked.failed):
            other = {id(node.test): ast.UnaryOp(ast.Not(), fresh(node.test))}
            yield WhatIf(_led(function, node, trial.failure.line), other)


def fixed(source: Source, failure: Failure) -> Diagnosis | None:
    """The answer stands in the line that returned, whatever the input."""
    for function in source.at(failure.line):
        for node in own(function):
            match node:
                case ast.Return(value=ast.Constant() as answer) if node.lineno == failure.line:
                    return Diagnosis("fixed-answer", node.lineno, {"answer": written(answer)})
                case _:
                    continue
    return None


def named(source: Source, failure: Failure) -> Diagnosis | None:
    """The answer is a name: the lines that set it."""
    for function in source.at(failure.line):
        for node in own(function):
            match node:
                case ast.Return(value=ast.Name(id=name)) if node.lineno == failure.line:
                    lines = sorted({line for line in _set_at(function, name) if line != node.lineno})
                    if lines:
                        words = {"name": name, "lines": ", ".join(map(str, lines[:4]))}
                        return Diagnosis("result-name", node.lineno, words)
                case ast.Return(value=ast.expr() as answer) if node.lineno == failure.line:
                    if not isinstance(answer, ast.Constant | ast.Name):
                        return Diagnosis("result-expression", node.lineno, {"answer": written(answer)})
                case _:
                    continue
    return None


def counts(function: ast.FunctionDef) -> bool:
    """Does the function count or walk: can "one too many" mean anything here?"""
    return any(
        isinstance(n, ast.For | ast.While | ast.comprehension)
        or (isinstance(n, ast.Call) and isinstance(n.func, ast.Name) and n.func.id in {"len", "range", "sum"})
        for n in own(function)
    )


def _led(function: ast.FunctionDef, node: ast.If | ast.IfExp, line: int | None) -> Diagnosis:
    """Where the condition alone decided which `return` answered, that is certain."""
    words = {"test": written(node.test), "answer": str(line)}
    if isinstance(node, ast.If):
        if _returns_at(node.body, line):
            return Diagnosis("branch-held", node.test.lineno, words)
        if _returns_at(node.orelse, line) and not isinstance(node.orelse[0], ast.If):
            return Diagnosis("branch-not-held", node.test.lineno, words)
        for block in blocks(function):
            for before, after in pairwise(block):
                if before is node and ends(node.body) and _returns_at([after], line):
                    return Diagnosis("branch-not-held", node.test.lineno, words)
    return Diagnosis("deciding-test", node.test.lineno, words)


def _returns_at(block: list[ast.stmt], line: int | None) -> bool:
    return any(isinstance(s, ast.Return) and s.lineno == line for s in block)


def _set_at(function: ast.FunctionDef, name: str) -> Iterator[int]:
    """Lines that bind `name`, or change it in place."""
    for node in own(function):
        match node:
            case ast.Name(id=n, ctx=ast.Store()) if n == name:
                yield node.lineno
            case ast.Call(func=ast.Attribute(value=ast.Name(id=n))) if n == name:
                yield node.lineno
            case ast.Subscript(value=ast.Name(id=n), ctx=ast.Store()) if n == name:
                yield node.lineno
            case _:
                continue
