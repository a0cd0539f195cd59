"""Every object against its API's fields: Kubernetes' own kinds as `kubernetes-validate` knows them, strictly; all
others against `k8s/schemas`."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from goals.cluster.check.notation import Schema, read
from goals.cluster.check.objects import Finding, Object, Objects, where

KUBERNETES = "1.34"
OWN = (
    "v1",
    "apps/v1",
    "batch/v1",
    "policy/v1",
    "networking.k8s.io/v1",
    "rbac.authorization.k8s.io/v1",
    "node.k8s.io/v1",
)
FOLDER = Path(__file__).parents[3] / "k8s" / "schemas"


def schema(objects: Objects) -> Iterator[Finding]:
    for each in objects.all:
        for problem in _problems(json.dumps(each, sort_keys=True)):
            yield Finding("schema", where(each), problem)


@cache
def _problems(text: str) -> tuple[str, ...]:
    """Of one object as JSON: overlays share most of theirs."""
    each = json.loads(text)
    return tuple(_kubernetes(each) if each.get("apiVersion") in OWN else _custom(each))


def _kubernetes(each: Object) -> Iterator[str]:
    import kubernetes_validate

    try:
        kubernetes_validate.validate(each, KUBERNETES, strict=True)
    except kubernetes_validate.ValidationError as error:
        yield f"{'.'.join(map(str, error.path))}: {error.message}"[:500]
    except kubernetes_validate.SchemaNotFoundError:
        yield f"Kubernetes {KUBERNETES} has no {each['apiVersion']} {each['kind']}"


def _custom(each: Object) -> Iterator[str]:
    from jsonschema import Draft202012Validator

    found = _schemas().get((each["apiVersion"], each["kind"]))
    if found is None:
        yield f"{each['apiVersion']} {each['kind']} is not among k8s/schemas"
        return
    for error in Draft202012Validator(found).iter_errors(each):
        yield f"{'.'.join(map(str, error.absolute_path))}: {error.message}"[:500]


@cache
def _schemas() -> dict[tuple[str, str], Schema]:
    return read(FOLDER)
