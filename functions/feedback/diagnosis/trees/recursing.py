"""Rules about functions that call themselves: the base case, what it answers, and whether it is met at all."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from functions.feedback.diagnosis import literals
from functions.feedback.diagnosis.source import Diagnosis
from functions.feedback.diagnosis.trees.seeing import Seen, agree, constant, other
from functions.feedback.diagnosis.trees.tree import (
    Node,
    called,
    is_name,
    own,
    parameters,
    returns,
    shown,
    statements,
)
from functions.feedback.diagnosis.trees.walking.expressions import CONSTANTS
from functions.feedback.diagnosis.trees.walking.notes import Call


def base(seen: Seen) -> Diagnosis | None:
    """If another base case alone would have made the answer right, the base case is named."""
    for function in seen.tree.ordered():
        steps = [r for r in returns(function) if _calls(r, function.sign)]
        if not steps or not seen.agrees:
            continue
        made = _chain(steps, function.sign)
        for cause, would_be_right in (("base-value", _value), ("base-early", _early), ("base-late", _late)):
            for call in _bases(seen, function):
                if call.at is not None and would_be_right(seen, function, call, made):
                    asked = ", ".join(map(literals.written, call.arguments))
                    words = {"call": f"{function.sign}({asked})", "value": literals.written(call.value)}
                    return Diagnosis(cause, call.at.line, words)
    return None


def missing(seen: Seen) -> Diagnosis | None:
    """Every way through the function comes to another call of it before it can end."""
    for function in seen.tree.ordered():
        body = function.get("body")
        line = _always(statements(body), function.sign) if body is not None else None
        if line:
            return Diagnosis("base-missing", line, {"name": function.sign})
    return None


def passed(seen: Seen) -> Diagnosis | None:
    """The calls go past the base case: an equality that no call's argument meets."""
    if not seen.agrees:
        return None
    for function in seen.tree.ordered():
        calls = [call for call in seen.notes.calls if call.function == function.sign]
        for node in own(function):
            test = node.get("test") if node.kind in {"if", "choice"} else None
            if test is None or test.kind != "binary" or test.sign not in {"==", "==="} or len(calls) < 3:
                continue
            for place, name in enumerate(parameters(function)):
                if is_name(test.roles["left"], name) and test.roles["right"].kind == "number":
                    values = {literals.written(call.arguments[place]) for call in calls if place < len(call.arguments)}
                    if len(values) > 2 and literals.written(literals.read(test.roles["right"].text)) not in values:
                        return Diagnosis("base-passed-by", test.line, {"test": shown(test), "name": name})
    return None


def _bases(seen: Seen, function: Node) -> Iterator[Call]:
    """The calls that answered without another one, each base case once, the last first."""
    met: set[tuple[Node | None, str]] = set()
    for call in seen.notes.calls[::-1]:
        key = call.at, repr(call.arguments)
        if call.function == function.sign and not call.inner and call.outer is not None and key not in met:
            met.add(key)
            if call.at is not None and not _calls(call.at, function.sign):
                yield call


def _value(seen: Seen, function: Node, call: Call, made: str) -> bool:
    now, asked = call.value, call.arguments
    for other_value in _others(made, now, asked, function, call):
        if not agree(other_value, now) and seen.right_with({}, [(function.sign, asked, other_value)], everywhere=True):
            return True
    return False


def _others(made: str, now: Any, asked: tuple[Any, ...], function: Node, call: Call) -> Iterator[Any]:
    """Values that this base case may have been meant to have: what changes nothing, where nothing is left."""
    numbers = all(isinstance(one, int) and not isinstance(one, bool) for one in (now, *asked)) and asked
    if made == "calls" and numbers:
        below = any(one < 0 for one in asked)
        yield from (one for one in (0, 1) if not (one and below))
        if not below:
            yield asked[0]
    elif made == "product" and now == 0:
        yield 1
    elif made in NEUTRAL and _nothing_left(call):
        yield CONSTANTS[NEUTRAL[made]] if made != "sum" else "" if isinstance(now, str) else 0
    elif made in {"calls", "list"} and now == []:
        yield [[]]


def _nothing_left(call: Call) -> bool:
    first = call
    while first.outer is not None and first.outer.function == call.function:
        first = first.outer
    changed = [now for now, before in zip(call.arguments, first.arguments, strict=False) if now != before]
    return not all(changed or call.arguments)


def _early(seen: Seen, function: Node, call: Call, made: str) -> bool:
    """With one call more, that ends in what changes nothing."""
    if made not in NEUTRAL or call.at is None:
        return False
    name = NEUTRAL[made] if not (made == "sum" and isinstance(call.value, str)) else "text"
    for step in (r for r in returns(function) if _calls(r, function.sign)):
        value = step.get("value")
        if value is not None and call.at.kind == "return":
            further = Node(
                "further", step.line, step.text, function.sign, roles={"value": value, "by": constant(value, name)}
            )
            if seen.right_with({call.at: other(call.at, roles={"value": further})}, everywhere=True):
                return True
    return False


def _late(seen: Seen, function: Node, call: Call, made: str) -> bool:
    """With one call less. Only where a number went below zero: that a list is used up is as it should be."""
    before = call.outer
    below = any(isinstance(one, int | float) and one < 0 for one in call.arguments)
    if not below or before is None or before.outer is None or made not in {"sum", "product"}:
        return False
    return seen.right_with({}, [(function.sign, before.arguments, call.value)], everywhere=True)


NEUTRAL = {"sum": "0", "product": "1", "all": "true", "any": "false", "list": "list"}


def _chain(steps: list[Node], name: str) -> str:
    """What is made of a call's answer, in the first answer with a call in it."""
    value = steps[0].get("value")
    if value is None:
        return ""
    if value.kind == "choice":
        value = next((part for part in (value.roles["then"], value.roles["else"]) if _calls(part, name)), value)
    match value:
        case Node(kind="binary", sign="+") if sum(called(n) == name for n in own(value)) > 1:
            return "calls"
        case Node(kind="binary", sign=sign) if sign in {"+", "*", "&&", "||"}:
            return {"+": "sum", "*": "product", "&&": "all", "||": "any"}[sign]
        case Node(kind="list") | Node(kind="call"):
            return "list" if value.kind == "list" or called(value) in {"concat", "append"} else ""
        case _:
            return ""


def _calls(node: Node, name: str) -> bool:
    return any(n.kind == "call" and called(n) == name and n.roles["what"].kind == "name" for n in (node, *own(node)))


def _always(block: list[Node], name: str) -> int | None:
    """The line of a call that every way through `block` comes to; None where one may leave before."""
    for statement in block:
        if statement.kind == "if":
            test = _unguarded(statement.roles["test"], name)
            then, other_way = (_always(statements(statement.get(role)), name) for role in ("then", "else"))
            if test or (then and other_way):
                return test or then
        elif statement.kind in {"return", "declare", "assign", "expression"}:
            line = _unguarded(statement, name)
            if line:
                return line
        if any(n.kind in {"return", "throw"} for n in (statement, *own(statement))) or _panics(statement):
            return None
    return None


def _panics(node: Node) -> bool:
    return any(called(n) == "panic" for n in own(node))


def _unguarded(node: Node, name: str) -> int | None:
    """The line of a call that is made whatever a condition says."""
    left = [node]
    while left:
        here = left.pop()
        if here.kind == "call" and called(here) == name and here.roles["what"].kind == "name":
            return here.line
        if here.kind not in {"choice", "function"} and not (here.kind == "binary" and here.sign in {"&&", "||", "??"}):
            left.extend(here.children())
    return None
