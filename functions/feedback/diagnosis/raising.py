"""Exceptions in plain words: what Python's message means here, and which name or line it is about."""

from __future__ import annotations

import ast
import builtins
import re
from collections.abc import Callable, Mapping
from difflib import get_close_matches

from functions.feedback.diagnosis import kinds, naming, recursing, valuing
from functions.feedback.diagnosis.source import (
    Diagnosis,
    Source,
    assigned,
    called,
    loops,
    own,
    parameters,
    reads,
    written,
)
from functions.feedback.failure import RAISES, Failure, Raised
from shared.validators.tokens import pieces

Explained = Callable[[Source, Failure, Raised], Diagnosis]
QUOTED = re.compile(r"'([^']*)'")
ARGUMENTS = re.compile(
    r"\bargument.*(?:positional|keyword|takes)|(?:positional|keyword|takes).*argument|arguments?, got \d"
)
BUILT_IN = frozenset(name for name in dir(builtins) if not name.startswith("_"))
OWN = {"raise", "throw", "assert", "panic"}
"""The words by which a program raises."""
MISTAKES = {"NameError", "UnboundLocalError", "AttributeError", "TypeError", "RecursionError", "ImportError",
            "ModuleNotFoundError"}  # fmt: skip
"""Python's for what no task asks: whichever exception was wanted, they are explained as they are."""


def another(code: str, failure: Failure, language: str = "python") -> Diagnosis | None:
    """An exception was expected and another came: by the program's own word for it, or, in Python, by itself."""
    if failure.error is None or not failure.expected.startswith(RAISES):
        return None
    if failure.error.type == "NotImplementedError":  # a starter's own
        return None
    words = {"name": failure.expected.removeprefix(RAISES), "type": failure.error.type}
    line = (code.splitlines()[failure.line - 1 : failure.line] if failure.line else None) or [""]
    sign = next((piece.text for piece in pieces(line[0], language) if piece.text in OWN), "")
    if sign and failure.error.type not in MISTAKES - {"TypeError"}:
        return Diagnosis("other-exception", failure.line, words | {"sign": sign})
    if language == "python" and failure.error.type not in MISTAKES:
        return Diagnosis("other-exception-itself", failure.line, words)
    return None


def exception(source: Source, failure: Failure) -> Diagnosis | None:
    """The diagnosis of a call that raised."""
    if failure.error is None:
        return None
    if "builtin_function_or_method" in failure.error.message or "'method'" in failure.error.message:
        named = valuing.uncalled(source, failure)
        if named and named.line != failure.line:  # a line above left it for this one
            return named
    explain = EXPLAINED.get(failure.error.type, _other)
    return explain(source, failure, failure.error)


VALUES = tuple(
    (re.compile(pattern), cause)
    for pattern, cause in (
        (r"empty sequence|argument is empty|iterable argument is empty", "nothing-to-choose"),
        (r"not in (?:list|tuple|deque)|substring not found|is not in", "not-found"),
        (r"arg 3 must not be zero|step cannot be zero", "step-of-zero"),
        (r"empty separator", "empty-separator"),
    )
)
"""What a ValueError's message stands for."""


def _name(source: Source, failure: Failure, raised: Raised) -> Diagnosis:
    name = _quoted(raised)
    known = {n.id for n in ast.walk(source.tree) if isinstance(n, ast.Name) and n.id != name}
    known |= {p for f in source.functions.values() for p in parameters(f)} | set(source.functions)
    close = get_close_matches(name, sorted((known | BUILT_IN) - {name}), n=1, cutoff=0.75)
    if close:
        return Diagnosis("misspelled-name", failure.line, {"name": name, "near": close[0]})
    return Diagnosis("unknown-name", failure.line, {"name": name})


def _unbound(source: Source, failure: Failure, raised: Raised) -> Diagnosis:
    """A name that the function gives a value somewhere, and had none yet: mistyped, or meant for one outside."""
    name = _quoted(raised)
    for function in source.at(failure.line)[:1]:
        known = {n: n for n in sorted((assigned(function) | set(parameters(function))) - {name})}
        same = next((n for n in known if n.lower() == name.lower()), None)
        close = [same] if same else get_close_matches(name, known, n=1, cutoff=0.85)
        if close and not _set_alone(function, name):
            return Diagnosis("misspelled-name", failure.line, {"name": name, "near": close[0]})
    for outer in source.tree.body:
        if isinstance(outer, ast.Assign) and any(isinstance(t, ast.Name) and t.id == name for t in outer.targets):
            return Diagnosis("outer-name", failure.line, {"name": name, "outer": str(outer.lineno)})
    return Diagnosis("unbound-local", failure.line, {"name": name})


def _set_alone(function: ast.FunctionDef, name: str) -> bool:
    """Is it given a value anywhere that is not made from its own?"""
    grown = {id(n.target) for n in own(function) if isinstance(n, ast.AugAssign)}
    grown |= {
        id(t)
        for n in own(function)
        if isinstance(n, ast.Assign)
        for t in n.targets
        if isinstance(t, ast.Name) and t.id in reads(n.value) | {n.value.id if isinstance(n.value, ast.Name) else ""}
    }
    return any(
        isinstance(n, ast.Name) and n.id == name and isinstance(n.ctx, ast.Store) and id(n) not in grown
        for n in own(function)
    )


def _type(source: Source, failure: Failure, raised: Raised) -> Diagnosis:
    text = raised.message
    if "not callable" in text:
        hidden = naming.hidden_builtin(source, failure)
        return hidden or Diagnosis("not-callable", failure.line)
    if "NoneType" in text:
        made = valuing.none_from_method(source, failure) or recursing.nothing(source, failure)
        return made or Diagnosis("none-value", failure.line)
    if ARGUMENTS.search(text):
        return Diagnosis("argument-count", failure.line)
    found = kinds.told(text)
    if found is None:
        return Diagnosis("wrong-kind", failure.line)
    cause, words = found
    hidden = naming.shadowed(source, failure) if cause == kinds.SINGLE else None
    return hidden or Diagnosis(cause, failure.line, words)


def _index(source: Source, failure: Failure, raised: Raised) -> Diagnosis:
    if any(argument in ([], "", ()) for argument in failure.arguments):
        return Diagnosis("empty-input", failure.line)
    if "from empty" in raised.message or "from an empty" in raised.message:
        return Diagnosis("nothing-left", failure.line)
    beyond = recursing.beyond(source, failure)
    if beyond:
        return beyond
    for function in source.at(failure.line):
        for loop in loops(function):
            match loop:
                case ast.For(target=ast.Name(id=name), iter=ast.Call(func=ast.Name(id="range"), args=args) as call):
                    ahead = any(
                        isinstance(n, ast.Subscript) and ast.unparse(n.slice).startswith(f"{name} + ")
                        for n in own(loop)
                    )
                    longer = any("len(" in ast.unparse(a) and "+ 1" in ast.unparse(a) for a in args)
                    if ahead or longer:
                        return Diagnosis("index-past-end", failure.line or loop.lineno, {"range": written(call)})
                case ast.While(test=ast.Compare(ops=[ast.LtE()], comparators=[right]) as test) if "len(" in ast.unparse(
                    right
                ):
                    return Diagnosis("index-past-end", failure.line or loop.lineno, {"range": written(test)})
                case _:
                    continue
    return Diagnosis("index-error", failure.line)


def _key(source: Source, failure: Failure, raised: Raised) -> Diagnosis:
    if "from an empty" in raised.message or "dictionary is empty" in raised.message:
        return Diagnosis("nothing-left", failure.line)
    here = [n for n in ast.walk(source.tree) if getattr(n, "lineno", None) == failure.line]
    if any(called(n) == "remove" for n in here) and not any(isinstance(n, ast.Subscript) for n in here):
        return Diagnosis("not-found", failure.line)
    return Diagnosis("key-error", failure.line, {"key": raised.message})


def _zero(source: Source, failure: Failure, raised: Raised) -> Diagnosis:
    empty = any(argument in ([], "", ()) for argument in failure.arguments)
    return Diagnosis("empty-input" if empty else "zero-division", failure.line)


def _attribute(source: Source, failure: Failure, raised: Raised) -> Diagnosis:
    if "NoneType" in raised.message:
        return valuing.none_from_method(source, failure) or Diagnosis("none-value", failure.line)
    found = QUOTED.findall(raised.message)
    kind, name = (found[0], found[-1]) if len(found) > 1 else ("", found[0] if found else "")
    left = _without_self(source, kind, name)
    return left or Diagnosis("no-attribute", failure.line, {"kind": kind, "name": name})


def _without_self(source: Source, kind: str, name: str) -> Diagnosis | None:
    """`level = 0` in a method of the class that was asked for its `level`."""
    for made in source.tree.body:
        if isinstance(made, ast.ClassDef) and made.name == kind:
            for method in made.body:
                for node in own(method) if isinstance(method, ast.FunctionDef) else ():
                    match node:
                        case ast.Assign(targets=[ast.Name(id=same)]) if same == name:
                            return Diagnosis("not-on-self", node.lineno, {"name": name})
                        case _:
                            continue
    return None


def _recursion(source: Source, failure: Failure, raised: Raised) -> Diagnosis:
    base = recursing.missing(source, failure) or recursing.passed(source, failure)
    if base:
        return base
    function = source.at(failure.line)[:1]
    return Diagnosis("endless-recursion", failure.line, {"name": function[0].name if function else source.entry})


def _value(source: Source, failure: Failure, raised: Raised) -> Diagnosis:
    if "invalid literal for int" in raised.message or "could not convert" in raised.message:
        return Diagnosis("not-a-number", failure.line, {"value": raised.message.rpartition(": ")[2]})
    if "unpack" in raised.message:
        return Diagnosis("unpack-count", failure.line)
    if any(argument in ([], "", ()) for argument in failure.arguments):
        return Diagnosis("empty-input", failure.line)
    cause = next((cause for pattern, cause in VALUES if pattern.search(raised.message)), None)
    return Diagnosis(cause, failure.line) if cause else _other(source, failure, raised)


PLAIN = {"AssertionError": "asserted", "EOFError": "nothing-typed", "FileNotFoundError": "no-file"}
"""Exceptions that say one thing only."""


def _plain(source: Source, failure: Failure, raised: Raised) -> Diagnosis:
    return Diagnosis(PLAIN[raised.type], failure.line)


def _module(source: Source, failure: Failure, raised: Raised) -> Diagnosis:
    return Diagnosis("no-module", failure.line, {"name": _quoted(raised)})


def _other(source: Source, failure: Failure, raised: Raised) -> Diagnosis:
    return Diagnosis("exception", failure.line, {"type": raised.type, "message": raised.message or raised.type})


def _quoted(raised: Raised) -> str:
    found = QUOTED.search(raised.message)
    return found[1] if found else ""


EXPLAINED: Mapping[str, Explained] = {
    "NameError": _name,
    "UnboundLocalError": _unbound,
    "TypeError": _type,
    "IndexError": _index,
    "KeyError": _key,
    "ZeroDivisionError": _zero,
    "AttributeError": _attribute,
    "RecursionError": _recursion,
    "ValueError": _value,
    "ModuleNotFoundError": _module,
    "ImportError": _module,
    **dict.fromkeys(PLAIN, _plain),
}
