"""Rules about loops: how far they go, what they start from, what they forget, and whether they end."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from typing import Any

from functions.feedback.diagnosis.source import (
    Diagnosis,
    Loop,
    Source,
    assigned,
    called,
    loops,
    own,
    reads,
    written,
)
from functions.feedback.diagnosis.trying import inside, trial
from functions.feedback.failure import UNKNOWN, Failure, is_number, value

GROWING = {"append", "add", "extend", "insert", "update"}
SHRINKING = {"remove", "pop", "clear", "discard", "insert", "append"}


def reset(source: Source, failure: Failure) -> Diagnosis | None:
    """An accumulator that gets its first value anew on every pass, and is only collected into there."""
    for function in source.at(failure.line):
        for loop in loops(function):
            for name, line in _set_anew(loop):
                grows = _accumulations(loop, name)
                after = {n.lineno for n in own(function) if isinstance(n, ast.Name) and n.id == name}
                if grows and not _read_otherwise(loop, name) and max(after) > (loop.end_lineno or 0):
                    return Diagnosis("accumulator-reset", line, {"name": name, "loop": str(loop.lineno)})
    return None


def start_value(source: Source, failure: Failure) -> Diagnosis | None:
    """The first value given before a loop came out again, or was added on top of the answer."""
    got, expected = value(failure.got), value(failure.expected) if failure.expected else UNKNOWN
    if not is_number(got):
        return None
    for function in source.at(failure.line):
        for loop in loops(function):
            for name, first, line in _set_before(function, loop):
                words = {"name": name, "value": repr(first)}
                if _multiplied(loop, name) and first == 0 and got == 0:
                    return Diagnosis("initial-value", line, words)
                found = _kept(loop, name, first, got, expected)
                if found and not (found == "never-replaced" and _replaced(source, failure, loop, name)):
                    return Diagnosis(found, line if found == "initial-value" else loop.lineno, words)
                added = _accumulations(loop, name) and first != 0 and is_number(expected)
                if added and got - expected == first:
                    return Diagnosis("initial-value", line, words)
    return None


def changed_meanwhile(source: Source, failure: Failure) -> Diagnosis | None:
    """A list that is shortened or lengthened while a `for` walks over it."""
    for function in source.at(failure.line):
        for loop in loops(function):
            if isinstance(loop, ast.For) and isinstance(loop.iter, ast.Name):
                for node in own(loop):
                    match node:
                        case ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr=method)) if (
                            name == loop.iter.id and method in SHRINKING
                        ):
                            return Diagnosis("changed-while-looping", node.lineno, {"name": name})
                        case _:
                            continue
    return None


def endless(source: Source, failure: Failure) -> Diagnosis | None:
    """For a run out of time: the loop whose condition nothing in it can change; else the list that grows under it."""
    for function in source.at(failure.line):
        for loop in loops(function):
            if not isinstance(loop, ast.While) or _leaves(loop):
                continue
            names = reads(loop.test) | ({loop.test.id} if isinstance(loop.test, ast.Name) else set())
            moving = assigned(loop) | mutated(loop)
            if not names & moving:
                name = min(names, default="")
                cause = "endless-loop" if name else "endless-true"
                return Diagnosis(cause, loop.lineno, {"test": written(loop.test), "name": name})
    grows = changed_meanwhile(source, failure)
    if grows:
        return grows
    whiles = [n for f in source.at(failure.line) for n in loops(f) if isinstance(n, ast.While)]
    stays = next(filter(None, map(_stands_still, whiles)), None)
    if stays:
        return stays
    if whiles:
        return Diagnosis("maybe-endless", whiles[0].lineno, {"test": written(whiles[0].test)})
    for function in source.at(failure.line):
        for node in own(function):
            if called(node) == function.name:
                return Diagnosis("endless-recursion", getattr(node, "lineno", None), {"name": function.name})
    return None


def _stands_still(loop: ast.While) -> Diagnosis | None:
    names = reads(loop.test)
    moved = names & (assigned(loop) | mutated(loop))
    if moved and _stays(loop.body, names):
        return Diagnosis("stands-still", loop.lineno, {"test": written(loop.test), "name": min(moved)})
    return None


def _stays(block: Sequence[ast.stmt], names: set[str]) -> bool:
    """Is there a way through the block, to its end or to `continue`, on which none of the names gets a value, and
    nothing is done to what they name?"""
    for statement in block:
        if isinstance(statement, ast.Continue):
            return True
        if isinstance(statement, ast.If):
            if any(isinstance(n, ast.Continue) for n in inside(statement)) and (
                _skips(statement.body, names) or _skips(statement.orelse, names)
            ):
                return True
            if _stays(statement.body, names) or _stays(statement.orelse, names):
                continue
            return False
        if isinstance(statement, ast.Break | ast.Return | ast.Raise):
            return False
        if names & (assigned(statement) | _touched(statement)):
            return False
    return True


def _skips(block: Sequence[ast.stmt], names: set[str]) -> bool:
    return bool(block) and isinstance(block[-1], ast.Continue) and _stays(block, names)


def _set_anew(loop: Loop) -> Iterator[tuple[str, int]]:
    for statement in loop.body:
        match statement:
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Constant() | ast.List() | ast.Dict()):
                yield name, statement.lineno
            case _:
                continue


def _set_before(function: ast.FunctionDef, loop: Loop) -> Iterator[tuple[str, Any, int]]:
    for node in own(function):
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=given) if node.lineno < loop.lineno:
                first = value(ast.unparse(given))
                if is_number(first):
                    yield name, first, node.lineno
            case _:
                continue


def _accumulations(loop: Loop, name: str) -> list[ast.AST]:
    """Where `name` grows from itself: `+=`, `x = x + …`, `x.append(…)`, `x[k] = …`."""
    found: list[ast.AST] = []
    for node in own(loop):
        match node:
            case ast.AugAssign(target=ast.Name(id=n)) if n == name:
                found.append(node)
            case ast.Assign(targets=[ast.Name(id=n)], value=ast.BinOp() as sum_) if n == name and n in reads(sum_):
                found.append(node)
            case ast.Call(func=ast.Attribute(value=ast.Name(id=n), attr=method)) if n == name and method in GROWING:
                found.append(node)
            case ast.Assign(targets=[ast.Subscript(value=ast.Name(id=n))]) if n == name:
                found.append(node)
            case _:
                continue
    return found


def _read_otherwise(loop: Loop, name: str) -> bool:
    """Is the value itself used in the loop, beyond growing, its elements and its length?"""
    inside = {id(n) for grows in _accumulations(loop, name) for n in own(grows)}
    for node in own(loop):
        match node:
            case ast.Subscript(value=of) | ast.Attribute(value=of) | ast.Compare(comparators=[of]):
                if not isinstance(node, ast.Compare) or isinstance(node.ops[0], ast.In | ast.NotIn):
                    inside.add(id(of))
            case _:
                continue
    return any(
        isinstance(n, ast.Name) and n.id == name and isinstance(n.ctx, ast.Load) and id(n) not in inside
        for n in own(loop)
    )


def _multiplied(loop: Loop, name: str) -> bool:
    return any(
        (isinstance(n, ast.AugAssign) and isinstance(n.op, ast.Mult))
        or (isinstance(n, ast.Assign) and isinstance(n.value, ast.BinOp) and isinstance(n.value.op, ast.Mult))
        for n in _accumulations(loop, name)
    )


def _replaced(source: Source, failure: Failure, loop: Loop, name: str) -> bool:
    """Did it get another value on the way, as far as the call can be followed?"""
    tried = trial(source, failure)
    return tried is not None and any(
        isinstance(node, ast.Assign) and id(node) in tried.asked.follower.reached and name in assigned(node)
        for node in inside(loop)
    )


def _kept(loop: Loop, name: str, first: Any, got: Any, expected: Any) -> str:
    """Of a best so far that came out as it went in: is its start beyond every element, or was it never replaced?"""
    if got != first or name not in assigned(loop) or _accumulations(loop, name) or not is_number(expected):
        return ""
    for node in own(loop):
        match node:
            case ast.Compare(ops=[ast.Gt() | ast.GtE()], comparators=[ast.Name(id=n)]) if n == name:
                rising = True
            case ast.Compare(left=ast.Name(id=n), ops=[ast.Lt() | ast.LtE()]) if n == name:
                rising = True
            case ast.Call(func=ast.Name(id="max")) if name in reads(node):
                rising = True
            case ast.Compare() | ast.Call(func=ast.Name(id="min")) if name in reads(node):
                rising = False
            case _:
                continue
        return "initial-value" if (expected < first) == rising else "never-replaced"
    return ""


def _leaves(loop: Loop) -> bool:
    return any(isinstance(n, ast.Break | ast.Return | ast.Raise) for n in own(loop))


def _touched(node: ast.stmt) -> set[str]:
    """Of a single statement: names something is done to, or that are handed to something that may."""
    handed = {n.id for c in own(node) if isinstance(c, ast.Call) for n in c.args if isinstance(n, ast.Name)}
    return handed | mutated(node)


def mutated(loop: ast.AST) -> set[str]:
    """Names something is done to: a method called on them, an item set or deleted."""
    found = set()
    for node in own(loop):
        match node:
            case ast.Call(func=ast.Attribute(value=ast.Name(id=name))):
                found.add(name)
            case ast.Subscript(value=ast.Name(id=name), ctx=ast.Store() | ast.Del()):
                found.add(name)
            case _:
                continue
    return found
