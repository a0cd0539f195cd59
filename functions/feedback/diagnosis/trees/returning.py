"""Rules about what a function gives back, and when."""

from __future__ import annotations

from itertools import pairwise

from functions.feedback.diagnosis.literals import UNDEFINED, UNKNOWN
from functions.feedback.diagnosis.source import Diagnosis
from functions.feedback.diagnosis.trees.seeing import Seen, agree, wrapped
from functions.feedback.diagnosis.trees.tree import (
    LEAVES,
    LOOPS,
    Node,
    blocks,
    called,
    ends,
    loops,
    own,
    returns,
    statements,
    under,
)  # fmt: skip
from functions.feedback.failure import PRINTS, RAISES

WALKS = frozenset({"forEach"})
ANSWERS = frozenset({"name", "number", "text", "bool", "member", "index", "list"})
GIVE_BACK = frozenset({"map", "filter", "some", "every", "find", "findIndex", "reduce", "flatMap", "sort"})


def not_written(seen: Seen) -> Diagnosis | None:
    """The entry still holds only what a starter holds."""
    function = seen.tree.function
    body = function.get("body") if function is not None else None
    if function is None or body is None or body.kind != "block":
        return None
    match [part for part in body.parts if part.kind != "empty"]:
        case []:
            return Diagnosis("not-written", function.line, {"name": function.sign})
        case [Node(kind="return") as only]:
            value = only.get("value")
            if value is None or value.text in {"0", '""', "''", "[]", "null", "undefined", "nil", "false", "[]int{}"}:
                return Diagnosis("not-written", only.line, {"name": function.sign})
    return None


def not_raised(seen: Seen) -> Diagnosis | None:
    """An error was expected, and a value came back. In Go it is a value too."""
    wanted = seen.failure.expected
    if not wanted.startswith(RAISES):
        return None
    return Diagnosis("not-raised", line(seen), {"name": wanted.removeprefix(RAISES)})


def awaited(seen: Seen) -> Diagnosis | None:
    """The answer of an asynchronous function of the program is used before it is there."""
    later = {name for name, function in seen.tree.functions.items() if "async" in function.flags}
    if not later:
        return None
    waiting = {n.roles["value"] for n in under(seen.tree.root) if n.kind in {"await", "return"} and "value" in n.roles}
    for node in under(seen.tree.root):
        if node.kind == "call" and called(node) in later and node not in waiting:
            shows = "[object Promise]" in seen.failure.got or "Promise" in seen.failure.got
            if shows or seen.right_with({node: wrapped(node, "await")}):
                return Diagnosis("promise-not-awaited", node.line, {"name": called(node)})
    return None


def walked(seen: Seen) -> Diagnosis | None:
    """`return` within the function that `forEach` is given leaves that one only."""
    function = seen.tree.function
    for node in under(function) if function is not None else ():
        if node.kind == "call" and called(node) in WALKS and node.parts and node.parts[0].kind == "function":
            for inner in own(node.parts[0]):
                if inner.kind == "return" and "value" in inner.roles and _meant(seen, inner):
                    return Diagnosis("return-in-foreach", inner.line, {"name": called(node)})
    return None


def nothing(seen: Seen) -> Diagnosis | None:
    """`undefined` came back, or stands among what came back."""
    function = seen.tree.function
    if function is None or seen.failure.expected.startswith((PRINTS, RAISES)):
        return None
    body = function.get("body")
    if seen.got is UNDEFINED and body is not None and body.kind == "block" and body.parts:
        valued = [r for r in returns(function) if "value" in r.roles]
        if not valued:
            shown = next((n for n in own(function) if called(n) == "log"), None)
            if shown is not None:
                return Diagnosis("printed-not-returned", shown.line)
            return braced(seen) or Diagnosis("never-returned", body.parts[-1].line, {"name": function.sign})
        if seen.answered is None and seen.agrees and not ends(body.parts):
            return Diagnosis("way-without-return", _last(body.parts).line, {"name": function.sign})
    holds = "undefined" in seen.failure.got or "null" in seen.failure.got
    return braced(seen) if holds or seen.got == [] else None


def braced(seen: Seen) -> Diagnosis | None:
    """An arrow function with braces that gives nothing, where something is wanted of it."""
    for node in under(seen.tree.root):
        if node.kind == "call" and called(node) in GIVE_BACK and node.parts and node.parts[0].kind == "function":
            given = node.parts[0]
            body = given.get("body")
            leaves = any(n.kind == "throw" or (n.kind == "return" and "value" in n.roles) for n in own(given))
            if body is not None and body.kind == "block" and not leaves:
                return Diagnosis("arrow-without-return", given.line)
    return None


def path(seen: Seen) -> Diagnosis | None:
    """As `nothing` says, where the program could not be gone through."""
    function = seen.tree.function
    body = function.get("body") if function is not None else None
    if function is None or body is None or seen.got is not UNDEFINED or body.kind != "block":
        return None
    if not body.parts or ends(body.parts):
        return None
    return Diagnosis("way-without-return", _last(body.parts).line, {"name": function.sign})


def early(seen: Seen) -> Diagnosis | None:
    """A loop whose body always returns never sees a second element."""
    for function in seen.tree.ordered():
        for loop in loops(function):
            body = loop.get("body")
            exits = [n for n in own(loop) if n.kind == "return"]
            if body is None or not exits or not ends(statements(body)) or _continues(loop):
                continue
            if seen.agrees:
                cut = any(passes == 1 and left for passes, left in seen.notes.passes.get(loop, ()))
                if not cut or seen.answered not in exits:
                    continue
                return Diagnosis("early-return", seen.answered.line, {"loop": str(loop.line)})
            return Diagnosis("early-return", max(one.line for one in exits), {"loop": str(loop.line)})
    return None


def unreachable(seen: Seen) -> Diagnosis | None:
    """A statement that stands after one that leaves its block."""
    for function in seen.tree.ordered():
        for block in blocks(function):
            for before, after in pairwise(block):
                if before.kind in LEAVES and after.kind not in {"function", "empty"}:
                    return Diagnosis("unreachable-code", after.line, {"before": str(before.line)})
    return None


def line(seen: Seen) -> int | None:
    """The line that answered: as the run told it, or as going through the program shows."""
    return seen.failure.line or (seen.answered.line if seen.answered is not None else None)


def _meant(seen: Seen, node: Node) -> bool:
    """Was this meant to answer the case? It gave what was expected, or `undefined` came back instead."""
    ran = [call.value for call in seen.notes.calls if call.at is node]
    if seen.got is UNDEFINED:
        return bool(ran) or not seen.agrees
    if seen.expected is UNKNOWN:
        return bool(ran) and seen.agrees and node.roles["value"].kind in ANSWERS
    return seen.agrees and any(agree(value, seen.expected) for value in ran)


def _last(block: list[Node]) -> Node:
    """The last statement; of a chain of `else if` the last of them."""
    last = block[-1]
    while last.kind == "if" and (inner := last.get("else")) is not None and inner.kind == "if":
        last = inner
    return last


def _continues(loop: Node) -> bool:
    return any(n.kind == "continue" for n in own(loop)) or any(
        n.kind == "break" for n in own(loop) if loop.kind in LOOPS
    )
