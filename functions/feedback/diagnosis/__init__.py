"""Why a case failed, from the learner's code and the failing case alone: rules over the program's syntax tree.

Each rule looks for one misconception and gives a `Diagnosis` or None; the first that finds something speaks.
So the order is from what is certain to what is likely. Those here are Python's; of other languages `elsewhere` speaks,
by their messages and by rules over their trees (`trees`). Nothing here runs code (`working` works a recursive call out
over its tree, `following` any other, within bounds) or knows the reference solution.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import islice

from functions.feedback.diagnosis import (
    answering,
    choosing,
    elsewhere,
    explaining,
    looping,
    naming,
    printing,
    raising,
    recursing,
    returning,
    valuing,
)
from functions.feedback.diagnosis import unread as reading
from functions.feedback.diagnosis.source import Diagnosis, Source, read
from functions.feedback.failure import Failure

__all__ = ["CAUSES", "Diagnosis", "diagnose", "unread"]

Rule = Callable[[Source, Failure], Diagnosis | None]

WRONG: tuple[Rule, ...] = (
    returning.not_written,
    returning.not_raised,
    returning.printed,
    valuing.none_from_method,
    returning.missing,
    returning.early,
    naming.overwritten,
    naming.shadowed,
    valuing.shared_default,
    looping.reset,
    looping.changed_meanwhile,
    choosing.identity,
    choosing.always_true,
    choosing.shadowed_branch,
    valuing.thrown_away,
    valuing.uncalled,
    valuing.division,
    valuing.one_list,
    recursing.base,
    explaining.explained,
    looping.start_value,
    returning.unreachable,
    valuing.kinds,
    valuing.difference,
    printing.in_python,
    answering.fixed,
    answering.named,
)
NODES = 4_000
"""Of the syntax tree: beyond them (hundreds of lines) the rules, some of them quadratic, are not tried."""

LIMITS = {"memory": "too-much-memory", "output": "too-much-output", "files": "not-allowed"}


def diagnose(
    code: str, entry: str, failure: Failure, language: str = "python", others: Sequence[Failure] = ()
) -> Diagnosis:
    """The likely cause of one failing case. `code` may be empty (it was erased): then the case alone speaks.

    `entry`: the challenge's function, where the case does not say which one it calls. Of a hidden case nothing is
    said that only its own values would tell. `others`: the cases that the learner is shown, besides this one: what
    is blamed must fit them, too.
    """
    other = raising.another(code, failure, language) if failure.kind == "raised" else None
    other = other or printing.unprinted(code, failure.called or entry, failure)
    if other is not None:
        found = other
    elif language == "python":
        found = _python(code, entry, failure, others)
    else:
        found = elsewhere.diagnose(code, entry, failure, language, others)
        if found.cause == "wrong-value":
            found = printing.difference(failure) or found
    return found if failure.visible or failure.kind in ("unread", "missing") else _veiled(found, code)


def _veiled(found: Diagnosis, code: str) -> Diagnosis:
    """What the program's own words say of it may be said; what the hidden case's values say may not."""
    bare = "".join(code.split())
    own = all("".join(word.rstrip("…").split()) in bare or word in TOLD for word in found.words.values())
    if own and found.cause in STRUCTURAL:
        return found
    return Diagnosis("unseen-case", None)


def _python(code: str, entry: str, failure: Failure, others: Sequence[Failure]) -> Diagnosis:
    source = read(code, failure.called or entry)
    if isinstance(source, SyntaxError):
        return _unread(source, code)
    source = replace(source, others=tuple(others))
    large = sum(1 for _ in islice(ast.walk(source.tree), NODES)) == NODES
    if large and failure.kind != "missing":
        source = replace(source, functions={})
    try:
        return _diagnosed(source, failure, code)
    except RecursionError:  # an expression of hundreds of nested parts
        return _diagnosed(replace(source, functions={}), failure, code)


def _diagnosed(source: Source, failure: Failure, code: str) -> Diagnosis:
    match failure.kind:
        case "unread":
            return reading.unread(failure.error.message if failure.error else "", failure.line, None, code)
        case "missing":
            return _absent(source)
        case "limit":
            return Diagnosis(LIMITS.get(failure.verdict, "not-allowed"), failure.line)
        case "ended":
            return Diagnosis("ended-early", failure.line)
        case "time":
            return looping.endless(source, failure) or Diagnosis("too-slow", failure.line)
        case "raised":
            started = returning.not_written(source, failure)
            return started or raising.exception(source, failure) or Diagnosis("wrong-value", failure.line)
        case "wrong":
            found = (rule(source, failure) for rule in WRONG)
            return next((d for d in found if d is not None), Diagnosis("wrong-value", failure.line))


def unread(code: str, entry: str, language: str = "python") -> Failure | None:
    """A failure that needs no case: code that Python cannot read. None for code that it can, for none, and for other
    languages: only their own tools can tell."""
    if code and language == "python" and isinstance(read(code, entry), SyntaxError):
        return Failure(case="", visible=True, kind="unread", verdict="compile_error")
    return None


def _unread(error: SyntaxError, code: str) -> Diagnosis:
    if isinstance(error, IndentationError):
        return Diagnosis("indentation", error.lineno)
    return reading.unread(error.msg or "", error.lineno, error.offset, code)


def _absent(source: Source) -> Diagnosis:
    written = ", ".join(source.functions) or ""
    cause = "renamed-function" if written else "no-function"
    line = next(iter(source.functions.values())).lineno if written else None
    return Diagnosis(cause, line, {"name": source.entry, "found": written})


TOLD = frozenset({"int", "float", "str", "list", "tuple", "dict", "bool", "set", "NoneType", "undefined", "null"})
"""Words of a diagnosis that name a kind of value, and none."""

STRUCTURAL = frozenset(
    {
        "accumulator-reset", "always-true", "argument-count", "arrow-without-return", "assigned-in-condition",
        "base-missing", "base-none", "beyond-last", "branch-order", "changed-while-looping", "comparison-statement",
        "constant-changed", "early-return", "ended-early", "endless-loop", "endless-recursion", "endless-true",
        "ignored-result", "is-comparison", "loose-equality", "missing-path", "missing-return", "misspelled-name",
        "mutable-default", "mutated-argument", "never-returned", "no-function", "none-from-method", "not-allowed",
        "not-callable", "not-on-self", "not-written", "outer-name", "parameter-overwritten", "parameter-shadowed",
        "print-for-return", "printed-not-returned", "printed-too-much", "promise-not-awaited", "renamed-function",
        "result-dropped", "return-in-foreach", "returned-not-printed", "shadowed-builtin", "shared-list",
        "sign-after-equals", "stands-still", "stopped-early", "syntax", "too-much-memory", "too-much-output",
        "unbound-local", "uncalled-method", "unknown-name", "unreachable-code", "used-too-early",
        "way-without-return",
    }
)  # fmt: skip
"""Causes that the program shows by itself, whatever the input."""

OWN: tuple[str, ...] = (
    "accumulator-reset", "always-true", "argument-count", "asked-late", "asserted", "assign-for-compare",
    "backslash", "backslash-in-text", "base-early", "base-late", "base-missing", "base-none", "base-passed",
    "base-value", "boundary", "brackets-differ", "brackets-missing", "branch-held", "branch-not-held",
    "branch-order", "carried-over", "changed-while-looping", "comparison-statement", "counted-from-zero",
    "decided-by-last", "deciding-test", "digits-and-letters", "early-return", "element-order", "elements-missing",
    "else-missing", "empty-input", "empty-separator", "ended-early", "endless-loop", "endless-recursion",
    "endless-true", "except-missing", "exception", "fixed-answer", "fixed-value", "foreign-comment", "foreign-sign",
    "half-question", "ignored-result", "indentation", "index-error", "index-kind", "index-past-end",
    "initial-value", "integer-division", "is-comparison", "kept-between-calls", "kept-word", "key-error",
    "kind-wanted", "kinds-apart", "later-if", "leading-zero", "left-at-end", "letter-case", "line-breaks",
    "line-differs", "line-order", "lines-missing", "lines-too-many", "maybe-endless", "missing-colon",
    "missing-path", "missing-return", "misspelled-name", "mutable-default", "mutated-argument", "never-opened",
    "never-replaced", "no-attribute", "no-exception", "no-file", "no-function", "no-module", "no-name-on-the-left",
    "no-places", "none-from-method", "none-value", "not-a-number", "not-allowed", "not-callable", "not-called",
    "not-closed", "not-found", "not-on-self", "not-raised", "not-reset", "not-written", "nothing-left",
    "nothing-printed", "nothing-to-choose", "nothing-typed", "number-for-text", "odd-character", "one-too-few",
    "one-too-many", "order-in-brackets", "other-exception", "other-exception-itself", "other-kind", "other-letters",
    "other-step", "other-walk", "outer-name", "outside", "pair-sign", "parameter-overwritten", "parameter-shadowed",
    "print-for-return", "range-goes-too-far", "range-misses-first", "range-misses-last", "range-stops-short",
    "renamed-function", "replaced-each-pass", "result-dropped", "result-expression", "result-name",
    "return-in-loop", "returned-not-printed", "rounding", "same-parameter", "shadowed-builtin", "shared-list",
    "side-by-side", "sign-after-equals", "sign-for-kind", "signs-apart", "single-value", "slice-leaves-out",
    "spaces", "stands-still", "step-of-zero", "string-number", "syntax", "takes-no-such", "text-for-number",
    "too-much-memory", "too-much-output", "too-slow", "true-division", "unbound-local", "uncalled-method",
    "unfinished", "unhashable", "unknown-name", "unpack-count", "unreachable-code", "unread-from", "unseen-case",
    "unseen-character", "wrong-kind", "wrong-value", "zero-as-false", "zero-division",
)  # fmt: skip
"""Python's, and those that fit every language."""

CAUSES = tuple(sorted({*OWN, *elsewhere.CAUSES}))
"""Every cause there is; texts.toml has the words for each, in each language."""
