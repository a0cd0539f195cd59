"""Rules about loops: how far they go, over what, what they start from, what they forget, and whether they end."""

from __future__ import annotations

from collections.abc import Iterator

from functions.feedback.diagnosis.source import Diagnosis
from functions.feedback.diagnosis.trees.seeing import Seen, constant, other
from functions.feedback.diagnosis.trees.tree import (
    Node,
    called,
    is_name,
    loops,
    names,
    on,
    own,
    set_in,
    shown,
    statements,
    targets,
)  # fmt: skip

FURTHER = {"<": "<=", "<=": "<", ">": ">=", ">=": ">"}
FIRST = frozenset({"number", "bool", "text"})


def span(seen: Seen) -> Diagnosis | None:
    """A loop that leaves out the first or last element, goes beyond the last, or stops before the number it should
    reach."""
    for function in seen.tree.ordered():
        for loop in loops(function):
            test, start = loop.get("test"), loop.get("start")
            if test is not None and test.kind == "binary" and test.sign in FURTHER and loop.kind in {"for", "while"}:
                found = _end(seen, loop, test)
                if found is not None:
                    return found
            if start is not None and start.kind == "declare" and "value" in start.roles:
                found = _start(seen, loop, start)
                if found is not None:
                    return found
    return None


def _end(seen: Seen, loop: Node, test: Node) -> Diagnosis | None:
    right = test.roles["right"]
    if _shortened(right) and seen.right_with({right: other(right.roles["left"])}, everywhere=True):
        return Diagnosis("range-misses-last", loop.line, {"range": shown(test), "name": _index(loop)})
    if not seen.right_with({test: other(test, sign=FURTHER[test.sign])}, everywhere=True):
        return None
    if test.sign == "<=" and _length(right):
        return Diagnosis("beyond-last", test.line, {"test": shown(test)})
    if test.sign == "<" and not _length(right):
        return Diagnosis("range-stops-short", test.line, {"range": shown(test), "name": _index(loop)})
    met = next((a for a, b in seen.notes.pairs.get(test, ()) if a == b), None)
    if met is None:
        return None
    return Diagnosis("boundary", test.line, {"test": shown(test), "value": str(met), "sign": test.sign})


def _start(seen: Seen, loop: Node, start: Node) -> Diagnosis | None:
    value = start.roles["value"]
    if value.text == "1" and seen.right_with({value: constant(value, "0")}, everywhere=True):
        return Diagnosis("range-misses-first", loop.line, {"range": shown(start).rstrip(";"), "name": _index(loop)})
    multiplies = any(n.kind == "assign" and n.sign == "*=" for n in own(loop))
    if value.text == "0" and multiplies and seen.right_with({value: constant(value, "1")}, everywhere=True):
        return Diagnosis("initial-value", loop.line, {"name": _index(loop), "value": "0"})
    return None


def beyond(seen: Seen) -> Diagnosis | None:
    """`i <= xs.length` lets the index go past the end, also where the program could not be gone through."""
    if seen.agrees:
        return None
    for function in seen.tree.ordered():
        for loop in loops(function):
            test = loop.get("test")
            if test is not None and test.kind == "binary" and test.sign == "<=" and _length(test.roles["right"]):
                name = _index(loop)
                if name and any(n.kind == "index" and is_name(n.get("at"), name) for n in own(loop)):
                    return Diagnosis("beyond-last", test.line, {"test": shown(test)})
    return None


def places(seen: Seen) -> Diagnosis | None:
    """A loop that gives the places of a list where its elements were meant."""
    for function in seen.tree.ordered():
        for loop in loops(function):
            target, over = loop.get("target"), loop.get("over")
            if loop.kind != "each" or target is None or over is None:
                continue
            edit = None
            if loop.sign == "in":
                edit = other(loop, sign="of")
            elif loop.sign == "range" and target.kind == "name":
                both = Node("several", target.line, target.text, parts=[Node("name", target.line, "_", "_"), target])
                edit = other(loop, roles={**loop.roles, "target": both})
            if edit is not None and seen.right_with({loop: edit}):
                return Diagnosis("index-for-element", loop.line, {"name": targets(loop)[-1], "near": shown(over)})
    return None


def reset(seen: Seen) -> Diagnosis | None:
    """A value that is collected into and gets its first value anew on every pass."""
    for function in seen.tree.ordered():
        for loop in loops(function):
            for statement in statements(loop.get("body")):
                assign = statement.roles.get("value") if statement.kind == "expression" else statement
                match assign:
                    case Node(
                        kind="assign", sign="=", roles={"target": Node(kind="name", sign=name), "value": value}
                    ) if value.kind in FIRST | {"list", "record", "made"}:
                        if seen.right_with({statement: other(statement, kind="empty")}):
                            return Diagnosis(
                                "accumulator-reset", statement.line, {"name": name, "loop": str(loop.line)}
                            )
    return None


def start_value(seen: Seen) -> Diagnosis | None:
    """The first value given before a loop came out again, or stayed in the answer."""
    for function in seen.tree.ordered():
        walks = loops(function)
        collected = {name for loop in walks for name in set_in(loop)}
        for node in own(function):
            if node.kind != "declare" or "value" not in node.roles or node.roles["target"].kind != "name":
                continue
            value, name = node.roles["value"], node.roles["target"].sign
            first = value.roles["value"] if value.kind == "unary" and value.sign == "-" else value
            if name not in collected or first.kind not in FIRST or any(loop.get("start") is node for loop in walks):
                continue
            if any(seen.right_with({value: one}, everywhere=True) for one in _firsts(value)):
                return Diagnosis("initial-value", node.line, {"name": name, "value": shown(value)})
    return _reduced(seen)


def _reduced(seen: Seen) -> Diagnosis | None:
    for function in seen.tree.ordered():
        for node in own(function):
            if called(node) == "reduce" and len(node.parts) == 2 and node.parts[0].kind == "function":
                first, made = node.parts[1], node.parts[0]
                if (
                    first.kind in FIRST
                    and made.parts
                    and any(seen.right_with({first: one}, everywhere=True) for one in _firsts(first))
                ):
                    return Diagnosis("initial-value", first.line, {"name": made.parts[0].sign, "value": shown(first)})
    return None


def endless(seen: Seen) -> Diagnosis | None:
    """For a run out of time: the loop whose condition nothing in it can change."""
    for function in seen.tree.ordered():
        for loop in loops(function):
            test = loop.get("test")
            if loop.kind not in {"while", "do", "for"} or _leaves(loop):
                continue
            if test is None or (test.kind == "bool" and test.text == "true"):
                return Diagnosis("endless-true", loop.line, {"test": shown(test) if test is not None else "true"})
            asked = names(test)
            if not any(n.kind == "call" for n in own(test)) and not asked & (set_in(loop) | _changed(loop)):
                name = min(asked, default="")
                cause = "endless-loop" if name else "endless-true"
                return Diagnosis(cause, loop.line, {"test": shown(test), "name": name})
    for function in seen.tree.ordered():
        for loop in loops(function):
            over = loop.get("over")
            if loop.kind == "each" and is_name(over) and over is not None:
                for node in own(loop):
                    if called(node) in {"push", "unshift", "splice"} and on(node) == over.sign:
                        return Diagnosis("changed-while-looping", node.line, {"name": over.sign})
    stuck = seen.notes.stuck
    if stuck is not None and (test := stuck.get("test")) is not None:
        return Diagnosis("maybe-endless", stuck.line, {"test": shown(test)})
    return None


def _firsts(value: Node) -> Iterator[Node]:
    """Values it may have been meant to begin with."""
    if value.kind == "bool":
        yield constant(value, "false" if value.text == "true" else "true")
    elif value.kind == "text":
        if len(value.text) > 2:
            yield constant(value, "text")
    else:
        for text, name in (("0", "0"), ("1", "1")):
            if value.text != text:
                yield constant(value, name)
        yield constant(value, "low")
        yield constant(value, "high")


def _shortened(node: Node) -> bool:
    """`xs.length - 1`."""
    return node.kind == "binary" and node.sign == "-" and _length(node.roles["left"])


def _length(node: Node) -> bool:
    return (node.kind == "member" and node.sign == "length") or called(node) == "len"


def _index(loop: Node) -> str:
    start = loop.get("start")
    return next(iter(targets(start)), "") if start is not None else ""


def _leaves(loop: Node) -> bool:
    return any(n.kind in {"break", "return", "throw"} or called(n) == "panic" for n in own(loop))


def _changed(loop: Node) -> set[str]:
    """Names something is done to: a method called on them, an element set."""
    found = {on(n) for n in own(loop)}
    for n in own(loop):
        if n.kind == "assign" and n.roles["target"].kind in {"index", "member"}:
            found |= names(n.roles["target"])
    return found - {""}
