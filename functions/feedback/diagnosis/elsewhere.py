"""Why a case failed in JavaScript, TypeScript or Go: from the message, the two values and the line; no syntax tree.

Messages are those of V8 (Node), of esbuild and of Go's compiler and runtime. Nothing of Python's is advised.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from difflib import get_close_matches
from typing import Any, Final

from functions.feedback.diagnosis.source import Diagnosis
from functions.feedback.failure import PRINTS, RAISES, Failure

UNKNOWN: Final = object()
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
    _said(r"mismatched types ([\w.\[\]]+) and ([\w.\[\]]+)", "two-kinds", "got", "expected"),
    _said(r"cannot use .* as ([\w.\[\]]+) value", "another-kind", "expected"),
    _said(r"too many return values|not enough return values|assignment mismatch", "counts-differ"),
    _said(r"no new variables on left side of :=", "declared-twice"),
    _said(r"(?:not enough|too many) arguments in call to (\S+)", "arguments-differ", "name"),
    _said(r"index out of range \[(-?\d+)\] with length (\d+)", "index-beyond", "name", "count"),
    _said(r"slice bounds out of range", "index-error"),
    _said(r"assignment to entry in nil map", "nil-map"),
    _said(r"nil pointer dereference|invalid memory address", "nil-value"),
    _said(r"integer divide by zero|division by zero", "zero-division"),
    _said(r"all goroutines are asleep", "all-waiting"),
    _said(r"stack overflow|goroutine stack exceeds", "endless-recursion"),
)

MESSAGES: Mapping[str, tuple[Said, ...]] = {"javascript": SCRIPT, "typescript": SCRIPT, "go": COMPILED}
NAMES: Mapping[str, str] = {"javascript": "JavaScript", "typescript": "TypeScript", "go": "Go"}
LIMITS = {"memory": "too-much-memory", "output": "printed-too-much", "files": "not-allowed"}


def diagnose(code: str, entry: str, failure: Failure, language: str) -> Diagnosis:
    """The likely cause of one failing case in another language than Python. `code` may be empty."""
    match failure.kind:
        case "unread":
            return _unread(code, failure, language)
        case "missing":
            return Diagnosis("function-missing", None, {"name": entry})
        case "limit":
            return Diagnosis(LIMITS.get(failure.verdict, "not-allowed"), failure.line)
        case "ended":
            return Diagnosis("stopped-early", failure.line)
        case "time":
            return Diagnosis("too-slow", failure.line)
        case "raised":
            return _raised(code, entry, failure, language)
        case "wrong":
            return _wrong(code, entry, failure, language)


def _raised(code: str, entry: str, failure: Failure, language: str) -> Diagnosis:
    message = failure.error.message if failure.error else ""
    found = _matched(message, language)
    if found is None:
        name = failure.error.type if failure.error else ""
        return Diagnosis("exception", failure.line, {"type": name, "message": message or name})
    cause, words = found
    if cause == "unknown-name":
        return _unknown(code, words, failure)
    if cause == "endless-recursion":
        words = {"name": entry}
    if cause == "property-of-nothing" and "name" not in words:
        words["name"] = "…"
    return Diagnosis(cause, failure.line, words)


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


Rule = Callable[[str, str, Failure], Diagnosis | None]


def _wrong(code: str, entry: str, failure: Failure, language: str) -> Diagnosis:
    rules: tuple[Rule, ...] = (_nothing, _not_a_number, _assigned, _loose, _past_the_end, _values)
    for rule in rules if language != "go" else (_past_the_end, _values):
        if (found := rule(code, entry, failure)) is not None:
            return found
    return Diagnosis("wrong-value", failure.line)


def _nothing(code: str, entry: str, failure: Failure) -> Diagnosis | None:
    """`undefined` comes back."""
    if failure.got.strip() not in {"undefined", "None", "null"} or failure.expected.startswith((RAISES, PRINTS)):
        return None
    if not re.search(r"\breturn\b", code):
        prints = "console.log" in code
        return Diagnosis("printed-not-returned" if prints else "never-returned", failure.line, {"name": entry})
    braced = _first(code, r"=>\s*\{(?![^}]*\breturn\b)[^}]*\}")
    if braced is not None:
        return Diagnosis("arrow-without-return", braced)
    return Diagnosis("way-without-return", failure.line, {"name": entry})


def _not_a_number(_code: str, _entry: str, failure: Failure) -> Diagnosis | None:
    seen = [re.search(r"\bnan\b", text, re.IGNORECASE) is not None for text in (failure.got, failure.expected)]
    return Diagnosis("nan", failure.line) if seen == [True, False] else None


def _assigned(code: str, _entry: str, failure: Failure) -> Diagnosis | None:
    line = _first(code, r"\b(?:if|while)\s*\([^()=!<>]*[^=!<>]=(?![=>])[^=]")
    return Diagnosis("assigned-in-condition", line) if line is not None else None


def _loose(code: str, _entry: str, failure: Failure) -> Diagnosis | None:
    line = _first(code, r"[^=!<>]==(?!=)|!=(?!=)")
    return Diagnosis("loose-equality", line) if line is not None and _kinds_meet(failure) else None


def _kinds_meet(failure: Failure) -> bool:
    return bool(re.search(r"['\"]\d|\"\"|''|\bnull\b|\bfalse\b", failure.input))


def _past_the_end(code: str, _entry: str, failure: Failure) -> Diagnosis | None:
    found = re.search(r"(\w+)\s*<=\s*(?:(\w+)\.length|len\((\w+)\))", code)
    if found is None:
        return None
    return Diagnosis("beyond-last", code[: found.start()].count("\n") + 1, {"test": " ".join(found[0].split())})


def _values(code: str, _entry: str, failure: Failure) -> Diagnosis | None:
    """What the two values themselves say."""
    got, expected = _read(failure.got), _read(failure.expected)
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


def _read(text: str) -> Any:
    """A value as the report writes it: JSON, or with bare names as keys."""
    bare = text.removeprefix(PRINTS).strip()
    for form in (bare, re.sub(r"([{,]\s*)([A-Za-z_$][\w$]*)\s*:", r'\1"\2":', bare)):
        try:
            return json.loads(form)
        except (ValueError, RecursionError):
            continue
    return UNKNOWN


def _first(code: str, pattern: str) -> int | None:
    """The line of the first match outside comments."""
    plain = re.sub(r"//[^\n]*|'(?:\\.|[^'\\\n])*'|\"(?:\\.|[^\"\\\n])*\"", lambda m: " " * len(m[0]), code)
    found = re.search(pattern, plain)
    return plain[: found.start()].count("\n") + 1 if found else None


CAUSES: tuple[str, ...] = (
    "all-waiting", "another-kind", "arguments-differ", "arrow-without-return", "assigned-in-condition", "beyond-last",
    "big-with-small", "cannot-be-read", "cannot-be-walked", "constant-changed", "counts-differ", "declared-twice",
    "function-missing", "impossible-length", "index-beyond", "loose-equality", "nan", "never-returned", "nil-map",
    "nil-value", "no-such-function", "not-json", "number-not-text", "path-without-return", "printed-not-returned",
    "printed-too-much", "property-of-nothing", "spaces-differ", "stopped-early", "text-not-number", "two-kinds",
    "unused-import", "unused-name", "used-too-early", "way-without-return",
)  # fmt: skip
"""Those that only these languages have; besides: the ones whose words fit every language."""
