"""Rules about values: what is thrown away, of which kind it is, how it is divided, rounded or sorted."""

from __future__ import annotations

from functions.feedback.diagnosis.literals import UNKNOWN
from functions.feedback.diagnosis.source import Diagnosis
from functions.feedback.diagnosis.trees.seeing import Seen, other, piece, wrapped
from functions.feedback.diagnosis.trees.tree import Node, called, on, own, shown, under
from functions.feedback.failure import is_number

GIVES_NEW = frozenset({"replace", "replaceAll", "trim", "trimStart", "trimEnd", "toUpperCase", "toLowerCase", "concat",
                       "slice", "padStart", "padEnd", "split", "join", "repeat", "substring", "toSorted",
                       "toReversed", "filter", "map", "flat"})  # fmt: skip
ALSO_DOES = frozenset({"map", "filter"})
"""Methods that are called for what their function does, too."""
ROUNDS = ("floor", "ceil", "round", "trunc")


def thrown_away(seen: Seen) -> Diagnosis | None:
    """A statement that makes a new value and keeps it nowhere, where keeping it would have been right."""
    for node, call in _statements(seen):
        if called(call) in GIVES_NEW and on(call):
            target = Node("name", node.line, on(call), on(call))
            assign = Node("assign", node.line, node.text, "=", roles={"target": target, "value": call})
            if seen.right_with({node: Node("expression", node.line, node.text, roles={"value": assign})}):
                return Diagnosis("ignored-result", node.line, {"name": called(call)})
    return None


def without_effect(seen: Seen) -> Diagnosis | None:
    """A statement that does nothing at all: it makes a new value, or compares."""
    for node, value in _statements(seen):
        if called(value) in GIVES_NEW - ALSO_DOES and on(value):
            return Diagnosis("ignored-result", node.line, {"name": called(value)})
        if value.kind == "binary" and value.sign in {"==", "==="}:
            return Diagnosis("comparison-statement", node.line, {"test": shown(value)})
    return None


def sorted_as_text(seen: Seen) -> Diagnosis | None:
    """`sort()` without a rule for numbers, whose order as text is another one."""
    if seen.tree.language == "go":
        return None
    for node in under(seen.tree.root):
        before = seen.notes.values.get(node)
        if called(node) in {"sort", "toSorted"} and not node.parts and isinstance(before, list):
            numbers = [one for one in before if isinstance(one, int | float) and not isinstance(one, bool)]
            if len(numbers) == len(before) and sorted(numbers) != sorted(numbers, key=str):
                rule = piece("(a, b) => a - b", seen.tree.language)
                unknown = seen.expected is UNKNOWN
                if seen.agrees and (unknown or seen.right_with({node: other(node, parts=[rule])})):
                    return Diagnosis("sorted-as-text", node.line, {"name": called(node)})
    return None


def division(seen: Seen) -> Diagnosis | None:
    """Go's `/` that drops the fraction where it was wanted; JavaScript's that keeps it where it was not."""
    go = seen.tree.language == "go"
    rounded = {part for n in under(seen.tree.root) if called(n) in ROUNDS for part in n.parts}
    for node in under(seen.tree.root):
        if node.kind not in {"binary", "assign"} or node.sign not in {"/", "/="}:
            continue
        pairs = [(a, b) for a, b in seen.notes.pairs.get(node, ()) if _number(a) and _number(b) and b]
        if go:
            loses = any(isinstance(a, int) and isinstance(b, int) and a % b for a, b in pairs)
            if loses and (
                seen.right_with({node: other(node, sign="fraction")}, everywhere=True) or _fraction_wanted(seen)
            ):
                return Diagnosis("integer-division", node.line, {"sign": "/"})
        elif node not in rounded and any((a / b) % 1 for a, b in pairs):
            whole = wrapped(node, "whole") if node.kind == "binary" else None
            if whole is not None and seen.right_with({node: whole}, everywhere=True):
                return Diagnosis("true-division", node.line, {"sign": "/"})
    return None


def rounding(seen: Seen) -> Diagnosis | None:
    """Rounded down, up or to the nearest where another of the three would have been right."""
    for node in under(seen.tree.root):
        what = node.get("what") if node.kind == "call" else None
        if what is not None and what.kind == "member" and what.sign in ROUNDS and what.roles["of"].sign == "Math":
            for name in ROUNDS:
                if name != what.sign and seen.right_with({node: _rounded(node, what, name)}, everywhere=True):
                    return Diagnosis("rounding", node.line, {"name": shown(what)})
    return None


def joined(seen: Seen) -> Diagnosis | None:
    """`+` with a text on one side joins: where numbers were to be added."""
    for node in under(seen.tree.root):
        if (node.kind, node.sign) not in {("binary", "+"), ("assign", "+=")}:
            continue
        text = next((x for pair in seen.notes.pairs.get(node, ()) for x in pair if isinstance(x, str)), None)
        if text is None:
            continue
        roles = {role: _as_number(part) if role != "target" else part for role, part in node.roles.items()}
        if seen.right_with({node: other(node, roles=roles)}):
            return Diagnosis("text-joined", node.line, {"test": shown(node), "value": f'"{text}"'})
    return None


def no_number(seen: Seen) -> Diagnosis | None:
    """The first step that made no number of what it met."""
    lost = seen.notes.lost
    if (
        lost is None
        or not seen.agrees
        or "nan" not in seen.failure.got.lower()
        or "nan" in seen.failure.expected.lower()
    ):
        return None
    return Diagnosis("nan", lost.line)


def _statements(seen: Seen) -> list[tuple[Node, Node]]:
    found = [n for function in seen.tree.ordered() for n in own(function) if n.kind == "expression"]
    found += [n for n in under(seen.tree.root) if n.kind == "expression" and n not in found]
    return [(n, n.roles["value"]) for n in found if "value" in n.roles]


def _rounded(node: Node, what: Node, name: str) -> Node:
    return other(node, roles={"what": other(what, sign=name)})


def _as_number(node: Node) -> Node:
    return Node("unary", node.line, node.text, "+", roles={"value": node})


def _fraction_wanted(seen: Seen) -> bool:
    got, expected = seen.got, seen.expected
    return _number(got) and _number(expected) and expected % 1 != 0 and got % 1 == 0 and abs(got - expected) < 1


def _number(value: object) -> bool:
    return is_number(value) and value == value
