"""Rules about what a function gives back, and when."""

from __future__ import annotations

import ast
import itertools

from functions.feedback.diagnosis.source import (
    Diagnosis,
    Source,
    blocks,
    called,
    ends,
    loops,
    own,
    returns,
)
from functions.feedback.failure import RAISES, Failure


def not_written(source: Source, failure: Failure) -> Diagnosis | None:
    """The entry still holds only what a starter holds."""
    function = source.functions.get(source.entry)
    if function is None:
        return None
    rest = [s for s in function.body if not (isinstance(s, ast.Expr) and isinstance(s.value, ast.Constant))]
    match rest:
        case [] | [ast.Pass()] | [ast.Return(value=None)] | [ast.Return(value=ast.Constant(value=None | "" | 0))]:
            return Diagnosis("not-written", (rest[0] if rest else function).lineno, {"name": function.name})
        case [ast.Raise(exc=exc)] if exc is not None and "NotImplementedError" in ast.unparse(exc):
            return Diagnosis("not-written", rest[0].lineno, {"name": function.name})
        case _:
            return None


def not_raised(source: Source, failure: Failure) -> Diagnosis | None:
    """An exception was expected, and a value came back."""
    if not failure.expected.startswith(RAISES):
        return None
    return Diagnosis("not-raised", failure.line, {"name": failure.expected.removeprefix(RAISES)})


def printed(source: Source, failure: Failure) -> Diagnosis | None:
    """The answer is printed, and None is returned."""
    function = source.functions.get(source.entry)
    if function is None or failure.got != "None" or any(r.value for r in returns(function)):
        return None
    for node in own(function):
        if called(node) == "print":
            return Diagnosis("print-for-return", getattr(node, "lineno", None))
    return None


def missing(source: Source, failure: Failure) -> Diagnosis | None:
    """None came out: no `return` with a value, or a way to the end of the function without one."""
    function = source.functions.get(source.entry)
    if function is None or failure.got != "None" or failure.expected == "None":
        return None
    given = [r for r in returns(function) if r.value is not None]
    if not given:
        return Diagnosis("missing-return", function.body[-1].lineno, {"name": function.name})
    if not ends(function.body) and failure.line not in {r.lineno for r in given}:
        return Diagnosis("missing-path", function.body[-1].lineno, {"name": function.name})
    return None


def early(source: Source, failure: Failure) -> Diagnosis | None:
    """A loop whose body always returns never sees a second element."""
    for function in source.at(failure.line):
        for loop in loops(function):
            exits = [n for n in own(loop) if isinstance(n, ast.Return)]
            here = failure.line is None or failure.line in {r.lineno for r in exits}
            if exits and here and ends(loop.body):
                last = loop.body[-1]
                line = last.lineno if isinstance(last, ast.Return) else max(r.lineno for r in exits)
                return Diagnosis("early-return", line, {"loop": str(loop.lineno)})
    return None


def unreachable(source: Source, failure: Failure) -> Diagnosis | None:
    """A statement that stands after return, raise, break or continue in its own block."""
    for function in source.at(failure.line):
        for block in blocks(function):
            for before, after in itertools.pairwise(block):
                if isinstance(before, ast.Return | ast.Raise | ast.Break | ast.Continue):
                    return Diagnosis("unreachable-code", after.lineno, {"before": str(before.lineno)})
    return None
