"""Why a case failed in JavaScript, TypeScript or Go: from the message, the two values and the tree (`trees`).

Messages are those of V8 (Node), of esbuild and of Go's compiler and runtime. Nothing of Python's is advised.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from difflib import get_close_matches
from typing import TYPE_CHECKING

from functions.feedback.diagnosis.literals import UNKNOWN, read
from functions.feedback.diagnosis.source import Diagnosis
from functions.feedback.failure import RAISES, Failure

if TYPE_CHECKING:
    from functions.feedback.diagnosis.trees import Case

_NAME = re.compile(r"[A-Za-z_$][\w$]*")

Said = tuple[re.Pattern[str], str, tuple[str, ...]]
"""A message, the cause it stands for, and the names of its groups as words of the sentence."""


def _said(pattern: str, cause: str, *words: str) -> Said:
    return re.compile(pattern), cause, words


SCRIPT: tuple[Said, ...] = (
    _said(r"^(\S+) is not defined", "unknown-name", "name"),
    _said(r"Cannot access '([^']+)' before initialization", "used-too-early", "name"),
    _said(r"Assignment to constant variable", "constant-changed"),
    _said(r"Cannot (?:read|set) propert(?:y|ies) of (undefined|null)(?: \((?:reading|setting) '([^']+)'\))?",
          "property-of-nothing", "value", "name"),
    _said(r"(\S+) is not a function", "no-such-function", "name"),
    _said(r"(\S+) is not iterable", "cannot-be-walked", "name"),
    _said(r"Maximum call stack", "endless-recursion"),
    _said(r"Cannot (?:mix|convert a) BigInt|Cannot convert a BigInt", "big-with-small"),
    _said(r"Invalid array length|Invalid count value|Invalid array buffer", "impossible-length"),
    _said(r"Unexpected end of JSON|is not valid JSON|in JSON at", "not-json"),
)  # fmt: skip

COMPILED: tuple[Said, ...] = (
    _said(r"declared and not used: (\w+)|(\w+) declared and not used", "unused-name", "name", "name"),
    _said(r"\"([^\"]+)\" imported and not used", "unused-import", "name"),
    _said(r"undefined: (\w+)", "unknown-name", "name"),
    _said(r"missing return", "path-without-return"),
    _said(r"^(\w+)\(.*\) \(value of type .* is not used", "ignored-result", "name"),
    _said(r"^(.+ == .+) \(untyped bool value\) is not used", "comparison-statement", "test"),
    _said(r"mismatched types ([\w.\[\]]+) and ([\w.\[\]]+)", "two-kinds", "got", "expected"),
    _said(r"cannot use .* as ([\w.\[\]]+) value", "another-kind", "expected"),
    _said(r"too many return values|not enough return values|assignment mismatch", "counts-differ"),
    _said(r"no new variables on left side of :=", "declared-twice"),
    _said(r"(?:not enough|too many) arguments in call to (\S+)", "arguments-differ", "name"),
    _said(r"index out of range \[(-?\d+)\] with length (\d+)", "index-beyond", "name", "count"),
    _said(r"slice bounds out of range|index out of range \[-", "index-error"),
    _said(r"assignment to entry in nil map", "nil-map"),
    _said(r"nil pointer dereference|invalid memory address", "nil-value"),
    _said(r"integer divide by zero|division by zero", "zero-division"),
    _said(r"all goroutines are asleep", "all-waiting"),
    _said(r"stack overflow|goroutine stack exceeds", "endless-recursion"),
)

CERTAIN = frozenset({"constant-changed", "used-too-early", "big-with-small", "not-json", "nil-map", "all-waiting"})
"""Where the message says all there is to say."""

MESSAGES: Mapping[str, tuple[Said, ...]] = {"javascript": SCRIPT, "typescript": SCRIPT, "go": COMPILED}
NAMES: Mapping[str, str] = {"javascript": "JavaScript", "typescript": "TypeScript", "go": "Go"}
LIMITS = {"memory": "too-much-memory", "output": "printed-too-much", "files": "not-allowed"}


def diagnose(code: str, entry: str, failure: Failure, language: str, others: Sequence[Failure] = ()) -> Diagnosis:
    """The likely cause of one failing case in another language than Python. `code` may be empty. `others`: the cases
    that the learner is shown, besides this one."""
    tree = _beside(code, entry, failure, language, others)
    match failure.kind:
        case "unread":
            return _unread(code, failure, language)
        case "missing":
            return Diagnosis("function-missing", None, {"name": entry})
        case "limit":
            grows = _shown(tree) if failure.verdict == "memory" else None
            return grows or Diagnosis(LIMITS.get(failure.verdict, "not-allowed"), failure.line)
        case "ended":
            return Diagnosis("stopped-early", failure.line)
        case "time":
            return _shown(tree) or Diagnosis("too-slow", failure.line)
        case "raised":
            return _raised(code, entry, failure, language, tree)
        case "wrong":
            return _wrong(code, failure, tree)


def _raised(code: str, entry: str, failure: Failure, language: str, tree: Case | None) -> Diagnosis:
    message = failure.error.message if failure.error else ""
    found = _matched(message, language)
    if found is None:
        if (shown := _shown(tree)) is not None:
            return shown
        name = failure.error.type if failure.error else ""
        return Diagnosis("exception", failure.line, {"type": name, "message": message or name})
    cause, words = found
    if cause == "unknown-name":
        return _unknown(code, words, failure)
    if cause not in CERTAIN and (shown := _shown(tree)) is not None:
        return shown
    if cause == "endless-recursion":
        words = {"name": (tree.around(failure.line) if tree is not None else "") or entry}
    if cause == "property-of-nothing" and "name" not in words:
        words["name"] = "…"
    return Diagnosis(cause, failure.line, words)


def _beside(code: str, entry: str, failure: Failure, language: str, others: Sequence[Failure]) -> Case | None:
    if failure.kind in ("unread", "missing", "ended"):
        return None
    from functions.feedback.diagnosis import trees  # here: who has only Python to explain need not load it

    return trees.case(code, entry, failure, language, others)


def _shown(tree: Case | None) -> Diagnosis | None:
    return tree.fact() if tree is not None else None


def _matched(message: str, language: str) -> tuple[str, dict[str, str]] | None:
    for pattern, cause, names in MESSAGES.get(language, ()):
        if (found := pattern.search(message)) is not None:
            pairs = zip(names, found.groups(), strict=False)
            return cause, {name: word for name, word in pairs if word is not None}
    return None


def _unread(code: str, failure: Failure, language: str) -> Diagnosis:
    message = failure.error.message if failure.error else ""
    found = _matched(message, language)
    if found is not None:
        cause, words = found
        return _unknown(code, words, failure) if cause == "unknown-name" else Diagnosis(cause, failure.line, words)
    words = {"language": NAMES.get(language, language), "message": message.splitlines()[0] if message else "?"}
    return Diagnosis("cannot-be-read", failure.line, words)


def _unknown(code: str, words: Mapping[str, str], failure: Failure) -> Diagnosis:
    name = words.get("name", "")
    known = sorted(set(_NAME.findall(code)) - {name})
    near = get_close_matches(name, known, n=1, cutoff=0.75)
    if near:
        return Diagnosis("misspelled-name", failure.line, {"name": name, "near": near[0]})
    return Diagnosis("unknown-name", failure.line, {"name": name})


def _wrong(code: str, failure: Failure, tree: Case | None) -> Diagnosis:
    """What tree and values show; else what the two values say; else what is certain about the line that answered."""
    found = tree.fact() if tree is not None else _raises(failure)
    if found is not None:
        return found
    here = tree.line if tree is not None else failure.line
    if _not_a_number(failure):
        return Diagnosis("nan", here)
    told = _values(code, replace(failure, line=here))
    if told is None and tree is not None:
        told = tree.answer()
    return told or Diagnosis("wrong-value", here)


def _raises(failure: Failure) -> Diagnosis | None:
    name = failure.expected.removeprefix(RAISES)
    return Diagnosis("not-raised", failure.line, {"name": name}) if name != failure.expected else None


def _not_a_number(failure: Failure) -> bool:
    seen = [re.search(r"\bnan\b", text, re.IGNORECASE) is not None for text in (failure.got, failure.expected)]
    return seen == [True, False]


def _values(code: str, failure: Failure) -> Diagnosis | None:
    """What the two values themselves say."""
    got, expected = read(failure.got), read(failure.expected)
    if got is UNKNOWN or expected is UNKNOWN:
        return None
    match got, expected:
        case str(), str():
            if got.lower() == expected.lower():
                return Diagnosis("letter-case", failure.line)
            if "".join(got.split()) == "".join(expected.split()):
                return Diagnosis("spaces-differ", failure.line)
        case bool(), _:
            return None
        case str(), int() | float():
            return Diagnosis("text-not-number", failure.line)
        case int() | float(), str():
            return Diagnosis("number-not-text", failure.line)
        case [*a], [*b] if a != b:
            if a and len(a) < len(b) and (b[: len(a)] == a or b[-len(a) :] == a):
                return Diagnosis("elements-missing", failure.line, {"count": str(len(b) - len(a))})
            if sorted(map(repr, a)) == sorted(map(repr, b)):
                return Diagnosis("element-order", failure.line)
        case int(), int() if abs(got - expected) == 1 and re.search(r"\bfor\b|\bwhile\b|length|len\(", code):
            return Diagnosis("one-too-many" if got > expected else "one-too-few", failure.line)
        case _:
            return None
    return None


CAUSES: tuple[str, ...] = (
    "all-waiting", "and-or", "another-kind", "arguments-differ", "arrow-without-return", "assigned-in-condition",
    "base-passed-by", "beyond-last", "big-with-small", "cannot-be-read", "cannot-be-walked", "constant-changed",
    "counts-differ", "declared-twice", "falls-through", "function-missing", "impossible-length", "index-beyond",
    "index-for-element", "inner-name", "loose-equality", "nan", "never-returned", "nil-map", "nil-value",
    "no-property", "no-such-function", "not-json", "number-not-text", "one-variable", "path-without-return",
    "printed-not-returned", "printed-too-much", "promise-not-awaited", "property-of-nothing", "return-in-foreach",
    "rounding", "same-object", "sorted-as-text", "spaces-differ", "stopped-early", "text-joined", "text-not-number",
    "two-kinds", "unused-import", "unused-name", "used-too-early", "way-without-return",
)  # fmt: skip
"""Those that only these languages have; besides: the ones whose words fit every language."""
