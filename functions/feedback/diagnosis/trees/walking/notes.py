"""What going through a call is made of: names and their values, functions, what was met on the way, and its limits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Protocol

from functions.feedback.diagnosis.trees.tree import Node

STEPS = 4_000
"""For one call."""

DEPTH = 60

SIZE = 2_000
"""Elements of a list, characters of a text."""

KEPT = 40
"""Of what one place saw."""


class TooHard(Exception):
    """Not to be gone through here."""


class Thrown(Exception):
    """The program ends with an error of its own."""

    def __init__(self, name: str, message: str = "", value: Any = None) -> None:
        super().__init__(message)
        self.name, self.message, self.value = name, message, value


NOT_YET: Final = object()
"""What a name holds above the line that makes it."""


class Scope:
    __slots__ = ("fixed", "function", "names", "outer")

    def __init__(self, outer: Scope | None, function: bool = False) -> None:
        self.names: dict[str, Any] = {}
        self.fixed: set[str] = set()
        self.outer, self.function = outer, function

    def holder(self, name: str) -> Scope | None:
        scope: Scope | None = self
        while scope is not None and name not in scope.names:
            scope = scope.outer
        return scope

    def of_function(self) -> Scope:
        scope = self
        while not scope.function and scope.outer is not None:
            scope = scope.outer
        return scope


@dataclass(slots=True, eq=False)
class Closure:
    node: Node
    scope: Scope


@dataclass(slots=True, eq=False)
class Promise:
    value: Any
    of: str


@dataclass(slots=True, eq=False)
class Call:
    """One call of one of the program's functions: `at` returned `value`; `inner`: it made further calls of itself."""

    function: str
    arguments: tuple[Any, ...]
    value: Any = None
    at: Node | None = None
    inner: bool = False
    outer: Call | None = None


@dataclass(slots=True)
class Notes:
    """What was met on the way. `pairs`: the two sides of an operator; `passes`: of a loop, with how many were to come;
    `changed`: a call or assignment that changed a list or table in place; `fell`: cases that ran on into the next;
    `lost`: the first step that made no number; `absent`: a property that a list or text does not have."""

    pairs: dict[Node, list[tuple[Any, Any]]] = field(default_factory=dict)
    passes: dict[Node, list[tuple[int, int]]] = field(default_factory=dict)
    changed: dict[Node, Any] = field(default_factory=dict)
    fell: list[Node] = field(default_factory=list)
    lost: Node | None = None
    absent: tuple[Node, Any] | None = None
    stuck: Node | None = None
    calls: list[Call] = field(default_factory=list)
    values: dict[Node, Any] = field(default_factory=dict)
    answered: Node | None = None


class Walk(Protocol):
    """Who goes through a program, as a language's own operations see it."""

    notes: Notes
    printed: list[str]
    top: Scope

    def value(self, node: Node, scope: Scope) -> Any: ...
    def spread(self, parts: Sequence[Node], scope: Scope) -> list[Any]: ...
    def invoke(self, made: Closure, given: list[Any]) -> Any: ...
    def change(self, node: Node, of: Any) -> None: ...


class Language(Protocol):
    """What differs between the languages."""

    def literal(self, node: Node) -> Any: ...
    def binary(self, sign: str, left: Any, right: Any) -> Any: ...
    def unary(self, sign: str, value: Any) -> Any: ...
    def truth(self, value: Any) -> bool: ...
    def member(self, trace: Walk, node: Node, of: Any, name: str) -> Any: ...
    def item(self, of: Any, at: Any) -> Any: ...
    def put(self, of: Any, at: Any, value: Any) -> None: ...
    def call(self, trace: Walk, node: Node, scope: Scope) -> Any: ...
    def walked(self, node: Node, over: Any) -> list[tuple[Any, ...]]: ...
    def listed(self, value: Any) -> list[Any]: ...
    def text(self, value: Any) -> str: ...
    def taken(self, value: Any, kind: Node | None) -> Any: ...
    def zero(self, kind: str) -> Any: ...
