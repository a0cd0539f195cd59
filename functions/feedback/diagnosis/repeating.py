"""What if a loop began, went on or ended otherwise? Places of loops where a common mistake is made, in another form."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from functions.feedback.diagnosis.looping import mutated
from functions.feedback.diagnosis.source import Diagnosis, assigned, own, parameters, reads, written
from functions.feedback.diagnosis.trying import Trial, WhatIf, fresh, inside, number, plus, read, set_before
from functions.feedback.failure import value

FAR = 10**9
"""Stands for a start that is beyond every element."""


def spans(trial: Trial) -> Iterator[WhatIf]:
    """`range` that leaves out the first or last element, stops before the number it should reach, or after it; a slice
    that leaves one out."""
    for function, node in trial.nodes:
        match node:
            case ast.Call(func=ast.Name(id="range"), args=[*_, _] as args, keywords=[]):
                words = {"range": written(node), "name": _index(function, node)}
                for cause, other in _other_spans(args):
                    yield WhatIf(Diagnosis(cause, node.lineno, words), {id(node): fresh(node, args=other)})
            case ast.Subscript(slice=ast.Slice(lower=low, upper=high, step=None) as of):
                found = Diagnosis("slice-leaves-out", node.lineno, {"slice": written(node)})
                if isinstance(low, ast.Constant) and low.value == 1:
                    yield WhatIf(found, {id(node): fresh(node, slice=fresh(of, lower=None))})
                if isinstance(high, ast.UnaryOp):
                    yield WhatIf(found, {id(node): fresh(node, slice=fresh(of, upper=None))})
                elif high is not None:
                    yield WhatIf(found, {id(node): fresh(node, slice=fresh(of, upper=plus(high, 1)))})
            case _:
                continue


def carried_over(trial: Trial) -> Iterator[WhatIf]:
    """What should begin anew, on each pass or where a stretch ends, and goes on from its old value."""
    for function, loop in trial.loops():
        for one, first in set_before(function, loop):
            if not isinstance(first.value, ast.Constant | ast.List | ast.Dict | ast.Set):
                continue
            words = {"name": one, "loop": str(loop.lineno)}
            anew: list[ast.stmt] = [fresh(loop, body=[fresh(first), *loop.body])]
            yield WhatIf(Diagnosis("carried-over", first.lineno, words), {id(loop): anew})
            for node in inside(loop):
                if isinstance(node, ast.If) and one not in _stored(node.orelse):
                    told = Diagnosis("not-reset", node.lineno, {"name": one, "test": written(node.test)})
                    yield WhatIf(told, {id(node): fresh(node, orelse=[*node.orelse, fresh(first)])})


def left_at_end(trial: Trial) -> Iterator[WhatIf]:
    """What was gathered on the way is only taken in when a stretch is broken off: the last one ends with the loop."""
    for function, loop in trial.loops():
        before = {n.id for n in own(function) if isinstance(n, ast.Name) and n.lineno < loop.lineno}
        gathered = before & (assigned(loop) | mutated(loop))
        for branch in (
            block for node in inside(loop) if isinstance(node, ast.If) for block in (node.body, node.orelse)
        ):
            for node in branch:
                match node:
                    case ast.Assign(targets=[ast.Name(id=one)]) | ast.AugAssign(target=ast.Name(id=one)):
                        pass
                    case ast.Expr(value=ast.Call(func=ast.Attribute(value=ast.Name(id=one)))):
                        pass
                    case _:
                        continue
                if one in gathered and reads(node) & gathered - {one}:
                    found = Diagnosis("left-at-end", node.lineno, {"loop": str(loop.lineno)})
                    yield WhatIf(found, {id(loop): [fresh(loop), fresh(node)]})


def decided_by_last(trial: Trial) -> Iterator[WhatIf]:
    """A finding that a later pass takes back, or replaces by its own."""
    for _, loop in trial.loops():
        for node in inside(loop):
            match node:
                case ast.Assign(targets=[ast.Name(id=one)], value=given):
                    found = Diagnosis("decided-by-last", node.lineno, {"name": one})
                    if isinstance(given, ast.Constant):
                        yield WhatIf(found, {id(node): []})
                    yield WhatIf(found, {id(node): [fresh(node), ast.Break()]})
                case _:
                    continue


def replaced(trial: Trial) -> Iterator[WhatIf]:
    """A name that should grow, and gets a new value instead."""
    for function, loop in trial.loops():
        names = {one for one, _ in set_before(function, loop)}
        for node in inside(loop):
            match node:
                case ast.Assign(targets=[ast.Name(id=one) as target], value=by) if one in names - reads(node):
                    grown = ast.AugAssign(fresh(target), ast.Add(), by)
                    yield WhatIf(Diagnosis("replaced-each-pass", node.lineno, {"name": one}), {id(node): grown})
                case _:
                    continue


def other_start(trial: Trial) -> Iterator[WhatIf]:
    """A value before a loop that shows in the answer."""
    for function, loop in trial.loops():
        for one, first in set_before(function, loop):
            given = value(ast.unparse(first.value))
            plain = isinstance(given, int | float) and not isinstance(given, bool)
            if not plain and isinstance(first.value, ast.Constant | ast.List | ast.Dict | ast.Call):
                continue
            words = {"name": one, "value": written(first.value)}
            for other in (0, 1, -FAR, FAR):
                if given != other:
                    start = fresh(first, value=number(other))
                    yield WhatIf(Diagnosis("initial-value", first.lineno, words), {id(first): start})


def counted_from_zero(trial: Trial) -> Iterator[WhatIf]:
    """A place in a list that is told, and counted from 0."""
    for function, node in trial.nodes:
        match node:
            case ast.Name(id=one, ctx=ast.Load()) if one in _indexes(function):
                pass
            case ast.Call(func=ast.Attribute(attr="index" | "find")):
                one = written(node)
            case _:
                continue
        if not _within_subscript(function, node):
            found = Diagnosis("counted-from-zero", node.lineno, {"name": one})
            yield WhatIf(found, {id(node): plus(node, 1)})


def other_step(trial: Trial) -> Iterator[WhatIf]:
    """A name that grows by something else than is wanted: by the thing where things are counted, or the other way."""
    for _, loop in trial.loops():
        walked = [loop.target.id] if isinstance(loop, ast.For) and isinstance(loop.target, ast.Name) else []
        for node in inside(loop):
            match node:
                case ast.AugAssign(target=ast.Name(id=one), value=by):
                    pass
                case ast.Assign(targets=[ast.Name(id=one)], value=ast.BinOp(left=ast.Name(id=same), right=by)) if (
                    one == same
                ):
                    pass
                case _:
                    continue
            counts = isinstance(by, ast.Constant) and by.value == 1
            found = Diagnosis("other-step", node.lineno, {"name": one, "by": written(by)})
            for other in map(read, walked) if counts else (number(1),):
                yield WhatIf(found, {id(by): other})


def other_walk(trial: Trial) -> Iterator[WhatIf]:
    """A loop over one parameter, where another should be gone through."""
    for function, node in trial.nodes:
        match node:
            case ast.For(iter=ast.Name(id=one) as walked) | ast.comprehension(iter=ast.Name(id=one) as walked):
                for other in parameters(function):
                    if one in parameters(function) and other != one:
                        found = Diagnosis("other-walk", walked.lineno, {"name": one})
                        yield WhatIf(found, {id(walked): read(other)})
            case _:
                continue


def kept_between_calls(trial: Trial) -> Diagnosis | None:
    """In a program that has just begun the call comes out right: a name outside the function keeps what earlier calls
    left there."""
    for function, node in trial.nodes:
        for one in node.names if isinstance(node, ast.Global) else sorted(mutated(function) - assigned(function)):
            for outer in trial.source.tree.body:
                match outer:
                    case ast.Assign(targets=[ast.Name(id=same)]) if same == one:
                        return Diagnosis("kept-between-calls", outer.lineno, {"name": one})
                    case _:
                        continue
    return None


def _other_spans(args: list[ast.expr]) -> Iterator[tuple[str, list[ast.expr]]]:
    start, stop, *step = [number(0), *args] if len(args) == 1 else args
    back = -1 if step and value(ast.unparse(step[0])) in (-1, -2) else 1
    last = "range-misses-last" if "len(" in ast.unparse(stop) else "range-stops-short"
    yield last, [start, plus(stop, back), *step]
    if len(args) == 1:
        yield last, [number(1), plus(stop, 1)]
    if isinstance(start, ast.Constant) and start.value == 1:
        yield "range-misses-first", [number(0), stop, *step]
    yield "range-goes-too-far", [start, plus(stop, -back), *step]


def _index(function: ast.FunctionDef, walked: ast.expr) -> str:
    """The name that takes the values one by one; else the expression itself."""
    for node in own(function):
        match node:
            case ast.For(target=target, iter=over) | ast.comprehension(target=target, iter=over) if over is walked:
                return written(target)
            case _:
                continue
    return written(walked)


def _indexes(function: ast.FunctionDef) -> set[str]:
    """Names that count from 0 in a loop."""
    found = set()
    for node in own(function):
        match node:
            case (
                ast.For(target=target, iter=ast.Call(func=ast.Name(id=called), args=[_], keywords=[]))
                | ast.comprehension(target=target, iter=ast.Call(func=ast.Name(id=called), args=[_], keywords=[]))
            ):
                first = target.elts[0] if isinstance(target, ast.Tuple) and called == "enumerate" else target
                if called in ("range", "enumerate") and isinstance(first, ast.Name):
                    found.add(first.id)
            case _:
                continue
    return found


def _within_subscript(function: ast.FunctionDef, inner: ast.AST) -> bool:
    return any(
        isinstance(node, ast.Subscript) and any(inner is part for part in (node.slice, *own(node.slice)))
        for node in own(function)
    )


def _stored(block: list[ast.stmt]) -> set[str]:
    return {name for statement in block for name in assigned(statement)}
