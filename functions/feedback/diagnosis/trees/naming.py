"""Rules about names: one that was given a meaning already, and is given another."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches

from functions.feedback.diagnosis.source import Diagnosis
from functions.feedback.diagnosis.trees.scripts.methods import LISTS, TEXTS
from functions.feedback.diagnosis.trees.seeing import Seen, other, wrapped
from functions.feedback.diagnosis.trees.tree import (
    LOOPS,
    Node,
    called,
    is_name,
    names,
    on,
    own,
    parameters,
    shown,
    targets,
    under,
)  # fmt: skip

SHRINKING = frozenset({"splice", "shift", "pop", "push", "unshift"})


def inner(seen: Seen) -> Diagnosis | None:
    """A name that a block makes anew, where the one around it was meant."""
    for function in seen.tree.ordered():
        for node, before in _made_anew(function):
            sign = "=" if node.kind == "declare" else node.sign
            if "value" in node.roles and seen.right_with({node: other(node, kind="assign", sign=sign)}):
                return Diagnosis("inner-name", node.line, {"name": targets(node)[0], "before": str(before)})
    return None


def overwritten(seen: Seen) -> Diagnosis | None:
    """A parameter is given another value before anything has looked at what was passed in."""
    function = seen.tree.function
    body = function.get("body") if function is not None else None
    if function is None or body is None or body.kind != "block":
        return None
    unread = set(parameters(function)) - {""}
    for statement in body.parts:
        assign = statement.roles.get("value") if statement.kind == "expression" else statement
        match assign:
            case Node(kind="assign", sign="=", roles={"target": Node(kind="name", sign=name), "value": value}) if (
                name in unread - names(value)
            ):
                return Diagnosis("parameter-overwritten", statement.line, {"name": name})
            case _:
                unread -= names(statement)
    return None


def shadowed(seen: Seen) -> Diagnosis | None:
    """A loop's own name is a parameter's, whose value is looked at nowhere else."""
    function = seen.tree.function
    if function is None:
        return None
    for node in own(function):
        if node.kind == "each":
            for name in targets(node):
                over = node.get("over")
                if name in parameters(function) and over is not None and name not in names(over):
                    outside = [n for n in own(function) if is_name(n, name) and not _within(node, n)]
                    if not [n for n in outside if n not in _bound(function)]:
                        return Diagnosis("parameter-shadowed", node.line, {"name": name, "near": shown(over)})
    return None


def shared(seen: Seen) -> Diagnosis | None:
    """`b = a`, and then one of the two is changed in place; or what was passed in is changed itself."""
    function = seen.tree.function
    if function is None or not seen.notes.changed:
        return None
    for node in own(function):
        match node:
            case Node(
                kind="declare",
                roles={"target": Node(kind="name", sign=copied), "value": Node(kind="name", sign=name) as value},
            ):
                if seen.right_with({value: wrapped(value, "copy")}):
                    return Diagnosis("shared-list", node.line, {"name": copied, "near": name})
    for node, changed in seen.notes.changed.items():
        if any(changed is given for given in seen.given) and on(node) in parameters(function):
            of = node.roles["what"].roles["of"]
            if seen.right_with({of: wrapped(of, "copy")}):
                return Diagnosis("mutated-argument", node.line, {"name": on(node)})
    return None


def changed_meanwhile(seen: Seen) -> Diagnosis | None:
    """A list that is shortened or lengthened while a loop walks over it."""
    for function in seen.tree.ordered():
        for loop in own(function):
            over = loop.get("over") if loop.kind == "each" else None
            if over is None or over.kind != "name":
                continue
            for node in own(loop):
                if (
                    called(node) in SHRINKING
                    and on(node) == over.sign
                    and seen.right_with({over: wrapped(over, "copy")})
                ):
                    return Diagnosis("changed-while-looping", node.line, {"name": over.sign})
    return None


def one_variable(seen: Seen) -> Diagnosis | None:
    """Functions made in a loop share its `var`."""
    for function in seen.tree.ordered():
        for loop in own(function):
            if loop.kind not in LOOPS or not any(n.kind == "function" for n in under(loop)):
                continue
            start = loop.get("start")
            if start is not None and start.sign == "var" and seen.right_with({start: other(start, sign="let")}):
                return Diagnosis("one-variable", loop.line, {"name": targets(start)[0]})
            if "var" in loop.flags and seen.right_with({loop: other(loop, flags=frozenset({"let"}))}):
                return Diagnosis("one-variable", loop.line, {"name": targets(loop)[0]})
    return None


def absent(seen: Seen) -> Diagnosis | None:
    """A property that a list, a text or a record does not have gave `undefined`."""
    if seen.notes.absent is None or not seen.agrees:
        return None
    node, of = seen.notes.absent
    known = list(of) if isinstance(of, dict) else ["length", *(TEXTS if isinstance(of, str) else LISTS)]
    near = get_close_matches(node.sign, known, n=1, cutoff=0.7)
    if near:
        return Diagnosis("misspelled-name", node.line, {"name": node.sign, "near": near[0]})
    return None if isinstance(of, dict) else Diagnosis("no-property", node.line, {"name": node.sign})


def _made_anew(function: Node) -> Iterator[tuple[Node, int]]:
    """Declarations within a block whose one name a block around it has, with the line of that one."""
    known = {part.sign: part.line for part in function.parts if part.sign}
    body = function.get("body")
    if body is None:
        return
    left: list[tuple[Node, dict[str, int]]] = [(body, known)]
    while left:
        node, around = left.pop(0)
        here = dict(around)
        for part in node.children():
            if part.kind == "declare" and node.kind in {"block", "case"}:
                for name in targets(part):
                    if name in around and node is not body and len(targets(part)) == 1:
                        yield part, around[name]
                    here[name] = part.line
        left += [(part, here) for part in node.children() if part.kind != "function"]


def _within(node: Node, inner: Node) -> bool:
    return any(n is inner for n in own(node))


def _bound(function: Node) -> set[Node]:
    """The parameters' own nodes."""
    return {n for part in function.parts for n in (part, *own(part))}
