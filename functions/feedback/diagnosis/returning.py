"""Rules about what a function gives back, and when."""

from __future__ import annotations

import ast
import itertools
from collections.abc import Iterator

from functions.feedback.diagnosis.source import (
    Diagnosis,
    Source,
    blocks,
    called,
    ends,
    loops,
    own,
    reads,
    returns,
)
from functions.feedback.diagnosis.trying import Trial, WhatIf, fresh, inside
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
    if (
        function is None
        or failure.got != "None"
        or any(r.value and called(r.value) != "print" for r in returns(function))
    ):
        return None
    prints = [node for node in own(function) if called(node) == "print"]
    lines = [getattr(node, "lineno", None) for node in prints]
    if not lines:
        return None
    return Diagnosis("print-for-return", failure.line if failure.line in lines else lines[-1])


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
                line = failure.line or exits[-1].lineno
                return Diagnosis("early-return", line, {"loop": str(loop.lineno)})
    return None


def in_loop(trial: Trial) -> Iterator[WhatIf]:
    """A `return` within a loop that belongs after it, and says nothing of the element that is there."""
    for _, loop in trial.loops():
        walked = (
            {n.id for n in ast.walk(loop.target) if isinstance(n, ast.Name)} if isinstance(loop, ast.For) else set()
        )
        for node in inside(loop):
            if isinstance(node, ast.Return) and node.lineno == trial.failure.line and not walked & reads(node):
                found = Diagnosis("return-in-loop", node.lineno, {"loop": str(loop.lineno)})
                yield WhatIf(found, {id(node): [], id(loop): [fresh(loop), fresh(node)]})


def unreachable(source: Source, failure: Failure) -> Diagnosis | None:
    """A statement that stands after return, raise, break or continue in its own block."""
    for function in source.at(failure.line):
        for block in blocks(function):
            for before, after in itertools.pairwise(block):
                if isinstance(before, ast.Return | ast.Raise | ast.Break | ast.Continue):
                    return Diagnosis("unreachable-code", after.lineno, {"before": str(before.lineno)})
    return None
