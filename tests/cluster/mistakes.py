"""Reads `mistakes.yaml` and plants one of them."""

from __future__ import annotations

import copy
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

Object = dict[str, Any]
SHORT = {"t": ["spec", "template", "spec"], "c": ["spec", "template", "spec", "containers", "0"]}


@dataclass(frozen=True)
class Mistake:
    """`value`: a list of what is put there, empty where something is taken away. `overlay`: into what."""

    title: str
    rule: str
    object: str
    path: str
    value: list[Any]
    overlay: str


def mistakes() -> list[Mistake]:
    rows = yaml.safe_load(Path(__file__).with_name("mistakes.yaml").read_text())
    found = []
    for title, rule, place, path, *value in rows:
        overlay, _, object_ = place.rpartition(":")
        found.append(Mistake(title, rule, object_, path, value, overlay or "prod"))
    return found


def planted(mistake: Mistake, objects: list[Object]) -> list[Object]:
    """A copy of `objects` with the mistake in it."""
    broken = copy.deepcopy(objects)
    kind, _, name = mistake.object.partition("/")
    places = [o for o in broken if o["kind"] == kind and _called(o, name)]
    if not mistake.path:
        assert places, "it is not there"
        return [each for each in broken if each not in places]
    (place,) = places
    first, *rest = mistake.path.split("/")
    *steps, last = [step.replace("~1", "/") for step in (*SHORT.get(first, [first]), *rest)]
    at: Any = place
    for step in steps:
        at = at[_key(at, step)]
    if mistake.value:
        assert at.get(last) != mistake.value[0] if isinstance(at, dict) else True, "it stands there already"
        at[_key(at, last)] = mistake.value[0]
    else:
        del at[_key(at, last)]
    return broken


def _called(each: Object, name: str) -> bool:
    own: str = each["metadata"]["name"]
    if name == "*":
        return True
    return own.startswith(name) if name.endswith("-") else own == name


def _key(at: Any, step: str) -> Any:
    if not isinstance(at, list):
        return step
    return int(step) if step.isdigit() else next(i for i, item in enumerate(at) if item["name"] == step)
