"""What is asked for: a closed pydantic model, as servers accept it.

OpenAI's strict mode takes a part of JSON Schema only: bounds of values (`maxLength`, `pattern` …) and defaults have
been turned down with a 400. So they are left out of what is sent and told in words, and pydantic holds the answer to
them.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from hashlib import sha256
from types import new_class
from typing import Any, TypeVar, cast

from pydantic import BaseModel

M = TypeVar("M", bound=BaseModel)

BOUNDS: Mapping[str, str] = {
    "minLength": "at least {} characters",
    "maxLength": "at most {} characters",
    "pattern": "matching the expression {}",
    "format": "in the format {}",
    "minimum": "at least {}",
    "maximum": "at most {}",
    "exclusiveMinimum": "more than {}",
    "exclusiveMaximum": "less than {}",
    "multipleOf": "a multiple of {}",
    "minItems": "at least {} of them",
    "maxItems": "at most {} of them",
    "uniqueItems": "no two alike",
}
_NAMED = frozenset({"properties", "$defs"})


@cache
def schema_of(schema: type[BaseModel]) -> tuple[str, str]:
    """The whole JSON Schema as text, and its digest."""
    words = json.dumps(schema.model_json_schema(), sort_keys=True, ensure_ascii=False)
    return words, sha256(words.encode()).hexdigest()[:16]


@cache
def sendable(schema: type[M]) -> type[M]:
    """The same model, whose JSON Schema every server takes. It still validates all bounds."""

    def lenient(*given: Any, **named: Any) -> dict[str, Any]:
        return without_bounds(schema.model_json_schema(*given, **named))

    namespace = {"__module__": schema.__module__, "model_json_schema": staticmethod(lenient)}
    return cast("type[M]", new_class(schema.__name__, (schema,), exec_body=lambda names: names.update(namespace)))


def without_bounds(schema: Mapping[str, Any]) -> dict[str, Any]:
    """Bounds become words of the description."""
    kept: dict[str, Any] = {}
    told = [str(schema["description"])] if "description" in schema else []
    for key, value in schema.items():
        if key in BOUNDS and not isinstance(value, Mapping):
            told.append(BOUNDS[key].format(value))
        elif key in _NAMED:
            kept[key] = {name: without_bounds(inner) for name, inner in value.items()}
        elif key not in {"default", "description"}:
            kept[key] = _inner(value)
    if told:
        kept["description"] = "; ".join(told)
    return kept


def _inner(value: Any) -> Any:
    if isinstance(value, Mapping):
        return without_bounds(value)
    return [_inner(each) for each in value] if isinstance(value, list) else value
