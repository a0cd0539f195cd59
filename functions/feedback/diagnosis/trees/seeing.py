"""A failing case beside the program: what it should have given, what was met on the way, and what would be right."""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any

from functions.feedback.diagnosis import literals
from functions.feedback.diagnosis.literals import UNDEFINED, UNKNOWN
from functions.feedback.diagnosis.source import Diagnosis
from functions.feedback.diagnosis.trees import reading
from functions.feedback.diagnosis.trees.compiled.language import Compiled
from functions.feedback.diagnosis.trees.scripts.language import Scripts
from functions.feedback.diagnosis.trees.tree import Node, Tree, returns
from functions.feedback.diagnosis.trees.walking.notes import Language, Notes, Thrown, TooHard
from functions.feedback.diagnosis.trees.walking.trace import Trace
from functions.feedback.failure import PRINTS, RAISES, Failure

Rule = Callable[["Seen"], Diagnosis | None]

Answers = Sequence[tuple[str, tuple[Any, ...], Any]]
"""Of calls: what each is to answer."""

TRIALS = 60
ALL_STEPS = 12_000
"""For all trials of one case: beyond them nothing is tried any more."""


@dataclass(slots=True)
class Seen:
    """`agrees`: going through the program came to what the run really gave, so what was met on the way (`notes`) is so.
    `answered`: the node that answered."""

    tree: Tree
    failure: Failure
    language: Language
    arguments: tuple[Any, ...] | None
    got: Any
    expected: Any
    notes: Notes = field(default_factory=Notes)
    given: list[Any] = field(default_factory=list)
    agrees: bool = False
    others: Sequence[Failure] = ()
    trials: int = 0
    steps: int = 0

    @property
    def answered(self) -> Node | None:
        """What answered. Where the program could not be gone through: its only `return`, if it has one."""
        if self.agrees:
            return self.notes.answered
        function = self.tree.function
        if (
            function is None
            or self.failure.kind != "wrong"
            or self.got is UNDEFINED
            or self.failure.got.startswith(PRINTS)
        ):
            return None
        valued = [r for r in returns(function) if "value" in r.roles]
        return valued[0] if len(valued) == 1 else None

    def right_with(self, edits: Mapping[Node, Node], answers: Answers = (), *, everywhere: bool = False) -> bool:
        """Would the case have passed, had this stood there, and every case shown to the learner that passes now?

        `everywhere`: and every one that does not. So it is asked of what a few trials may hit upon by chance.
        """
        if not self.agrees or self.trials >= TRIALS:
            return False
        self.trials += 1
        if self._passes(self.failure, edits, answers) is not True:
            return False
        return all(self._holds(other, edits, answers, everywhere) for other in self.others)

    def _holds(self, other: Failure, edits: Mapping[Node, Node], answers: Answers, everywhere: bool) -> bool:
        found = self._passes(other, edits, answers)
        return found is not False or not (everywhere or self._passes(other))

    def _passes(self, case: Failure, edits: Mapping[Node, Node] | None = None, answers: Answers = ()) -> bool | None:
        """Would the case pass? None where that cannot be told."""
        arguments = literals.arguments(case)
        if arguments is None or self.steps >= ALL_STEPS or case.input.partition("(")[0] != self.tree.entry:
            return None
        trace = Trace(self.tree, self.language, edits)
        trace.answers = answers
        try:
            return _is_right(case, trace, list(arguments))
        except (TooHard, *FAILS):
            return None
        finally:
            self.steps += trace.steps


def _is_right(case: Failure, trace: Trace, arguments: list[Any]) -> bool | None:
    wanted = case.expected
    expected = literals.read(wanted) if not wanted.startswith(RAISES) else UNKNOWN
    try:
        found = trace.run(arguments)
    except Thrown as thrown:
        return wanted.startswith(RAISES) and wanted.removeprefix(RAISES) == thrown.name
    if wanted.startswith(RAISES):
        return False
    if wanted.startswith(PRINTS):
        return isinstance(expected, str) and _lines("".join(trace.printed)) == _lines(expected)
    return None if expected is UNKNOWN else agree(found, expected)


FAILS = (AttributeError, ArithmeticError, LookupError, TypeError, ValueError, RecursionError)
"""What going through a program may come to where something is of another kind than it was taken for."""


def see(tree: Tree, failure: Failure, others: Sequence[Failure] = ()) -> Seen:
    """`others`: the cases that the learner is shown, besides this one."""
    language: Language = Compiled() if tree.language == "go" else Scripts()
    expected = (
        literals.read(failure.expected) if failure.expected and not failure.expected.startswith(RAISES) else UNKNOWN
    )
    got = literals.read(failure.got) if failure.got else UNKNOWN
    seen = Seen(tree, failure, language, literals.arguments(failure), got, expected, others=others)
    if seen.arguments is None:
        return seen
    trace = Trace(tree, language)
    seen.notes, seen.given = trace.notes, copy.deepcopy(list(seen.arguments))
    try:
        found = trace.run(seen.given)
        if failure.got.startswith(PRINTS):
            seen.agrees = isinstance(got, str) and _lines("".join(trace.printed)) == _lines(got)
        else:
            seen.agrees = failure.kind == "wrong" and got is not UNKNOWN and agree(found, got)
    except Thrown as thrown:
        seen.agrees = failure.kind == "raised" and _is(thrown, failure)
    except (TooHard, *FAILS):
        seen.agrees = False
    return seen


def _is(thrown: Thrown, failure: Failure) -> bool:
    message = failure.error.message if failure.error else ""
    if thrown.name == "StackOverflow":
        return "stack" in message
    return bool(thrown.message) and any(thrown.message.partition(end)[0] in message for end in (" (", " with"))


def agree(a: Any, b: Any) -> bool:
    """Equal as the report's values are: what is no number is not equal to one, a nil list is an empty one."""
    if isinstance(a, bool) or isinstance(b, bool):
        return a is b
    if isinstance(a, int | float) and isinstance(b, int | float):
        return bool(a == b) or (a != a and b != b) or abs(a - b) < 1e-9 * max(1.0, abs(b))
    if isinstance(a, list | tuple) and isinstance(b, list):
        return len(a) == len(b) and all(map(agree, a, b))
    if isinstance(a, dict) and isinstance(b, dict):
        return a.keys() == b.keys() and all(agree(a[key], b[key]) for key in a)
    if a is None and b == [] and isinstance(b, list):
        return True
    if a is UNDEFINED or b is UNDEFINED:
        return a is b
    return type(a) is type(b) and bool(a == b)


def _lines(text: str) -> list[str]:
    return [line.rstrip() for line in text.rstrip().split("\n")]


def other(node: Node, **facts: Any) -> Node:
    """The same node with something else about it; itself a new one, so that it may stand in the first one's place."""
    return replace(node, **facts)


def constant(node: Node, name: str) -> Node:
    return Node("constant", node.line, node.text, name)


def wrapped(node: Node, kind: str) -> Node:
    return Node(kind, node.line, node.text, roles={"value": replace(node)})


@cache
def piece(text: str, language: str) -> Node:
    """A piece of a program, as a node."""
    tree = reading.read(f"const it = {text};", "it", language)
    if tree is None:
        raise ValueError(f"{text!r} is no {language}")
    return tree.root.parts[0].roles["value"]
