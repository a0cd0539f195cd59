"""Values as a report of JavaScript, TypeScript or Go writes them, read and written."""

from __future__ import annotations

import json
import re
from typing import Any, Final

from functions.feedback.failure import PRINTS, UNKNOWN, Failure

__all__ = ["UNDEFINED", "UNKNOWN", "arguments", "read", "written"]


class _Undefined:
    def __repr__(self) -> str:
        return "undefined"


UNDEFINED: Final = _Undefined()
"""JavaScript's."""

_KEY = re.compile(r"([{,]\s*)([A-Za-z_$][\w$]*)\s*:")
_TEXT = re.compile(r'"(?:\\.|[^"\\])*"')
_WORD = re.compile(r"\b(?:undefined|nan|inf)\b(?!\")")
_JSON = {"undefined": '{"$": "undefined"}', "nan": "NaN", "inf": "Infinity"}
_WORDS = {"undefined": UNDEFINED, "nan": float("nan"), "inf": float("inf"), "-inf": float("-inf")}


def read(text: str) -> Any:
    """JSON, or with bare names as keys; `undefined`, `nan`. UNKNOWN for what is neither."""
    bare = text.removeprefix(PRINTS).strip()
    if bare in _WORDS:
        return _WORDS[bare]
    try:
        return json.loads(bare)
    except (ValueError, RecursionError):
        pass
    try:
        return json.loads(_keyed(bare), object_hook=_hooked)
    except (ValueError, RecursionError):
        return UNKNOWN


def arguments(failure: Failure) -> tuple[Any, ...] | None:
    """Of the call that failed; None where it is no call of plain values."""
    call, opened, inside = failure.input.partition("(")
    if not opened or not call.replace("$", "_").isidentifier() or not inside.endswith(")"):
        return None
    given = read(f"[{inside[:-1]}]")
    return tuple(given) if isinstance(given, list) else None


def written(value: Any) -> str:
    """As the language would write it."""
    if value is UNDEFINED:
        return "undefined"
    if isinstance(value, list):
        return f"[{', '.join(map(written, value))}]"
    if isinstance(value, dict):
        return f"{{ {', '.join(f'{key}: {written(of)}' for key, of in value.items())} }}" if value else "{}"
    if isinstance(value, float) and value != value:
        return "NaN"
    try:
        return json.dumps(value, ensure_ascii=False)
    except (TypeError, ValueError):
        return "…"


def _keyed(text: str) -> str:
    """With quotes around bare keys and with JSON's words, outside of texts."""
    parts, at = [], 0
    for quoted in _TEXT.finditer(text):
        parts += [_spelt(text[at : quoted.start()]), quoted[0]]
        at = quoted.end()
    return "".join((*parts, _spelt(text[at:])))


def _spelt(text: str) -> str:
    return _WORD.sub(lambda word: _JSON[word[0]], _KEY.sub(r'\1"\2":', text))


def _hooked(found: dict[str, Any]) -> Any:
    return UNDEFINED if found == {"$": "undefined"} else found
