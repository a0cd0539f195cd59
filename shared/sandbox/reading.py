"""One line from the sandbox into a checked report. Everything in it is the learner's word: malformed means None."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any, get_args

from shared.sandbox.contract import JSON, ErrorInfo, Outcome
from shared.sandbox.values import decode

NAMES, TEXT = 12, 400
OUTCOMES = frozenset({*get_args(Outcome), "ready", "loaded"})


@dataclass(frozen=True, slots=True)
class Report:
    outcome: str
    value: JSON = None
    error: ErrorInfo | None = None
    line: int | None = None
    locals: dict[str, str] = field(default_factory=dict)


def read(line: bytes, nonce: str) -> Report | None:
    """The report in `line`, or None: not JSON, another call's nonce, a wrong type anywhere, a value that is none."""
    try:
        fields = json.loads(line, parse_constant=_refused)
        if not isinstance(fields, dict) or fields.get("nonce") != nonce or fields.get("outcome") not in OUTCOMES:
            return None
        decode(fields.get("value"))
        return Report(
            outcome=fields["outcome"],
            value=fields.get("value"),
            error=_error(fields.get("error")),
            line=_number(fields.get("line")),
            locals=_names(fields.get("locals", {})),
        )
    except (ValueError, RecursionError):
        return None


def printable(text: str) -> str:
    """Text that every store and encoder takes: no NUL (PostgreSQL) and no lone surrogate (UTF-8)."""
    return text.encode("utf-8", "replace").decode("utf-8").replace("\0", "�")


def _refused(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


def _number(value: Any) -> int | None:
    if value is None or (type(value) is int and 0 < value < 1_000_000):
        return value
    raise ValueError(f"a line number cannot be {value!r:.40}")


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError(f"text expected, not {value!r:.40}")
    return printable(value[:TEXT])


def _names(value: Any) -> dict[str, str]:
    if not isinstance(value, dict):
        raise ValueError(f"names expected, not {value!r:.40}")
    return {_text(name): _text(shown) for name, shown in list(value.items())[:NAMES]}


def _error(value: Any) -> ErrorInfo | None:
    if value is None:
        return None
    if not isinstance(value, dict) or not isinstance(value.get("bases", []), list):
        raise ValueError(f"an error expected, not {value!r:.40}")
    return ErrorInfo(
        type=_text(value.get("type")),
        message=_text(value.get("message")),
        line=_number(value.get("line")),
        column=_number(value.get("column")),
        bases=tuple(_text(base) for base in value.get("bases", [])[:16]),
    )
