"""The notation of `k8s/schemas` (its README says it in words) as JSON Schema."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import yaml

Schema = dict[str, Any]
SIMPLE: dict[str, Schema] = {
    "string": {"type": "string"},
    "integer": {"type": "integer"},
    "boolean": {"type": "boolean"},
    "labels": {"type": "object", "additionalProperties": {"type": "string"}},
    "any": {},
}


def read(folder: Path) -> dict[tuple[str, str], Schema]:
    """(apiVersion, kind) → the schema of the whole object. Raises ValueError where a file is not in the notation."""
    found: dict[tuple[str, str], Schema] = {}
    for file in sorted(folder.glob("*.yaml")):
        given = yaml.safe_load(file.read_text())
        parts = {name: what for name, what in given.items() if name.startswith("$")}
        api = file.stem.replace("_", "/")
        for kind, what in given.items():
            if not kind.startswith("$"):
                whole = {"apiVersion!": "string", "kind!": "string", "metadata!": "any", **what}
                found[api, kind] = schema(whole, parts)
    return found


def schema(what: Any, parts: dict[str, Any]) -> Schema:
    match what:
        case dict():
            return {
                "type": "object",
                "properties": {key.rstrip("!"): schema(value, parts) for key, value in what.items()},
                "required": [key.rstrip("!") for key in what if key.endswith("!")],
                "additionalProperties": False,
            }
        case [one]:
            return {"type": "array", "items": schema(one, parts)}
        case str() if what.startswith("$"):
            return schema(parts[what], parts)
        case str():
            return _text(what)
    raise ValueError(f"{what!r} is not in the notation of k8s/schemas")


def _text(what: str) -> Schema:
    if what in SIMPLE:
        return SIMPLE[what]
    if bounds := re.fullmatch(r"integer (\d+)\.\.(\d+)", what):
        return {"type": "integer", "minimum": int(bounds[1]), "maximum": int(bounds[2])}
    if what.startswith("one of "):
        return {"enum": what.removeprefix("one of ").split(" or ")}
    if what.startswith("string ^"):
        return {"type": "string", "pattern": what.removeprefix("string ")}
    raise ValueError(f"{what!r} is not in the notation of k8s/schemas")
