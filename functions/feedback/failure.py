"""The failing cases of a run, as the report quotes them. Read leniently: a field that is missing is simply not said."""

from __future__ import annotations

import ast
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final, Literal

Kind = Literal["wrong", "raised", "time", "limit", "unread", "missing", "ended"]

KINDS: Mapping[str, Kind] = {
    "time": "time", "timeout": "time", "time_limit": "time",
    "memory": "limit", "output": "limit", "processes": "limit", "files": "limit", "disallowed": "limit",
    "compile_error": "unread", "missing_function": "missing",
}  # fmt: skip
"""Verdicts of the runner that are neither a wrong value (`failed`) nor an exception (`error`)."""

RAISES = "raises "
"""How the runner writes that an exception is expected."""
PRINTS = "prints "
"""How it writes what is printed, or should be."""

UNKNOWN: Final = object()
"""Stands for a value that is not a Python literal (an object's repr, a value that was cut)."""


@dataclass(frozen=True, slots=True)
class Raised:
    type: str
    message: str
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Failure:
    """One failing case. `input`, `expected`, `got` and the values of `locals` are texts, written as in Python;
    `expected` is empty for a hidden case: it must not be told.
    An exception is expected where it is `raises <class>`, printed text where it is `prints <text>`. `line`: where it
    returned or raised. `part`: the sub-task it belongs to."""

    case: str
    visible: bool
    kind: Kind
    verdict: str = ""
    input: str = ""
    expected: str = ""
    got: str = ""
    line: int | None = None
    locals: Mapping[str, str] = field(default_factory=dict)
    error: Raised | None = None
    part: str = ""

    def veiled(self) -> Failure:
        """Of a hidden case what may be told: that it failed, how, and where; nothing that says what it asks.

        A program that hands back or raises its arguments would else have them read out."""
        if self.visible:
            return self
        error = replace(self.error, message="") if self.error else None
        return replace(self, case="", input="", expected="", got="", locals={}, error=error)

    @property
    def called(self) -> str:
        """The function the case calls, empty where the input does not say."""
        call = _expression(self.input)
        return call.func.id if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) else ""

    @property
    def arguments(self) -> tuple[Any, ...]:
        """The call's positional arguments, where they are literals; UNKNOWN where they are not."""
        call = _expression(self.input)
        return tuple(value(ast.unparse(a)) for a in call.args) if isinstance(call, ast.Call) else ()


def failures(report: str, entry: str) -> list[Failure]:
    """Of a report: the visible ones first. Empty where the text was erased or is not a report."""
    try:
        found = json.loads(report)["cases"]
    except (ValueError, KeyError, TypeError):
        return []
    if not isinstance(found, list):
        return []
    cases = [_failure(case, entry) for case in found if isinstance(case, dict)]
    return sorted(cases, key=lambda failure: not failure.visible)


def is_number(value: object) -> bool:
    """A bool is none."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def value(text: str) -> Any:
    """The literal that `text` writes, or UNKNOWN."""
    try:
        return ast.literal_eval(text)
    except (ValueError, SyntaxError, MemoryError, RecursionError, TypeError):
        return UNKNOWN


def _failure(case: Mapping[str, Any], entry: str) -> Failure:
    raised = case.get("error")
    error = None
    if isinstance(raised, dict):
        error = Raised(str(raised.get("type", "")), str(raised.get("message", "")), _line(raised.get("line")))
    verdict = str(case.get("verdict", ""))
    kind = KINDS.get(verdict) or ("raised" if error else "ended" if verdict == "error" else "wrong")
    if error and error.type == "SystemExit":
        kind = "ended"
    unread = error is not None and error.type in {"SyntaxError", "IndentationError", "TabError"}
    if unread and kind == "raised" and error is not None and "JSON" not in error.message:  # of JSON.parse: it ran
        kind = "unread"
    visible = bool(case.get("visible"))
    return Failure(
        case=str(case.get("id", "")),
        visible=visible,
        kind=kind,
        verdict=verdict,
        input=_call(case.get("input"), entry),
        expected=_as_judged(_written(case.get("expected"))) if visible else "",
        got=_as_judged(_written(case.get("got"))),
        line=_line(case.get("line")) or (error.line if error else None),
        locals=_locals(case.get("locals")),
        error=error,
        part=str(case.get("subtask") or ""),
    )


def one_line(text: str) -> str:
    """Line ends as spaces. Spaces within a line stay as they are: they may be all that differs."""
    return " ".join(line.strip() for line in text.strip().splitlines())


def _written(given: Any) -> str:
    """Texts are already written as in Python; any other JSON value is written so here. null: there is none."""
    return given if isinstance(given, str) else "" if given is None else repr(given)


def _as_judged(text: str) -> str:
    """A printed text without what is not judged in one (`prints_agree`): it would only look like the fault."""
    printed = value(text.removeprefix(PRINTS)) if text.startswith(PRINTS) else UNKNOWN
    if not isinstance(printed, str):
        return text
    lines = "\n".join(line.rstrip() for line in printed.replace("\r\n", "\n").split("\n")).rstrip("\n")
    as_python = text == f"{PRINTS}{printed!r}"
    return PRINTS + (repr(lines) if as_python else json.dumps(lines, ensure_ascii=False))


def _call(given: Any, entry: str) -> str:
    match given:
        case None:
            return ""
        case str():
            return given if "(" in given or not entry else f"{entry}({given})"
        case {"args": list(args), **rest}:
            named = rest.get("kwargs")
            parts = [repr(arg) for arg in args]
            parts += [f"{name}={v!r}" for name, v in named.items()] if isinstance(named, dict) else []
            return f"{rest.get('call') or entry}({', '.join(parts)})"
        case list():
            return f"{entry}({', '.join(map(repr, given))})"
        case _:
            return f"{entry}({given!r})"


def _locals(given: Any) -> dict[str, str]:
    return {str(name): _written(of) for name, of in given.items()} if isinstance(given, dict) else {}


def _line(given: Any) -> int | None:
    return given if isinstance(given, int) and given > 0 else None


def _expression(text: str) -> ast.expr | None:
    try:
        return ast.parse(text, mode="eval").body
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return None
