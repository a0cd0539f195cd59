"""Rules about conditions: what is compared with what, where the limit lies, which branch is taken."""

from __future__ import annotations

from collections.abc import Iterator

from functions.feedback.diagnosis import literals
from functions.feedback.diagnosis.source import Diagnosis
from functions.feedback.diagnosis.trees.seeing import Seen, other
from functions.feedback.diagnosis.trees.tree import LEAVES, Node, shown, under
from functions.feedback.failure import is_number

FURTHER = {"<": "<=", "<=": "<", ">": ">=", ">=": ">"}
COMPARED = frozenset({"name", "number", "text", "bool", "nothing", "member", "index"})
STRICT = {"==": "===", "!=": "!=="}


def assigned(seen: Seen) -> Diagnosis | None:
    """One `=` where a condition asks. That of a call is a way to go on while there is more."""
    for node in under(seen.tree.root):
        test = node.get("test") if node.kind in {"if", "while", "do", "choice"} else None
        if test is not None and test.kind == "assign" and test.sign == "=" and test.roles["value"].kind in COMPARED:
            return Diagnosis("assigned-in-condition", test.line)
    return None


def loose(seen: Seen) -> Diagnosis | None:
    """`==` between values of two kinds, where `===` would have been right."""
    for node in under(seen.tree.root):
        if node.kind == "binary" and node.sign in STRICT:
            mixed = any(_kind(a) != _kind(b) for a, b in seen.notes.pairs.get(node, ()))
            if mixed and seen.right_with({node: other(node, sign=STRICT[node.sign])}):
                return Diagnosis("loose-equality", node.line)
    return None


def same_object(seen: Seen) -> Diagnosis | None:
    """`===` between two lists that hold the same asks whether they are one list."""
    for node, pairs in seen.notes.pairs.items():
        if node.kind == "binary" and node.sign in {"===", "==", "!==", "!="} and seen.agrees:
            for a, b in pairs:
                if isinstance(a, list | dict) and isinstance(b, list | dict) and a == b and a is not b:
                    return Diagnosis("same-object", node.line, {"test": shown(node)})
    return None


def falls(seen: Seen) -> Diagnosis | None:
    """A `case` without an end runs on into the next."""
    for case in seen.notes.fell:
        if case.parts[-1].kind not in LEAVES and seen.right_with({case: other(case)}):
            values = case.get("values")
            return Diagnosis("falls-through", case.line, {"test": shown(values) if values is not None else "default"})
    return None


def boundary(seen: Seen) -> Diagnosis | None:
    """A comparison whose two sides were equal for this input: the one place where `<` and `<=` differ."""
    for node in _comparisons(seen):
        met = next((a for a, b in seen.notes.pairs.get(node, ()) if is_number(a) and is_number(b) and a == b), None)
        if met is not None and seen.right_with({node: other(node, sign=FURTHER[node.sign])}, everywhere=True):
            return Diagnosis(
                "boundary", node.line, {"test": shown(node), "value": literals.written(met), "sign": node.sign}
            )
    return None


def either(seen: Seen) -> Diagnosis | None:
    """`&&` where `||` would have been right, or the other way round."""
    for node in under(seen.tree.root):
        if node.kind != "binary" or node.sign not in {"&&", "||"}:
            continue
        if seen.right_with({node: other(node, sign="||" if node.sign == "&&" else "&&")}, everywhere=True):
            return Diagnosis("and-or", node.line, {"test": shown(node), "sign": node.sign})
    return None


def order(seen: Seen) -> Diagnosis | None:
    """An `else if` that asks for less than the branch before it: it is never reached."""
    for node in under(seen.tree.root):
        after = node.get("else") if node.kind == "if" else None
        if after is not None and after.kind == "if":
            first, second = node.roles["test"], after.roles["test"]
            if _covers(first, second) and seen.notes.values.get(node, True):
                return Diagnosis("branch-order", second.line, {"test": shown(second), "before": str(first.line)})
    return None


def _covers(first: Node, second: Node) -> bool:
    match first, second:
        case (
            Node(
                kind="binary", sign=op, roles={"left": Node(kind="name", sign=a), "right": Node(kind="number", text=x)}
            ),
            Node(
                kind="binary",
                sign=same,
                roles={"left": Node(kind="name", sign=b), "right": Node(kind="number", text=y)},
            ),
        ) if a == b and op[0] == same[0]:
            low, high = literals.read(x), literals.read(y)
            if not (is_number(low) and is_number(high)):
                return False
            return bool(high > low) if op[0] == ">" else op[0] == "<" and bool(high < low)
        case _:
            return False


def _comparisons(seen: Seen) -> Iterator[Node]:
    for node in under(seen.tree.root):
        if node.kind == "binary" and node.sign in FURTHER:
            yield node


def _kind(value: object) -> str:
    if isinstance(value, bool):
        return "bool"
    return "number" if isinstance(value, int | float) else type(value).__name__
