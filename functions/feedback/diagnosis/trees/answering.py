"""Where no misconception shows: what the two values say, and what is certain about the line that answered."""

from __future__ import annotations

from itertools import pairwise

from functions.feedback.diagnosis.source import Diagnosis
from functions.feedback.diagnosis.trees.seeing import Seen
from functions.feedback.diagnosis.trees.tree import Node, blocks, ends, on, own, shown, statements, targets


def chosen(seen: Seen) -> Diagnosis | None:
    """The answer was returned within an `if`: its condition held, or did not. That much is certain."""
    answer, function = seen.answered, seen.tree.function
    if answer is None or function is None or answer.kind != "return":
        return None
    words = {"answer": str(answer.line)}
    for node in own(function):
        if node.kind == "if":
            words = {"test": shown(node.roles["test"]), "answer": str(answer.line)}
            after = node.get("else")
            if answer in statements(node.get("then")):
                return Diagnosis("branch-held", node.roles["test"].line, words)
            if after is not None and after.kind != "if" and answer in statements(after):
                return Diagnosis("branch-not-held", node.roles["test"].line, words)
    for block in blocks(function):
        for before, after in pairwise(block):
            if before.kind == "if" and ends(statements(before.get("then"))) and after is answer:
                words = {"test": shown(before.roles["test"]), "answer": str(answer.line)}
                return Diagnosis("branch-not-held", before.roles["test"].line, words)
    return None


def named(seen: Seen) -> Diagnosis | None:
    """The answer is a name: the lines that set it; or an expression."""
    answer, function = seen.answered, seen.tree.function
    if answer is None or function is None:
        return None
    value = answer.get("value") if answer.kind == "return" else answer
    if value is None:
        return None
    if value.kind == "name":
        lines = sorted({line for line in _set_at(function, value.sign) if line != answer.line})
        if lines:
            words = {"name": value.sign, "lines": ", ".join(map(str, lines[:4]))}
            return Diagnosis("result-name", answer.line, words)
        return None
    if value.kind in {"number", "text", "bool", "nothing"}:
        return None
    return Diagnosis("result-expression", answer.line, {"answer": shown(value)})


def _set_at(function: Node, name: str) -> list[int]:
    """Lines that give `name` a value, or change it in place."""
    return [node.line for node in own(function) if _sets(node, name)]


def _sets(node: Node, name: str) -> bool:
    if node.kind in {"assign", "declare", "each"} and name in targets(node):
        return True
    if node.kind == "call":
        return on(node) == name
    target = node.get("target")
    return node.kind == "assign" and target is not None and target.kind == "index" and target.roles["of"].sign == name
