"""Rules about functions that call themselves: the base case, what it answers, and whether it is met at all."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from functions.feedback.diagnosis.calling import Chain, always, answers, calls, chain, steps
from functions.feedback.diagnosis.source import Diagnosis, Source, ends, own, parameters, returns, written
from functions.feedback.diagnosis.working import NOTHING, Base, Change, TooHard, Working
from functions.feedback.failure import UNKNOWN, Failure, is_number, value

FAR = 500
"""An argument of this size may need more calls than Python makes, whatever the base case."""


def base(source: Source, failure: Failure) -> Diagnosis | None:
    """The call is worked out by hand; if another base case alone would have made it right, the base case is named."""
    function = source.functions.get(source.entry)
    got, expected = value(failure.got), value(failure.expected)
    unknown = any(x is UNKNOWN for x in (got, expected, *failure.arguments))
    if function is None or unknown or not calls(function, function.name):
        return None
    trial = Trial(Working(source.tree, function=function), failure.arguments, got, expected, chain(function))
    if _same(got, expected) or not trial.gives(got):
        return None
    met = [(_written(function, b), b) for b in trial.working.met if not calls(b.answer, function.name)]
    for cause, would_be_right in (("base-value", _value), ("base-early", _early), ("base-late", _late)):
        for call, one in dict(met).items():
            if would_be_right(trial, one):
                return Diagnosis(cause, one.answer.lineno, {"call": call, "value": repr(one.value)})
    return None


def missing(source: Source, failure: Failure) -> Diagnosis | None:
    """Every way through the function comes to another call of it before it can end."""
    for function in source.at(failure.line)[:1]:
        line = always(function.body, function.name)
        if line:
            return Diagnosis("base-missing", line, {"name": function.name})
    return None


def passed(source: Source, failure: Failure) -> Diagnosis | None:
    """The calls have gone past the base case: its condition, and a name in it as it was in the last call."""
    if not failure.visible or any(_far(argument) for argument in failure.arguments):
        return None
    for function in source.at(failure.line)[:1]:
        for node in own(function) if calls(function, function.name) else ():
            if isinstance(node, ast.If) and answers(node.body, function.name):
                asked = {n.id for n in ast.walk(node.test) if isinstance(n, ast.Name)}
                for name in parameters(function):
                    if name in asked and name in failure.locals:
                        words = {"test": written(node.test), "name": name, "value": failure.locals[name]}
                        return Diagnosis("base-passed", node.test.lineno, words)
    return None


def beyond(source: Source, failure: Failure) -> Diagnosis | None:
    """Nothing is left of a list or text that had something in it, and the function has called itself with that."""
    for function in source.at(failure.line)[:1]:
        given = dict(zip(parameters(function), failure.arguments, strict=False))
        used_up = any(given[name] and failure.locals.get(name) in ("[]", "''") for name in given)
        if used_up and calls(function, function.name):
            return missing(source, failure) or passed(source, failure)
    return None


def nothing(source: Source, failure: Failure) -> Diagnosis | None:
    """None came from a call of the function itself: no way through it gives a value without another call."""
    for function in source.at(failure.line)[:1]:
        here = any(calls(n, function.name) for n in own(function) if getattr(n, "lineno", None) == failure.line)
        valued = [r for r in returns(function) if not (r.value is None or _none(r.value))]
        if here and not ends(function.body) and all(calls(r, function.name) for r in valued):
            return Diagnosis("base-none", failure.line, {"name": function.name})
    return None


@dataclass(frozen=True, slots=True)
class Trial:
    """One call, what came of it, what should have, and what the function makes of its calls' answers."""

    working: Working
    arguments: tuple[Any, ...]
    got: Any
    expected: Any
    chain: Chain

    def gives(self, wanted: Any, change: Change | None = None) -> bool:
        try:
            return _same(self.working.worked(self.arguments, change), wanted)
        except TooHard:
            return False


def _value(trial: Trial, one: Base) -> bool:
    """With another value. The best of all is the base case's own where that came out, and was beyond the right one."""
    if trial.chain in ("max", "min"):
        kept = _same(one.value, trial.got) and is_number(trial.got) and is_number(trial.expected)
        return kept and bool(trial.expected < trial.got if trial.chain == "max" else trial.expected > trial.got)
    return any(trial.gives(trial.expected, change) for change in _others(trial, one))


def _early(trial: Trial, one: Base) -> bool:
    """With one call more, that ends in what changes nothing."""
    if trial.chain == "calls":
        return False
    rest = one.value if trial.chain in ("max", "min") else _neutral(trial.chain, one.value)
    further = (Change(one.answer, "further", rest, by) for by in steps(trial.working.function))
    return any(trial.gives(trial.expected, change) for change in further)


def _late(trial: Trial, one: Base) -> bool:
    """With one call less. Only where a number went below zero: that a list is used up is as it should be."""
    below = any(is_number(x) and x < 0 for x in one.arguments)
    return below and trial.chain in ("sum", "product") and trial.gives(trial.expected, Change(one.answer, "sooner"))


def _others(trial: Trial, one: Base) -> Iterator[Change]:
    """Values this base case may have been meant to have: what changes nothing, where nothing is left; of calls that are
    added up none, one, or what was asked; the one way to do nothing, where no way at all came back."""
    now, asked = one.value, one.arguments
    if trial.chain == "calls" and all(map(is_number, (now, *asked))):
        below = any(x < 0 for x in asked)
        yield from (Change(one.answer, "value", x) for x in (0, 1) if x != now and not (x and below))
        if asked[0] != now and not below:
            yield Change(one.answer, "asked")
    elif trial.chain in ("calls", "") and now == [] == trial.got:
        yield Change(one.answer, "value", [[]])
        yield Change(one.answer, "value", [""])
    elif trial.chain and (_nothing_left(trial, one) or (trial.chain == "product" and now == 0)):
        neutral = _neutral(trial.chain, now)
        if not _same(neutral, now):
            yield Change(one.answer, "value", neutral)


def _nothing_left(trial: Trial, one: Base) -> bool:
    """Is one of the arguments that the calls have changed used up? Of them all, where the first call was the last."""
    changed = [now for now, first in zip(one.arguments, trial.arguments, strict=False) if now != first]
    return not all(changed or one.arguments)


def _neutral(made: Chain, now: Any) -> Any:
    """What changes nothing in such a chain, of the kind that is there. Where the next call's answer is handed on as it
    is (NOTHING), what the base case would say of it."""
    match made, now:
        case "", _:
            return NOTHING
        case "sum", str():
            return ""
        case "sum", list():
            return []
        case "product", _:
            return 1
        case "all" | "any", _:
            return made == "all"
        case _:
            return 0


def _written(function: ast.FunctionDef, one: Base) -> str:
    return f"{function.name}({', '.join(map(repr, one.arguments))})"


def _none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def _same(a: Any, b: Any) -> bool:
    return bool(a == b) and isinstance(a, bool) == isinstance(b, bool)


def _far(argument: object) -> bool:
    size = argument if isinstance(argument, int) else len(argument) if isinstance(argument, str | list) else 0
    return abs(size) > FAR
