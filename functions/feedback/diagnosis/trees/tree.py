"""A JavaScript, TypeScript or Go program as a tree with one vocabulary, and the questions that several rules ask of it.

What a node is (`kind`) and what its parts are to it (`roles`) is named alike in all three languages, so a rule is
written once. `reading` makes it; nothing here knows the parser.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field


@dataclass(slots=True, eq=False)
class Node:
    """`sign`: an operator, a name, the word that declares. `parts`: elements, statements, what is passed in a call.
    `text`: as the learner wrote it."""

    kind: str
    line: int
    text: str
    sign: str = ""
    parts: list[Node] = field(default_factory=list)
    roles: dict[str, Node] = field(default_factory=dict)
    flags: frozenset[str] = frozenset()

    @property
    def last(self) -> int:
        """The line it ends at."""
        return self.line + self.text.count("\n")

    def get(self, role: str) -> Node | None:
        return self.roles.get(role)

    def children(self) -> Iterator[Node]:
        yield from self.roles.values()
        yield from self.parts


@dataclass(frozen=True, slots=True)
class Tree:
    """`functions`: the top-level ones, by name; `entry`: the one the cases call."""

    root: Node
    language: str
    entry: str
    functions: Mapping[str, Node]

    @property
    def function(self) -> Node | None:
        return self.functions.get(self.entry)

    def ordered(self) -> list[Node]:
        """All functions, the entry first."""
        return sorted(self.functions.values(), key=lambda function: function.sign != self.entry)


LOOPS = frozenset({"for", "each", "while", "do"})
ENDS = frozenset({"return", "throw"})
LEAVES = ENDS | {"break", "continue"}


def under(node: Node) -> Iterator[Node]:
    """Every node below, nested functions too, in the order of the text."""
    left = list(node.children())[::-1]
    while left:
        child = left.pop()
        yield child
        left.extend(list(child.children())[::-1])


def own(node: Node) -> Iterator[Node]:
    """Every node below, without what stands in nested functions (which are given themselves)."""
    left = list(node.children())[::-1]
    while left:
        child = left.pop()
        yield child
        if child.kind != "function":
            left.extend(list(child.children())[::-1])


def statements(node: Node | None) -> list[Node]:
    """Of a block; a single statement is one."""
    return [] if node is None else node.parts if node.kind in {"block", "case"} else [node]


def blocks(node: Node) -> Iterator[list[Node]]:
    """Every list of statements below `node`, not those of nested functions."""
    for inner in (node, *own(node)):
        if inner.kind in {"block", "case"}:
            yield inner.parts


def loops(function: Node) -> list[Node]:
    return [node for node in own(function) if node.kind in LOOPS]


def parameters(function: Node) -> list[str]:
    return [part.sign for part in function.parts]


def names(node: Node | None) -> set[str]:
    """Names that occur in an expression."""
    return set() if node is None else {n.sign for n in (node, *own(node)) if n.kind == "name"}


def is_name(node: Node | None, name: str = "") -> bool:
    return node is not None and node.kind == "name" and (not name or node.sign == name)


def targets(node: Node) -> list[str]:
    """The names that a declaration or an assignment gives a value to."""
    target = node.get("target")
    if target is None:
        return []
    return [n.sign for n in (target, *own(target)) if n.kind == "name"] if target.kind != "index" else []


def set_in(node: Node) -> set[str]:
    """Names that get a value somewhere in `node`."""
    return {name for n in own(node) if n.kind in {"assign", "declare", "each"} for name in targets(n)}


def returns(function: Node) -> list[Node]:
    return [n for n in own(function) if n.kind == "return"]


def called(node: Node | None) -> str:
    """The name of what a call calls: `f` of f(), `push` of xs.push(), `Ints` of sort.Ints(); empty for no call."""
    what = node.get("what") if node is not None and node.kind == "call" else None
    return what.sign if what is not None and what.kind in {"name", "member"} else ""


def on(node: Node | None) -> str:
    """The name that a method is called on: `xs` of xs.push()."""
    what = node.get("what") if node is not None and node.kind == "call" else None
    of = what.get("of") if what is not None and what.kind == "member" else None
    return of.sign if of is not None and of.kind == "name" else ""


def ends(block: list[Node]) -> bool:
    """Does every way through these statements return or throw?"""
    if not block:
        return False
    match block[-1]:
        case Node(kind="return" | "throw"):
            return True
        case Node(
            kind="expression", roles={"value": Node(kind="call", roles={"what": Node(kind="name", sign="panic")})}
        ):
            return True
        case Node(kind="if", roles={"then": then, "else": other}):
            return ends(statements(then)) and ends(statements(other))
        case Node(kind="block", parts=parts):
            return ends(parts)
        case Node(kind="while") as loop if loop.get("test") is None or _true(loop.roles["test"]):
            return not any(n.kind == "break" for n in own(loop))
        case Node(kind="switch", parts=cases):
            return any(one.get("values") is None for one in cases) and all(
                ends(one.parts) or not one.parts for one in cases
            )
        case Node(kind="try", roles={"body": body, "handler": handler}):
            return ends(statements(body)) and ends(statements(handler))
        case _:
            return False


def _true(node: Node) -> bool:
    return node.kind == "bool" and node.text == "true"


def shown(node: Node, width: int = 40) -> str:
    """A piece of the learner's code as one short line."""
    text = " ".join(node.text.split())
    return text if len(text) <= width else text[: width - 1] + "…"
