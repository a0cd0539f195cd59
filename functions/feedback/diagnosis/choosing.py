"""Rules about conditions: boundaries, branches that are never reached, comparisons that do not compare."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from itertools import pairwise

from functions.feedback.diagnosis.evaluating import ORDER
from functions.feedback.diagnosis.source import Block, Diagnosis, Source, blocks, ends, own, written
from functions.feedback.diagnosis.trying import Trial, WhatIf, fresh
from functions.feedback.failure import Failure, is_number, value

SIGNS: Mapping[type[ast.cmpop], str] = {ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">="}
STRICT: Mapping[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt,
}  # fmt: skip
TURNED: Mapping[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.Gt, ast.Gt: ast.Lt, ast.LtE: ast.GtE, ast.GtE: ast.LtE, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.In: ast.NotIn, ast.NotIn: ast.In,
}  # fmt: skip


def boundaries(trial: Trial) -> Iterator[WhatIf]:
    """A comparison whose two sides were equal for this input: the one place where `<` and `<=` differ."""
    for (of, at), both in trial.asked.follower.equal.items():
        for _, node in trial.nodes:
            if id(node) == of and isinstance(node, ast.Compare):
                sign = node.ops[at]
                words = {"test": written(node), "value": repr(both), "sign": SIGNS[type(sign)]}
                other = [*node.ops[:at], STRICT[type(sign)](), *node.ops[at + 1 :]]
                yield WhatIf(Diagnosis("boundary", node.lineno, words), {of: fresh(node, ops=other)})


def turned(trial: Trial) -> Iterator[WhatIf]:
    """A condition that asks for the opposite, or joins two questions with the other word."""
    for _, node in trial.nodes:
        match node:
            case ast.Compare(ops=[sign]) if type(sign) in TURNED:
                other: ast.expr = fresh(node, ops=[TURNED[type(sign)]()])
            case ast.BoolOp(op=word):
                other = fresh(node, op=ast.And() if isinstance(word, ast.Or) else ast.Or())
            case _:
                continue
        yield WhatIf(Diagnosis("deciding-test", node.lineno, {"test": written(node)}), {id(node): other})


def zero_as_false(trial: Trial) -> Iterator[WhatIf]:
    """`if price:` where a price of 0 is one."""
    nothing = trial.asked.follower.nothing
    for _, node in trial.nodes:
        match node:
            case ast.BoolOp(op=ast.Or(), values=[first, *_]) if id(first) in nothing:
                other: ast.expr = fresh(first)
                asked = first
            case ast.expr() if id(node) in nothing and not isinstance(node, ast.Compare | ast.BoolOp):
                other = ast.Compare(fresh(node), [ast.IsNot()], [ast.Constant(None)])
                asked = node
            case _:
                continue
        words = {"test": written(asked), "value": repr(nothing[id(asked)])}
        yield WhatIf(Diagnosis("zero-as-false", asked.lineno, words), {id(node): other})


def later_if(trial: Trial) -> Iterator[WhatIf]:
    """`if`, `if`, `if` where the first that holds should be the last that is asked."""
    held = trial.asked.follower.held
    for block in _blocks(trial):
        for run in _runs(block):
            *before, last = run
            chain: ast.If = fresh(last)
            for one in reversed(before):
                chain = fresh(one, orelse=[chain])
            first = next((at for at, one in enumerate(run) if id(one.test) in held), len(run))
            later = next((one for one in run[first + 1 :] if id(one.test) in held or one.orelse), None)
            if later is not None:
                words = {"test": written(later.test), "before": str(run[first].lineno)}
                swaps: dict[int, ast.AST | list[ast.stmt]] = {id(one): [] for one in run[1:]}
                yield WhatIf(Diagnosis("later-if", later.lineno, words), swaps | {id(run[0]): [chain]})


def asked_late(trial: Trial) -> Iterator[WhatIf]:
    """A branch that would have answered, had one above it not held first."""
    held = trial.asked.follower.held
    for _, node in trial.nodes:
        if isinstance(node, ast.If):
            chain = _chain(node)
            for at, one in enumerate(chain[1:], 1):
                first = next((before for before in chain[:at] if id(before.test) in held), None)
                if first is not None:
                    rest = chain[-1].orelse
                    for other in reversed(chain):
                        if other is not one:
                            rest = [fresh(other, orelse=rest)]
                    words = {"test": written(one.test), "before": str(first.lineno)}
                    yield WhatIf(Diagnosis("asked-late", one.test.lineno, words), {id(node): [fresh(one, orelse=rest)]})
    for block in _blocks(trial):
        for at, after in enumerate(block):
            for before in block[:at]:
                match after, before:
                    case ast.If(orelse=[]) as one, ast.If(test=test) if id(test) in held and ends(before.body):
                        words = {"test": written(one.test), "before": str(before.lineno)}
                        ahead = {id(before): [fresh(one), fresh(before)]}
                        yield WhatIf(Diagnosis("asked-late", one.test.lineno, words), ahead)


def _blocks(trial: Trial) -> Iterator[Block]:
    for function in trial.functions():
        yield from blocks(function)


def _runs(block: Block) -> Iterator[list[ast.If]]:
    """One `if` after another, of which only the last has an `else`, and none leaves."""
    run: list[ast.If] = []
    for statement in [*block, ast.Pass()]:
        if isinstance(statement, ast.If) and not (run and run[-1].orelse) and not ends(statement.body):
            run.append(statement)
        else:
            if len(run) > 1:
                yield run
            run = []


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
            if not (is_number(low) and is_number(high)):
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
